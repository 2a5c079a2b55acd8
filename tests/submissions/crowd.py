"""Many storytellers at once, and somebody who kills the receiver meanwhile: is anything lost, or there twice?

The whole of it, with the time that each waits for the receipt:
`python -m tests.submissions.crowd --stories 500 --at-once 20 --kills 20`
"""

from __future__ import annotations

import argparse
import io
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image

from plugins.database import database
from plugins.submissions import Outbox
from plugins.submissions.standing import standing
from plugins.submissions.tokens import site_secret

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0  # seconds until everything that was shown has to be there
_DRAFT = re.compile(r'name="draft" value="([^"]+)"')
_TOKEN = re.compile(r"/submit/s/([A-Za-z0-9_-]{43})")
_RECEIPT = re.compile(r"receipt: '?\"?([0-9a-f]{16})")


@dataclass
class Counted:
    """What came of it. `waits`: seconds from the press of the button to the receipt."""

    shown: list[str] = field(default_factory=list)  # receipts
    waits: list[float] = field(default_factory=list)
    branches: Counter[str] = field(default_factory=Counter)  # by receipt
    rows: int = 0
    kills: int = 0
    after: list[int] = field(default_factory=list)  # receipts shown before each kill
    seconds: float = 0.0

    @property
    def lost(self) -> set[str]:
        return set(self.shown) - set(self.branches)

    @property
    def twice(self) -> list[str]:
        return [receipt for receipt, count in self.branches.items() if count > 1]

    def _when(self) -> str:
        return f" (after {', '.join(map(str, self.after))})" if self.after else ""

    def p95(self) -> float:
        return sorted(self.waits)[max(0, -(-len(self.waits) * 95 // 100) - 1)]

    def __str__(self) -> str:
        return (
            f"{len(self.shown)} receipts shown, {self.rows} kept, {sum(self.branches.values())} branches, "
            f"{len(self.lost)} lost, {len(self.twice)} twice, {self.kills} kills{self._when()}; receipt p95 "
            f"{self.p95() * 1000:.0f} ms, worst {max(self.waits) * 1000:.0f} ms; {self.seconds:.0f} s in all"
        )


class Receiver:
    """The server, which can be killed and comes again on the same port."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        with (self.root / "receiver.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.submissions.living", str(self.root), str(self.port)]
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def kill(self) -> None:
        self.process.kill()  # SIGKILL
        self.process.wait()
        self.process = self._begin()

    def ready(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.url}/submit/s/x", timeout=5)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.root / "receiver.log").read_text("utf-8", "replace")[-3000:])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def made_site(folder: Path) -> Path:
    """The small site in a repository of its own."""
    root = folder / "site"
    shutil.copytree(ROOT / "tests" / "sites" / "small", root)
    conf = root / "pelicanconf.py"
    conf.write_text(
        conf.read_text("utf-8").replace("Path(__file__).resolve().parents[3]", f"Path({str(ROOT)!r})")
    )
    (root / ".gitignore").write_text("var/\noutput/\n.cache/\n__pycache__/\nreceiver.log\n")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-q", "-m", "A site"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def tell(url: str, number: int, photo: bytes) -> tuple[str, float]:
    """One storyteller, who tries again whenever nobody answers; the token shown, and how long it took."""
    fields = {
        "title": f"Story number {number}",
        "text": f"This is what happened to me on day {number}. " * 6 + "\n\nAnd then it was evening.",
        "name": "Jo Hale",
        "style": "full",
        "relationship": "customer",
        "lang": "en",
        "page": "en",
        "channels": "feeds",
        "email": "jo@example.org",
        "agreed": "yes",
        "promise": "1",
        "alt-1": "A teal square",
        "credit-1": "Jo Hale",
    }
    # Every fifth has a photograph: cleaning one takes longer than all the rest.
    files = {"photo-1": ("me.jpg", photo, "image/jpeg")}
    if number % 5:
        files = {"photo-1": ("", b"", "application/octet-stream")}
        fields |= {"alt-1": "", "credit-1": ""}
    with httpx.Client(base_url=url, timeout=60) as client:
        while True:
            preview = _asked(client, "POST", "/submit/", data=fields, files=files)
            assert preview.status_code == 303, f"{preview.status_code}: {_faults(preview.text)}"
            page = _asked(client, "GET", preview.headers["Location"])
            if found := _DRAFT.search(page.text):
                break
        began = time.monotonic()
        while True:
            sent = _asked(client, "POST", "/submit/confirm", data={"draft": found[1], "do": "send"})
            thanks = _asked(client, "GET", sent.headers["Location"]) if sent.status_code == 303 else sent
            if shown := _TOKEN.search(thanks.text):
                return shown[1], time.monotonic() - began
            assert thanks.status_code >= 500, f"{thanks.status_code}: {thanks.text[:3000]}"


def _faults(page: str) -> list[str]:
    return re.findall(r'class="fault"[^>]*>(.*?)</p>', page) or [page[:2000]]


def _asked(client: httpx.Client, method: str, path: str, **words: object) -> httpx.Response:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer = client.request(method, path, **words)  # type: ignore[arg-type]
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
            continue
        if answer.status_code < 500 or time.monotonic() > until:
            return answer
        time.sleep(0.05)


def crowd(folder: Path, stories: int, at_once: int, kills: int, seed: int = 1) -> Counted:
    """So many stories, so many at once, while the receiver is killed so many times at random moments."""
    root, counted, chance = made_site(folder), Counted(), random.Random(seed)
    out = io.BytesIO()
    Image.effect_noise((800, 600), 40).convert("RGB").save(out, "JPEG")
    receiver = Receiver(root)
    try:
        receiver.ready()
        began, done = time.monotonic(), threading.Event()
        # Spread over the whole run: each when so many storytellers have their receipt.
        moments = sorted(chance.uniform(0, stories) for _ in range(kills))
        with ThreadPoolExecutor(at_once) as tellers:
            told = [tellers.submit(tell, receiver.url, number, out.getvalue()) for number in range(stories)]
            killer = threading.Thread(target=_kill, args=(receiver, counted, moments, told, done, chance))
            killer.start()
            tokens = []
            for one in told:
                token, wait = one.result()
                tokens.append(token)
                counted.waits.append(wait)
        done.set()
        killer.join()
        receiver.ready()
        with database(root) as opened:
            outbox = Outbox(opened, site_secret(root, {}))
            found = [standing(outbox, token) for token in tokens]
            assert all(found), "a receipt that was shown is not in the database"
            counted.shown = [one.id for one in found if one]
            until = time.monotonic() + PATIENCE
            while outbox.pending(outbox.clock() + 1e9) and time.monotonic() < until:
                time.sleep(0.3)
            with opened.begin() as connection:
                counted.rows = connection.exec_driver_sql(
                    "SELECT count(*) FROM submissions_stories"
                ).scalar_one()
        counted.branches = branches(root)
        counted.seconds = time.monotonic() - began
    finally:
        receiver.end()
    return counted


def _kill(
    receiver: Receiver,
    counted: Counted,
    moments: list[float],
    told: list[Future[tuple[str, float]]],
    done: threading.Event,
    chance: random.Random,
) -> None:
    for moment in moments:
        while sum(one.done() for one in told) < moment and not done.is_set():
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.5))
        counted.after.append(sum(one.done() for one in told))
        receiver.kill()
        counted.kills += 1


def branches(root: Path) -> Counter[str]:
    """How many branches each receipt has."""
    names = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/story/").split()
    found: Counter[str] = Counter()
    for name in names:
        changed = git(root, "diff-tree", "-r", "--name-only", "--no-commit-id", name).split()
        assert all(path.startswith("content/stories/") for path in changed), changed
        text = git(root, "show", f"{name}:{next(path for path in changed if path.endswith('index.md'))}")
        found[_RECEIPT.search(text)[1]] += 1  # type: ignore[index]
    return found


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("stories", 500), ("at-once", 20), ("kills", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counted = crowd(Path(folder), given.stories, given.at_once, given.kills, given.seed)
    print(counted)
    if counted.lost or counted.twice or len(counted.shown) != given.stories:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
