"""Git over HTTP on loopback: git's own `http-backend` behind waitress, with a token at the door."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from waitress.server import create_server

BACKEND = Path(
    subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
)
TOKEN = "tok-3fa9c0de-secret"


class SmartHttp:
    """Repositories below a folder, served at `url`; `door` may answer instead of git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str, str | None]] = []  # method, path, the token that came along
        self.door: Callable[[str], tuple[str, list[tuple[str, str]], bytes] | None] = lambda path: None
        self.server = create_server(self._app, host="127.0.0.1", port=0, threads=4)
        self.port = self.server.effective_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._run, daemon=True).start()

    def repository(self, name: str, origin: Path | None = None) -> Path:
        """A bare repository that takes pushes, with another's main branch where one is named."""
        path = self.folder / f"{name}.git"
        if origin:
            subprocess.run(
                ["git", "clone", "-q", "--bare", str(origin), str(path)], check=True, capture_output=True
            )
        else:
            subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
        subprocess.run(["git", "-C", str(path), "config", "http.receivepack", "true"], check=True)
        return path

    def close(self) -> None:
        self.server.close()

    def _run(self) -> None:
        with suppress(OSError, ValueError):  # closed from without while it waited for the next call
            self.server.run()

    def _app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        token = _token(environ.get("HTTP_AUTHORIZATION", ""))
        self.asked.append((environ["REQUEST_METHOD"], path, token))
        if answer := self.door(path):
            status, headers, body = answer
            start_response(status, headers)
            return [body]
        if token != TOKEN:
            start_response("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="desk"')])
            return [b"Bad credentials"]
        return self._backend(environ, start_response)

    def _backend(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        names = (
            "REQUEST_METHOD",
            "QUERY_STRING",
            "CONTENT_TYPE",
            "HTTP_CONTENT_ENCODING",
            "HTTP_GIT_PROTOCOL",
        )
        env = {name: environ[name] for name in names if environ.get(name)}
        env |= {"GIT_PROJECT_ROOT": str(self.folder), "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": "desk"}
        env |= {
            "PATH_INFO": environ["PATH_INFO"],
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        if "HTTP_GIT_PROTOCOL" in env:
            env["GIT_PROTOCOL"] = env["HTTP_GIT_PROTOCOL"]
        body = environ["wsgi.input"].read()
        env["CONTENT_LENGTH"] = str(len(body))
        done = subprocess.run(
            [str(BACKEND / "git-http-backend")], env=env, input=body, capture_output=True, check=False
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if line]
        status = dict(headers).get("Status", "200 OK")
        start_response(status, [(name, value) for name, value in headers if name != "Status"])
        return [rest]


def _token(header: str) -> str | None:
    if not header.startswith("Basic "):
        return None
    return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")[2]


def have_backend() -> bool:
    """Git for the command line alone comes without it."""
    return shutil.which("git") is not None and (BACKEND / "git-http-backend").exists()
