"""The database of a dry run: everything is read as it is, and nothing is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy

from plugins.database import URL, Database, database
from plugins.database.opening import FILE, FOLDER


class _Unkept(Database):
    """A database whose transactions are all taken back."""

    @contextmanager
    def begin(self, *, durable: bool = False) -> Iterator[sqlalchemy.Connection]:
        with super().begin() as connection:
            yield connection
            connection.rollback()


@contextmanager
def rehearsed(root: Path) -> Iterator[Database]:
    """The site's database to read from: a copy of the file, or the named one without its changes.

    No file is made in the site. Raises DatabaseUnusable.
    """
    if os.environ.get(URL, "").strip():
        with database(root) as named:
            yield _Unkept(named.engine, named.shown)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / FOLDER
        copy.mkdir()
        for name in (FILE, f"{FILE}-wal"):
            if (file := root / FOLDER / name).is_file():
                shutil.copyfile(file, copy / name)
        with database(Path(folder)) as copied:
            yield copied
