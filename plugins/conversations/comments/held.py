"""The comments that wait for a moderator, read from Isso's database; nothing is written."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

from plugins import FirsthandError

from ..providers.isso_database import BUSY

WAITS, SHOWN, GONE = 2, 1, 4  # Isso's `mode`
_READ = """
    SELECT comments.id, comments.parent, comments.created, comments.mode, comments.text, comments.author,
           comments.website, threads.uri, threads.title,
           (SELECT author FROM comments AS above WHERE above.id = comments.parent)
    FROM comments INNER JOIN threads ON comments.tid = threads.id
"""


class CommentsUnreadable(FirsthandError):
    """A database of comments that cannot be used now; says why."""


@dataclass(frozen=True)
class Held:
    """A comment as Isso keeps it; its texts are a stranger's."""

    id: int
    parent: int | None
    created: datetime.datetime
    mode: int
    text: str  # Markdown
    author: str
    website: str
    uri: str  # of its thread: "/stories/SLUG/"
    title: str
    answered: str | None  # the name of whom it answers
    mark: str  # another one where anything of it has changed
    row: tuple[Any, ...]  # by which it is found again as it was: created, text, author, website

    @property
    def ref(self) -> str:
        """What it is called: "12-3fa9c0", its number and its mark."""
        return f"{self.id}-{self.mark}"

    @property
    def slug(self) -> str:
        """Its story's."""
        return self.uri.removeprefix("/stories/").strip("/")


def waiting(database: Path) -> list[Held]:
    """What waits for a moderator, the oldest first. Raises CommentsUnreadable."""
    with reading(database) as isso:
        key = _key(isso)
        rows = isso.execute(f"{_READ} WHERE comments.mode = {WAITS} ORDER BY comments.created, comments.id")
        return [_held(row, key) for row in rows]


def one(database: Path, id: int) -> Held | None:
    """The comment of that number, whatever has become of it. Raises CommentsUnreadable."""
    with reading(database) as isso:
        row = isso.execute(f"{_READ} WHERE comments.id = ?", (id,)).fetchone()
        return _held(row, _key(isso)) if row else None


@contextmanager
def reading(database: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """The database, opened; what is written is kept at the end. Raises CommentsUnreadable."""
    uri = f"{database.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
    with in_words(database), closing(sqlite3.connect(uri, uri=True, timeout=BUSY)) as isso:
        isso.text_factory = partial(str, encoding="utf-8", errors="replace")
        with isso:
            yield isso


@contextmanager
def in_words(database: Path) -> Iterator[None]:
    """What is wrong with a database is said in words. Raises CommentsUnreadable."""
    try:
        yield
    except sqlite3.Error as error:
        raise CommentsUnreadable(f"{database} cannot be used: {error}.") from error
    except UnicodeDecodeError as error:  # of what SQLite says about a damaged file
        raise CommentsUnreadable(f"{database} is damaged.") from error


def _key(isso: sqlite3.Connection) -> bytes:
    """Isso's own secret, so that nobody who sends a comment can make another of the same mark."""
    row = isso.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()
    return str(row[0]).encode() if row else b"no key"


def _held(row: tuple[Any, ...], key: bytes) -> Held:
    id, parent, created, mode, text, author, website, uri, title, answered = row
    exact = (created, text, author, website)
    said = repr((id, parent, *exact)).encode("utf-8", "surrogatepass")
    mark = hmac.new(key, said, hashlib.sha256).hexdigest()[:6]
    try:
        when = datetime.datetime.fromtimestamp(created, datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        when = datetime.datetime.fromtimestamp(0, datetime.UTC)
    return Held(
        id=id,
        parent=parent,
        created=when,
        mode=mode,
        text=str(text),
        author=unescape(str(author or "")),
        website=unescape(str(website or "")),
        uri=str(uri),
        title=str(title),
        answered=None if parent is None else unescape(str(answered or "")),
        mark=mark,
        row=exact,
    )
