"""Isso's own program on its database, in this process: no server has to run.

A file that belongs to another version of Isso is left alone: opening it would change it for that one.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from plugins import FirsthandError

from .isso_markdown import root_logger_left_alone


class OtherIsso(FirsthandError):
    """A database that another version of Isso has made."""


def open_program(database: Path) -> Any:
    """Isso's WSGI application, where nobody is held back, nothing waits for a moderator and nobody is told.

    Raises OtherIsso, sqlite3.Error.
    """
    conf = _configured(database)
    with root_logger_left_alone():
        from isso import Isso as Program
        from isso import local_manager
        from isso.core import ThreadedMixin

        class App(Program, ThreadedMixin):  # type: ignore[misc]
            """Isso's program, without asking the site for a sign of life."""

        return local_manager.make_middleware(App(conf))


def open_database(database: Path) -> Any:
    """Isso's own class for its database. Raises OtherIsso, sqlite3.Error."""
    conf = _configured(database)
    with root_logger_left_alone():
        from isso.db import SQLite3

        return SQLite3(str(database), conf)


def newest_version() -> int:
    """The `user_version` of a database that this Isso keeps."""
    with root_logger_left_alone():
        from isso.db import SQLite3

        return int(SQLite3.MAX_VERSION)


def _configured(database: Path) -> Any:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as file:
        version = file.execute("PRAGMA user_version").fetchone()[0]
    if version != newest_version():
        raise OtherIsso(f"Isso's database {database.name} is another version's ({version}).")
    with root_logger_left_alone():
        from isso import config

        conf = config.load(config.default_file())
    for section, option, value in (
        ("general", "dbpath", str(database)),
        ("general", "host", "http://localhost"),
        ("general", "notify", "nobody"),
        ("moderation", "enabled", "false"),
        ("guard", "enabled", "false"),
    ):
        conf.set(section, option, value)
    return conf
