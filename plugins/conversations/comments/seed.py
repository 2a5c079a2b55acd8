"""A new Isso gets the threads that git keeps of the old one: content/conversations/, back into its database.

So that whoever tries the site has its conversations alive, and a lost database is no lost conversation.
E-mail addresses, network addresses and votes were never kept, and are not made up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ..merge import of_provider
from ..names import told_by
from ..providers.isso_markdown import root_logger_left_alone
from ..providers.isso_web import GONE, thread_id
from ..written import FOLDER, ThreadUnwritable, Written, read_written
from .markdown import as_markdown

_NOBODY = "0.0.0.0"  # noqa: S104 - whose network address it was is not known
_COMMENT = (
    "INSERT OR IGNORE INTO comments"
    " (tid, id, parent, created, mode, remote_addr, text, author, website, voters)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def seed(database: Path, content: Path) -> int:
    """Fill the database that Isso has just made; how many comments it has then. Raises sqlite3.Error."""
    with root_logger_left_alone():
        from isso.utils import Bloomfilter

    voters = memoryview(Bloomfilter(iterable=[_NOBODY]).array)
    with closing(sqlite3.connect(database)) as isso, isso:
        for path in sorted((content / FOLDER).glob("*.json")):
            rows = list(_rows(path))
            if not rows:
                continue
            words = (thread_id(path.stem), path.stem)
            thread = isso.execute("INSERT INTO threads (uri, title) VALUES (?, ?)", words).lastrowid
            isso.executemany(_COMMENT, ((thread, *row, voters) for row in rows))
        count: int = isso.execute("SELECT count(*) FROM comments").fetchone()[0]
    return count


def _rows(path: Path) -> Iterator[tuple[object, ...]]:
    """The comments of a file that were Isso's, as its database has them: answers one level deep."""
    try:
        document = read_written(path, "isso")
    except ThreadUnwritable:
        return  # the build says what is wrong with it
    own = str(document["provider"])
    told = {number: one for one in of_provider(document, "isso") if (number := _number(one["id"], own))}
    for number, one in told.items():
        try:
            created = datetime.fromisoformat(str(one["published"])).timestamp()
        except (ValueError, OverflowError):
            continue
        gone = one.get("gone") is True
        text = "" if gone else as_markdown(str(one.get("html") or ""))
        author, website = (None, None) if gone else (one.get("author"), one.get("url"))
        yield number, _top(one, told, own), created, GONE if gone else 1, _NOBODY, text, author, website


def _top(one: Written, told: dict[int, Written], own: str) -> int | None:
    """The top-level comment that it stands under, or None where it is one."""
    found, seen = None, set[int]()
    while (parent := _number(one.get("parent"), own)) in told and parent not in seen:
        seen.add(parent)
        found, one = parent, told[parent]
    return found


def _number(name: object, own: str) -> int:
    """Isso's own id, or 0 for what is none."""
    raw = told_by(str(name), own)[1] if name else ""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 18 else 0
