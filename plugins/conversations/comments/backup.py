"""Copies of Isso's database, made and brought back while Isso runs.

Both go through SQLite's own online backup: files are never exchanged below a running Isso, and whoever
reads sees the old comments or the new ones.

Source: https://www.sqlite.org/backup.html, https://www.sqlite.org/howtocorrupt.html (section 2.5)
"""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.private import new_file

from ..providers.isso_database import BUSY
from ..providers.isso_program import newest_version

FOLDER = "backups"  # beside the database
_TABLES = {
    "threads": {"id", "uri", "title"},
    "comments": {"tid", "id", "parent", "created", "mode", "text", "author", "website", "email"},
    "preferences": {"key", "value"},
}
_NOW_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class NotBackedUp(FirsthandError):
    """A copy that was not made, or not brought back; nothing was changed."""


class Damaged(NotBackedUp):
    """A file that SQLite cannot read whole."""


@dataclass(frozen=True)
class Counted:
    """A database of Isso's, looked at whole."""

    comments: int
    threads: int
    version: int

    def __str__(self) -> str:
        """ "12 comments in 3 threads"."""
        of, under = "s" * (self.comments != 1), "s" * (self.threads != 1)
        return f"{self.comments} comment{of} in {self.threads} thread{under}"


@dataclass(frozen=True)
class Restored:
    """What Isso has now, and where that is which it had before."""

    now: Counted
    kept: Path | None  # None where there was nothing
    is_older: bool  # made by an older Isso, which this one brings up to date as it starts


def back_up(database: Path, to: Path | None, now: datetime.datetime) -> tuple[Path, Counted]:
    """A copy at `to`: a new file, or a dated one in that folder. Raises NotBackedUp."""
    path = to or database.parent / FOLDER
    if path.is_dir() or to is None:
        path /= f"comments-{_stamp(now)}.db"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path, _copied(database, path)
    except FileExistsError as error:
        if not path.parent.is_dir():
            raise NotBackedUp(f"{path.parent} is no folder. Name another.") from error
        raise NotBackedUp(f"{path} is there already. Name a new file, or a folder.") from error
    except OSError as error:
        raise NotBackedUp(f"{path} cannot be written: {error.strerror or error}.") from error


def restore(database: Path, file: Path, now: datetime.datetime) -> Restored:
    """Give Isso the comments of a backup; those that it has are kept beside. Raises NotBackedUp."""
    if not file.is_file():
        raise NotBackedUp(f"There is no file {file}.")
    if database.exists() and file.samefile(database):
        raise NotBackedUp(f"{file} is what Isso has now. Name a backup.")
    found, kept = look(file), None
    try:
        if database.exists() and database.stat().st_size:
            kept = database.parent / FOLDER / f"before-{_stamp(now)}.db"
            _keep(database, kept)
        else:
            database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(database, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(_opened(file)) as source, closing(sqlite3.connect(database, timeout=BUSY)) as isso:
            source.backup(isso, progress=_give_up)
    except OSError as error:
        raise NotBackedUp(f"{error.filename or database}: {error.strerror}. Nothing was restored.") from error
    except sqlite3.Error as error:
        raise NotBackedUp(f"{database} cannot be written: {error}. Nothing was restored.") from error
    return Restored(found, kept, found.version < newest_version())


def look(file: Path, name: str = "") -> Counted:
    """Read a whole database of Isso's, called `name`. Raises NotBackedUp where it is none, or damaged."""
    name = name or str(file)
    try:
        with closing(_opened(file)) as isso:
            problem = isso.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if problem != "ok":
                raise Damaged(f"{name} is damaged: {problem}")
            for table, columns in _TABLES.items():
                if not columns <= {row[1] for row in isso.execute(f"PRAGMA table_info({table})")}:
                    raise NotBackedUp(f"{name} is no database of Isso's: it has no {table} as Isso's have.")
            version = int(isso.execute("PRAGMA user_version").fetchone()[0])
            if version > newest_version():
                raise NotBackedUp(f"{name} is a newer Isso's ({version}). Install that first.")
            comments, threads = isso.execute(
                "SELECT (SELECT count(*) FROM comments), (SELECT count(*) FROM threads)"
            ).fetchone()
            return Counted(comments, threads, version)
    except sqlite3.Error as error:
        raise _refused(error, f"{name} is no database of Isso's: {error}.") from error
    except UnicodeDecodeError as error:  # of what SQLite says about a damaged file
        raise Damaged(f"{name} is damaged.") from error


def _copied(database: Path, path: Path) -> Counted:
    """Raises NotBackedUp, and OSError: FileExistsError where `path` is there."""
    with new_file(path) as aside:
        try:
            with closing(_opened(database)) as isso, closing(sqlite3.connect(aside)) as copy:
                isso.backup(copy, progress=_give_up)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the database has
        except sqlite3.Error as error:
            raise _refused(error, f"{database} cannot be copied: {error}.") from error
        return look(aside, str(database))


def _keep(database: Path, kept: Path) -> None:
    """A copy of what Isso has; where that is damaged, its bytes. Raises NotBackedUp, OSError."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _copied(database, kept)
    except Damaged:
        with new_file(kept) as aside:
            aside.write_bytes(database.read_bytes())
        database.write_bytes(b"")  # SQLite would not write into it; an empty one it takes for a new one


def _refused(error: sqlite3.Error, words: str) -> NotBackedUp:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (Damaged if code in _BROKEN else NotBackedUp)(words)


def _stamp(now: datetime.datetime) -> str:
    return f"{now.astimezone(datetime.UTC):%Y-%m-%dT%H%M%SZ}"


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY)


def _give_up(status: int, remaining: int, total: int) -> None:
    """Python would try for ever where another holds the database; `BUSY` seconds are enough."""
    if status in _NOW_BUSY:
        raise sqlite3.OperationalError("database is locked: something else holds it")
