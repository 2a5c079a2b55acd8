"""One database, whichever keeps it: transactions, and its failures in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import sqlalchemy
from sqlalchemy.exc import DBAPIError

from plugins import FirsthandError

metadata = sqlalchemy.MetaData()
"""Every package's tables."""

_DAMAGED = ("malformed", "not a database", "corrupt", "disk i/o error")
_IN_USE = ("database is locked", "database table is locked")


class DatabaseUnusable(FirsthandError):
    """A database that cannot be opened, read or written now; says which and what to do."""


class Database:
    """Where private data is kept. `with db.begin() as connection:` is one transaction."""

    def __init__(self, engine: sqlalchemy.Engine, shown: str) -> None:
        self.engine = engine
        self.shown = shown

    @contextmanager
    def begin(self, *, durable: bool = False) -> Iterator[sqlalchemy.Connection]:
        """One transaction: kept whole at the end, or not at all where an error leaves it.

        A `durable` one outlives a power cut too, from the moment that this is left; any other one outlives
        the end of the process. Raises DatabaseUnusable where the database is damaged, busy for ten
        seconds, or not there.
        """
        try:
            with self.engine.connect() as connection:
                if connection.dialect.name == "sqlite":
                    # Not through SQLAlchemy, which would begin a transaction, and within one it is refused.
                    level = "FULL" if durable else "NORMAL"
                    connection.connection.cursor().execute(f"PRAGMA synchronous = {level}")
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise self._in_words(error) from error

    def _in_words(self, error: DBAPIError) -> Exception:
        said = str(error.orig)
        words = said.lower()
        if any(sign in words for sign in _DAMAGED):
            return DatabaseUnusable(
                f"{self.shown}: the database is damaged ({said}). Move the file away; "
                "the next command makes a new one, and no story is lost."
            )
        if any(sign in words for sign in _IN_USE):
            return DatabaseUnusable(
                f"{self.shown}: another command is writing to the database. Wait until it is done."
            )
        if isinstance(error, sqlalchemy.exc.OperationalError):
            return DatabaseUnusable(
                f"{self.shown}: the database cannot be used ({' '.join(said.split())}). "
                "Check that it is there, that you may write to it and that the disk has room."
            )
        return error

    def make_tables(self) -> None:
        """Make the tables, and the columns of tables, that were declared and are not there yet.

        A column that is added later must allow NULL or have a `server_default`.
        """
        with self.begin() as connection:
            metadata.create_all(connection)
            there = sqlalchemy.inspect(connection)
            quoted = connection.dialect.identifier_preparer
            for table in metadata.sorted_tables:
                known = {column["name"] for column in there.get_columns(table.name)}
                for column in table.columns:
                    if column.name not in known:
                        made = sqlalchemy.schema.CreateColumn(column).compile(dialect=connection.dialect)
                        words = f"ALTER TABLE {quoted.format_table(table)} ADD COLUMN {made}"
                        connection.execute(sqlalchemy.text(words.replace(":", r"\:")))

    def scrub(self) -> None:
        """Have what was deleted leave the disk now: SQLite's log of earlier pages is cut to nothing."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give up the connections; the next use opens them again."""
        self.engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
