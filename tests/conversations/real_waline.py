"""A real Waline in a Node process of its own, with what readers and moderators do there.

The server is the npm package `@waline/vercel`; `.ci/run` puts it into `var/waline`.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.conftest import ROOT

VERSION = "1.39.3"
FOLDER = Path(os.environ.get("FIRSTHAND_WALINE", ROOT / "var" / "waline")) / "node_modules"
PROGRAM = Path(__file__).with_name("waline_server.cjs")
needs_waline = pytest.mark.skipif(
    not (FOLDER / "@waline" / "vercel").is_dir() or not shutil.which("node"),
    reason=f"Waline is not installed: npm install --prefix var/waline @waline/vercel@{VERSION}",
)


class RealWaline:
    """The server; `token` of a person who signed in goes with what they do."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["node", str(PROGRAM), str(FOLDER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        line = next((line for line in self.process.stdout if line.startswith("PORT ")), "")
        assert line, "Waline did not start"
        self.host = f"127.0.0.1:{int(line.split()[1])}"
        self.url = f"http://{self.host}"

    def close(self) -> None:
        """End it, and wait until it has ended."""
        self.process.communicate(timeout=20)

    def ask(self, method: str, path: str, token: str = "", **said: Any) -> Any:
        """What it answers, taken out of its envelope."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(said).encode() if said else None
        request = Request(f"{self.url}/api/{path}", body, headers, method=method)
        with urlopen(request, timeout=20) as answer:
            told = json.load(answer)
        assert told["errno"] == 0, told
        return told["data"]

    def person(self, name: str, mail: str) -> tuple[str, str]:
        """Somebody registers, the first as administrator; their number and token."""
        self.ask("POST", "user", display_name=name, email=mail, password="a word", url="")
        told = self.ask("POST", "token", email=mail, password="a word")
        return str(told["objectId"]), str(told["token"])

    def post(self, path: str, comment: str, token: str = "", **said: Any) -> str:
        """A comment under a path; its number."""
        said = {"nick": "Joan", "mail": "", "link": "", "ua": "", **said}
        return str(self.ask("POST", "comment", token, url=path, comment=comment, **said)["objectId"])
