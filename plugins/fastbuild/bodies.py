"""The texts of what was read, by key, in one SQLite file: thousands of them, of which a build needs few."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from .fingerprint import digest

BATCH = 400  # texts in one transaction


class Bodies:
    """Texts by key. One that is damaged, or gone, is told by KeyError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new: dict[bytes, str] = {}
        self._unwritten: list[bytes] = []
        self._database: sqlite3.Connection | None = None

    def keys(self) -> set[bytes]:
        """The keys of all that is kept."""
        try:
            return {key for (key,) in self._open().execute("SELECT key FROM bodies")}
        except sqlite3.DatabaseError:
            self._begin_again()
            return set()

    def __getitem__(self, key: bytes) -> str:
        if key in self._new:
            return self._new[key]
        try:
            row = self._open().execute("SELECT body, seal FROM bodies WHERE key = ?", (key,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise KeyError(key) from error
        if row is None or digest(key, row[0]) != row[1]:
            raise KeyError(key)
        return str(row[0])

    def __setitem__(self, key: bytes, body: str) -> None:
        self._new[key] = body
        self._unwritten.append(key)
        if len(self._unwritten) >= BATCH:  # written while others read on
            self._write()

    def save(self, wanted: Iterable[bytes]) -> None:
        """Write what is new, and remove what nobody wants any more."""
        self._write()
        gone = [(key,) for key in self.keys() - set(wanted)]
        try:
            with self._open() as database:
                database.executemany("DELETE FROM bodies WHERE key = ?", gone)
        except sqlite3.DatabaseError:
            self._begin_again()

    def _write(self) -> None:
        rows = [(key, self._new[key], digest(key, self._new[key])) for key in self._unwritten]
        self._unwritten.clear()
        try:
            with self._open() as database:
                database.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)", rows)
        except sqlite3.DatabaseError:
            # Damaged: the next build reads anew what is not in the new file.
            self._begin_again()

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
        self._database = None

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path)
            # What is lost with the machine's power is read again; no build waits for a disk.
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS bodies (key BLOB PRIMARY KEY, body TEXT, seal BLOB)"
            )
        return self._database

    def _begin_again(self) -> None:
        self.close()
        self._path.unlink(missing_ok=True)
        Path(f"{self._path}-journal").unlink(missing_ok=True)
