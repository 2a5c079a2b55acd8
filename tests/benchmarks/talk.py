"""Hundreds of conversations at an Isso on this machine: what bringing them costs, at first and again."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from plugins import FirsthandError
from plugins.guard.fetch_policy import ALLOW

from . import watch
from .corpus import WORDS

ROOT = Path(__file__).resolve().parents[2]
BEGAN = 1_700_000_000.0  # seconds since 1970
_BRING = """
import json, sys, time
from pathlib import Path
from plugins.conversations.bring import bring
from plugins.conversations.settings import check
settings = {"PATH": sys.argv[1], "DEFAULT_LANG": "en", "SITEURL": "", **json.loads(sys.argv[2])}
check(settings)
begun = time.process_time()
done = bring(Path(sys.argv[1]), settings, say=lambda line: None)
print(json.dumps({"summary": done.summary(), "cpu": time.process_time() - begun}))
"""
_MARKDOWN = """
import contextlib, json, sqlite3, sys, time
from plugins.conversations.providers.isso_markdown import renderer
with contextlib.closing(sqlite3.connect(sys.argv[1])) as isso:
    texts = [text for (text,) in isso.execute("SELECT text FROM comments WHERE mode = 1")]
render = renderer()
begun = time.process_time()
for text in texts:
    render(text)
print(json.dumps({"summary": f"{len(texts):,} texts", "cpu": time.process_time() - begun}))
"""
_SERVE = """
import sys
from tests.conversations.real_isso import RealIsso
from pathlib import Path
with RealIsso(Path(sys.argv[1])).serving() as served:
    print(served.host, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Talked:
    """One run, measured from outside; `own` is the CPU time without the start of Python."""

    name: str
    wall: float  # seconds
    cpu: float  # seconds
    own: float  # seconds
    memory: float  # bytes, at most at one time
    summary: str


def run_talk(folder: Path, *, threads: int, comments: int, say: Callable[[str], None]) -> list[Talked]:
    """Bring so many threads: at first, again, after one new comment, and over HTTP. Raises FirsthandError."""
    database, content = folder / "comments.db", folder / "content"
    _content(content, threads)
    post = _isso(database, threads, comments)
    rows = []

    def measured(name: str, script: str, *words: str) -> None:
        say(name)
        rows.append(_measured(name, folder / "measured.json", script, words))

    here = json.dumps({"FIRSTHAND_ISSO_DB": str(database)})
    measured("Isso's Markdown alone", _MARKDOWN, str(database))
    measured(f"{threads:,} threads at first", _BRING, str(content), here)
    measured("again, nothing changed", _BRING, str(content), here)
    post(threads // 2)
    measured("again, one new comment", _BRING, str(content), here)
    with _serving(database) as host:
        os.environ[ALLOW] = host
        try:
            there = json.dumps({"FIRSTHAND_ISSO_URL": f"http://{host}", "FIRSTHAND_ISSO_DB": ""})
            measured("over HTTP, at first", _BRING, str(content), there)
            measured("over HTTP, nothing changed", _BRING, str(content), there)
        finally:
            del os.environ[ALLOW]
    return rows


def _measured(name: str, result: Path, script: str, words: tuple[str, ...]) -> Talked:
    command = [sys.executable, watch.__file__, str(result), sys.executable, "-c", script, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(result.read_text()) if done.returncode == 0 else {"code": done.returncode}
    if found["code"]:
        raise FirsthandError(f"Bringing the threads failed:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    return Talked(name, found["wall"], found["cpu"], told["cpu"], found["pss"], told["summary"])


def _content(content: Path, stories: int) -> None:
    (content / "people").mkdir(parents=True)
    (content / "people" / "ada.md").write_text("---\nname: Ada\nkind: staff\n---\n")
    for number in range(stories):
        folder = content / "stories" / f"story-{number}"
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(
            f"---\ntitle: Story {number}\ndate: 2026-01-01\nauthor: ada\ncategory: Repairs\nsummary: One.\n"
            "consent: {given: 2026-01-01, version: 1, name: full}\n---\n" + "Some words. " * 200
        )


def _isso(file: Path, threads: int, comments: int) -> Callable[[int], None]:
    """Isso's own database with so many comments, about two of three of them answers; says how to add one."""
    from tests.conversations.real_isso import RealIsso

    random, isso = Random(7), RealIsso(file)
    tops: dict[int, list[int]] = {}
    rows = []
    for number in range(comments):
        thread = number % threads
        words = " ".join(random.choices(WORDS, k=random.randint(8, 70)))
        text = f"{words} **{random.choice(WORDS)}** [here](https://example.org/{number})\n\n{words[:80]}"
        above = tops.setdefault(thread, [])
        parent = random.choice(above) if above and random.random() < 0.65 else None
        if parent is None:
            above.append(number + 1)
        rows.append(
            (thread + 1, number + 1, parent, BEGAN + number, 1, "127.0.0.0", text, f"Reader {number}")
        )
    with contextlib.closing(sqlite3.connect(file)) as kept:
        titles = [(number + 1, f"/stories/story-{number}/", "A story") for number in range(threads)]
        kept.executemany("INSERT INTO threads (id, uri, title) VALUES (?, ?, ?)", titles)
        kept.executemany(
            "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, voters)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'00')",
            rows,
        )
        kept.commit()

    def post(thread: int) -> None:
        isso.post(f"story-{thread}", "One more word.")

    return post


@contextlib.contextmanager
def _serving(file: Path) -> Iterator[str]:
    """A process that serves the Isso of that database on loopback; where."""
    command = [sys.executable, "-c", _SERVE, str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as server:
        try:
            said = server.stdout.readline() if server.stdout else ""
            if not said.startswith("127."):
                raise FirsthandError("Isso did not start. Look at its words above.")
            yield said.strip()
        finally:
            server.kill()
