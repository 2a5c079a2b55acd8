"""What the database remembers of every feed: when it was asked, what it said, when it is asked again.

A memory only: without it every feed is read once more, and nothing is told twice.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Integer, Table, Text, bindparam, delete, insert, select

from plugins.database import Database, metadata
from plugins.guard.fetch import Validators

from .source import Source

_AT_ONCE = 100  # rows that wait to be written together

_TABLE = Table(
    "syndication_visits",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("address", Text, nullable=False, server_default=""),
    Column("etag", Text),
    Column("modified", Text),
    Column("digest", Text, nullable=False, server_default=""),
    Column("wanted", Text, nullable=False, server_default=""),
    Column("known", Text, nullable=False, server_default="[]"),
    Column("ttl", Integer),
    Column("asked_at", Integer),
    Column("succeeded_at", Integer),
    Column("failed_at", Integer),
    Column("error", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_at", Integer, nullable=False, server_default="0"),
    Column("paused", Boolean, nullable=False, server_default="0"),
)


@dataclass(frozen=True)
class Visit:
    """One feed as it was when it was last asked; moments in seconds since 1970, UTC."""

    feed: str  # the address in sources.toml
    address: str = ""  # where it has moved for good; "": nowhere
    etag: str | None = None
    modified: str | None = None
    digest: str = ""  # of the body that was last handed over
    wanted: str = ""  # a digest of what sources.toml said then: another mode or tag means reading anew
    known: tuple[str, ...] = ()  # marks of the entries it had
    ttl: int | None = None  # seconds for which the feed asks to be left alone
    asked_at: int | None = None
    succeeded_at: int | None = None
    failed_at: int | None = None
    error: str = ""  # why it could not be read the last time, in words; "" where it could
    failures: int = 0  # in a row
    next_at: int = 0
    paused: bool = False  # its server says that it is gone: only asked by name, until an editor acts

    @property
    def validators(self) -> Validators:
        """What to ask "has it changed?" with."""
        return Validators(self.etag, self.modified)


def wanted(source: Source) -> str:
    """A digest of everything in sources.toml that decides what becomes of an entry."""
    return hashlib.sha256(repr(dataclasses.replace(source, feed="", active=True)).encode()).hexdigest()[:16]


class Visits:
    """The memory of all feeds. Without a database, or with `keep=False`, nothing is written."""

    def __init__(self, database: Database | None, *, keep: bool = True) -> None:
        self._database = database
        self._keep = keep and database is not None
        self._rows: dict[str, Visit] | None = None
        self._held: dict[str, Visit] = {}
        self._unwritten: dict[str, Visit] = {}

    def of(self, source: Source) -> Visit:
        """What is known of this source's feed. Raises DatabaseUnusable."""
        if self._rows is None:
            self._rows = {visit.feed: visit for visit in self._read()}
        return self._rows.get(source.feed, Visit(source.feed))

    def note(self, visit: Visit) -> None:
        """Keep a visit that brought nothing to hand over; written soon, at the latest by `flush`."""
        self._remember([visit])
        if len(self._unwritten) >= _AT_ONCE:
            self.flush()

    def hold(self, visit: Visit) -> None:
        """A visit that brought entries: kept once they are `done`, asked again where they never are."""
        self._held[visit.feed] = visit

    def done(self, source: Source, *, lacking: bool = False) -> None:
        """The source's entries were handed over, so its validators may be used.

        Not where something is `lacking` that may be there the next time: then it is read again, changed
        or not. Raises DatabaseUnusable.
        """
        if visit := self._held.pop(source.feed, None):
            if lacking:
                visit = dataclasses.replace(visit, wanted="")
            self._remember([visit])
            self.flush()

    def flush(self) -> None:
        """Write what waits, in one transaction. Raises DatabaseUnusable."""
        rows = [{**vars(visit), "known": json.dumps(visit.known)} for visit in self._unwritten.values()]
        self._unwritten.clear()
        if not rows or self._database is None or not self._keep:
            return
        with self._database.begin() as connection:
            mine = _TABLE.c.feed == bindparam("mine")
            connection.execute(delete(_TABLE).where(mine), [{"mine": row["feed"]} for row in rows])
            connection.execute(insert(_TABLE), rows)

    def _remember(self, visits: Iterable[Visit]) -> None:
        for visit in visits:
            self._unwritten[visit.feed] = visit
            if self._rows is not None:
                self._rows[visit.feed] = visit

    def _read(self) -> list[Visit]:
        if self._database is None:
            return []
        with self._database.begin() as connection:
            rows = connection.execute(select(_TABLE)).mappings().all()
        return [Visit(**{**row, "known": tuple(json.loads(row["known"]))}) for row in rows]
