"""GitHub's calls against an emulator of its API, each request and answer held against GitHub's description.

The emulator is the npm package `emulate` (0.11.2) on Node; `.ci/run` puts it into `var/emulate`. Pushes go to
git's own server beside it, since it takes none.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from plugins.desk.forge import ForgeDown
from plugins.desk.forges.hosted import Hosted
from tests.conftest import ROOT, Site

from .described import described
from .hosting import Line, hosted, once
from .proposals import ID, a_proposal
from .smart_http import TOKEN, SmartHttp, have_backend

EMULATOR = Path(os.environ.get("FIRSTHAND_GITHUB_EMULATOR", ROOT / "var" / "emulate"))
PROGRAM = EMULATOR / "node_modules" / "emulate" / "dist" / "index.js"
pytestmark = [
    pytest.mark.skipif(not have_backend(), reason="this git came without http-backend"),
    pytest.mark.skipif(
        not PROGRAM.is_file() or not shutil.which("node"),
        reason="GitHub's emulator is not installed: npm install --prefix var/emulate emulate@0.11.2",
    ),
]
SEED = {
    "tokens": {TOKEN: {"login": "jo", "scopes": ["repo"]}},
    "github": {
        "users": [{"login": "jo", "name": "Jo", "email": "jo@example.org"}],
        "repos": [{"owner": "jo", "name": "desk", "private": True, "auto_init": True}],
    },
}
BRANCH = f"story/{ID}"


class Emulator:
    """GitHub on loopback; `start` and `stop` are an outage."""

    def __init__(self, folder: Path) -> None:
        self.seed = folder / "seed.json"
        self.seed.write_text(json.dumps(SEED))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["node", str(PROGRAM), "start", "--service", "github", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*words, "--seed", str(self.seed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            try:
                if self.ask("GET", "/repos/jo/desk").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the emulator did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.request(method, self.url + path, headers=headers, json=body, timeout=10)

    def pulls(self) -> list[dict[str, object]]:
        return self.ask("GET", "/repos/jo/desk/pulls?state=all&per_page=100").json()


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    found = Emulator(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def server(tmp_path: Path, repository: Site) -> Iterator[SmartHttp]:
    found = SmartHttp(tmp_path / "served")
    found.repository("jo/desk", repository.root)
    yield found
    found.close()


@pytest.fixture
def line(emulator: Emulator) -> Iterator[Line]:
    with httpx.HTTPTransport() as transport:
        yield Line(described("github"), "", transport.handle_request)


@pytest.fixture
def desk(repository: Site, server: SmartHttp, emulator: Emulator, line: Line) -> Hosted:
    return hosted("github", repository, server, line, FIRSTHAND_FORGE_API=emulator.url)


def test_proposal_from_its_opening_to_its_end(desk, emulator, line):
    emulator.start()
    link = desk.open(a_proposal())
    assert desk.open(a_proposal()) == link
    assert desk.state(link) == "waiting"
    assert desk.all() == [link]
    desk.say(link, "An editor reads it.")
    desk.close(link, "Thank you. It is not for here.")
    desk.close(link, "Thank you. It is not for here.")
    assert desk.state(link) == "declined"
    (pull,) = emulator.pulls()
    remarks = emulator.ask("GET", f"/repos/jo/desk/issues/{pull['number']}/comments").json()
    assert [remark["body"] for remark in remarks] == ["An editor reads it.", "Thank you. It is not for here."]
    assert (pull["state"], pull["head"]["ref"], pull["base"]["ref"]) == ("closed", BRANCH, "main")
    assert len(set(line.calls)) == 6  # every call that is described; two of the seven ask the same list


def test_outage_and_then_exactly_one(desk, emulator):
    for _ in range(3):
        with pytest.raises(ForgeDown, match="cannot be reached"):
            desk.open(a_proposal())
    emulator.start()
    assert desk.open(a_proposal()).number == 1
    assert len(emulator.pulls()) == 1


Fail = Callable[[httpx.Request], httpx.Response]
SLOW = {
    "message": "You have exceeded a secondary rate limit.",
    "documentation_url": "https://docs.github.com/",
}


@pytest.mark.parametrize(
    ("fail", "wait"),
    [
        (lambda request: httpx.Response(500, json={"message": "Server Error"}), None),
        (lambda request: httpx.Response(403, json=SLOW, headers={"Retry-After": "60"}), 60.0),
        (lambda request: httpx.Response(403, json=SLOW, headers={"X-RateLimit-Remaining": "0"}), 60.0),
    ],
    ids=["500", "403 wait", "403 spent"],
)
def test_failure_at_every_call_and_then_exactly_one(desk, emulator, line, fail: Fail, wait):
    emulator.start()
    for method in ("GET", "POST"):
        line.faults.append(once(method, fail))
        with pytest.raises(ForgeDown) as down:
            desk.open(a_proposal())
        assert down.value.retry_after == wait
    desk.open(a_proposal())
    assert len(emulator.pulls()) == 1


def test_duplicate_and_conflict_are_looked_at_again(desk, emulator, line):
    """The emulator takes a second one for the same branch; GitHub says 422, so that is put in between."""
    emulator.start()

    def quicker(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        body = {"title": "Story", "head": BRANCH, "base": "main"}
        assert emulator.ask("POST", "/repos/jo/desk/pulls", body).status_code == 201
        error = {"code": "custom", "message": f"A pull request already exists for jo:{BRANCH}."}
        said = {
            "message": "Validation Failed",
            "errors": [error],
            "documentation_url": "https://docs.github.com/",
        }
        return httpx.Response(422, json=said)

    line.faults.append(quicker)
    assert desk.open(a_proposal()).number == 1
    assert len(emulator.pulls()) == 1


def test_answer_that_is_lost_opens_once(desk, emulator, line):
    emulator.start()

    def lost(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        line.inner(request).read()
        line.faults.clear()
        raise httpx.ReadError("the line broke", request=request)

    line.faults.append(lost)
    with pytest.raises(ForgeDown):
        desk.open(a_proposal())
    desk.open(a_proposal())
    assert len(emulator.pulls()) == 1


def test_merged_on_githubs_own_pages_is_published(desk, emulator):
    emulator.start()
    link = desk.open(a_proposal())
    assert emulator.ask("PUT", f"/repos/jo/desk/pulls/{link.number}/merge", {}).is_success
    assert desk.state(link) == "published"
    assert desk.all() == []
