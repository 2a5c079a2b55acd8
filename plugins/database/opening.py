"""Opening the site's database: a file in var/ that nobody else reads, or the one that a URL names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from .store import Database, DatabaseUnusable

URL = "FIRSTHAND_DATABASE_URL"
FOLDER = "var"
FILE = "firsthand.sqlite"
BUSY = 10_000  # milliseconds to wait for another process's transaction


def database(root: Path) -> Database:
    """The database of the site in `root`, the folder above content/, with every table declared so far.

    FIRSTHAND_DATABASE_URL wins, in SQLAlchemy's form: postgresql+psycopg://user:password@host/name.
    Raises DatabaseUnusable.
    """
    url = os.environ.get(URL, "").strip()
    opened = _named(url) if url else _file(root / FOLDER / FILE)
    try:
        opened.make_tables()
    except BaseException:
        opened.close()
        raise
    return opened


def _named(url: str) -> Database:
    try:
        parts = sqlalchemy.make_url(url)
        if parts.get_backend_name() == "sqlite":
            return _file(Path(parts.database or FILE).absolute())
        engine = sqlalchemy.create_engine(parts, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable(
            f"{URL} is no address of a database. Write it like postgresql+psycopg://user:password@host/name."
        ) from error  # its words may hold the password, so they are not repeated
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"{URL} needs the Python package {error.name}. Install it into .venv, or unset the variable."
        ) from error
    return Database(engine, parts.render_as_string(hide_password=True))


def _file(path: Path) -> Database:
    shown = f"{path.parent.name}/{path.name}"
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        if path.parent.name == FOLDER:
            path.parent.chmod(0o700)
        # SQLite gives the files beside it (-wal, -shm) the mode of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise DatabaseUnusable(
            f"{shown}: the database cannot be opened ({error.strerror or error}). Make {path.parent.name}/ a "
            "folder that you may write to."
        ) from error
    engine = sqlalchemy.create_engine(sqlalchemy.URL.create("sqlite", database=str(path)))
    sqlalchemy.event.listen(engine, "connect", _prepare)
    sqlalchemy.event.listen(engine, "begin", _begin)
    return Database(engine, shown)


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # sqlite3 would begin transactions in its own way: see _begin
    for pragma in (
        f"busy_timeout = {BUSY}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = ON",  # else what was deleted stays in the file until its place is needed
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sqlalchemy.Connection) -> None:
    # At once: a transaction that reads first and writes later may find that it is too late, without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
