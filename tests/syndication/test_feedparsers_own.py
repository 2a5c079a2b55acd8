"""feedparser's own test files, through our worker: none harms us, and each becomes entries or a reason.

They are in its source distribution. Unpack it, and name the folder `tests` that is in it:
`FIRSTHAND_FEEDPARSER_TESTS=FOLDER ./inv test --only tests/syndication/test_feedparsers_own.py`
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from plugins.fastbuild.limited import OverLimit, limited
from plugins.syndication.entry import Feed
from plugins.syndication.parse import LIMITS
from plugins.syndication.worker import feed_job

FILES = os.environ.get("FIRSTHAND_FEEDPARSER_TESTS", "")
BASE = "http://127.0.0.1:8097/feed"
_TYPE = re.compile(rb"^Header:\s*Content-type:\s*(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_OUTWARD = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.spawn")
_CHANGING = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.",
)


def watched_job(parcel: bytes) -> bytes:
    """As feed_job, with what it did beside: Python tells of every file and address that it opens."""
    done: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if writes or event.startswith((*_OUTWARD, *_CHANGING)):
            done.append(f"{event} {arguments[0]!r}")

    sys.addaudithook(hook)
    answer = feed_job(parcel)
    return json.dumps({"answer": answer.decode(), "done": done}).encode()


def what_became_of(file: Path) -> tuple[str, int, list[str]]:
    """In words what became of one file, its entries, and what the worker did that it must not."""
    data = file.read_bytes()
    found = _TYPE.search(data)
    kind = found[1].decode("ascii", "replace") if found else ""
    try:
        told = json.loads(limited(watched_job, f"{BASE}\n{kind}\n".encode() + data, LIMITS))
    except OverLimit as error:
        return f"left: {error}", 0, []
    answer = json.loads(told["answer"])
    if "refused" in answer:
        return f"refused: {answer['refused']}", 0, told["done"]
    count = len(Feed.from_json(answer).entries)
    return "entries" if count else "a feed without entries", count, told["done"]


def test_the_watch_sees_what_a_worker_does(tmp_path: Path) -> None:
    answer = json.loads(limited(watching_itself, str(tmp_path / "file").encode(), LIMITS))
    assert answer["done"] == [f"open {str(tmp_path / 'file')!r}"]


def watching_itself(parcel: bytes) -> bytes:
    """The watch on a job that writes a file."""
    answer = watched_job(b"\n\n<rss/>")
    del answer  # the hook stays for the life of the process
    done: list[str] = []
    sys.addaudithook(lambda event, of: done.append(f"{event} {of[0]!r}") if event == "open" else None)
    Path(parcel.decode()).write_text("written")
    return json.dumps({"done": done}).encode()


@pytest.mark.slow
@pytest.mark.skipif(
    not Path(FILES).is_dir() or not FILES, reason="FIRSTHAND_FEEDPARSER_TESTS names no folder"
)
def test_none_crashes_hangs_or_writes(tell: Callable[[str], None]) -> None:
    files = sorted(path for path in Path(FILES).rglob("*") if path.is_file())
    with ThreadPoolExecutor(2) as several:
        became = list(several.map(what_became_of, files))
    kinds = Counter(kind for kind, _, _ in became)
    tell(f"{len(files):,} files of feedparser's, {sum(count for _, count, _ in became):,} entries:")
    for kind, count in kinds.most_common():
        tell(f"{count:>6,}  {kind}")
    assert [(file, done) for file, (_, _, done) in zip(files, became, strict=True) if done] == []
    unread = [
        (file.name, kind)
        for file, (kind, _, _) in zip(files, became, strict=True)
        if kind.startswith("left") or "no parser of ours" in kind
    ]
    assert unread == []
