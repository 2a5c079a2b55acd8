"""What the database remembers of every entry seen: when first, what it said, and which story it became.

A memory only: what keeps an entry from being told twice also stands in the story itself (`source`), so
a pull without it does the same, but for stories that were taken away here.
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Column, Connection, Date, Integer, Table, Text, delete, func, insert, select

from plugins.database import Database, metadata

State = Literal["told", "skipped", "waiting", "gone"]

_TABLE = Table(
    "syndication_entries",
    metadata,
    Column("person", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("first_seen", Date, nullable=False),
    Column("published", Text),
    Column("told", Text, nullable=False, server_default=""),
    Column("slug", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="told"),
    Column("since", Date),
    Column("waiting", Text, nullable=False, server_default=""),
    Column("place", Integer, nullable=False, server_default="-1"),
    Column("comments", Integer),
)


@dataclass(frozen=True)
class Remembered:
    """One entry of one feed, as it was when it was last read."""

    person: str
    feed: str  # the feed's address; "" for a file given by hand
    key: str
    first_seen: datetime.date  # the day of a story whose entry has no day of its own
    published: datetime.datetime | None = None  # as the feed first told it
    told: str = ""  # a digest of what the entry and its source last said
    slug: str = ""  # the story made of it, "" where there is none
    state: State = "told"  # waiting: another text waits for an editor; gone: the feed has it no more
    since: datetime.date | None = None  # the day on which that state began
    waiting: str = ""  # the story's file as the feed would have it now, for the desk
    place: int = -1  # among the feed's entries, from 0; -1 where it was not seen there
    comments: int | None = None  # how many comments the feed named when they were last read


def recall(database: Database, person: str) -> list[Remembered]:
    """Everything that was seen in one person's feeds. Raises DatabaseUnusable."""
    with database.begin() as connection:
        rows = connection.execute(select(_TABLE).where(_TABLE.c.person == person)).mappings().all()
    return [Remembered(**{**row, "published": _moment(row["published"])}) for row in rows]


def of_others(database: Database, person: str, key: str) -> list[Remembered]:
    """What other people's feeds had under the same key and made a story of. Raises DatabaseUnusable."""
    theirs = (_TABLE.c.key == key, _TABLE.c.person != person, _TABLE.c.slug != "")
    with database.begin() as connection:
        rows = connection.execute(select(_TABLE).where(*theirs)).mappings().all()
    return [Remembered(**{**row, "published": _moment(row["published"])}) for row in rows]


def stories_of(database: Database) -> dict[str, int]:
    """How many stories every feed has brought. Raises DatabaseUnusable."""
    counted = select(_TABLE.c.feed, func.count()).where(_TABLE.c.slug != "").group_by(_TABLE.c.feed)
    with database.begin() as connection:
        rows = connection.execute(counted).all()
    return {str(feed): int(count) for feed, count in rows}


def remember(connection: Connection, row: Remembered) -> None:
    """Keep this row within a transaction, in the place of what was there."""
    values = {**vars(row), "published": row.published and row.published.isoformat()}
    mine = (_TABLE.c[name] == values[name] for name in ("person", "feed", "key"))
    connection.execute(delete(_TABLE).where(*mine))
    connection.execute(insert(_TABLE).values(values))


def waiting(database: Database) -> list[Remembered]:
    """The stories about which an editor has to decide, the oldest question first."""
    asked = _TABLE.c.state.in_(("waiting", "gone"))
    with database.begin() as connection:
        rows = connection.execute(select(_TABLE).where(asked)).mappings().all()
    found = [Remembered(**{**row, "published": _moment(row["published"])}) for row in rows]
    return sorted(found, key=lambda row: (row.since or row.first_seen, row.slug))


def changed(row: Remembered, day: datetime.date, state: State, waits: str = "") -> Remembered:
    """The row in another state; the day on which a state began stays while it lasts."""
    since = row.since if row.state == state and row.waiting == waits else day
    return dataclasses.replace(row, state=state, since=since, waiting=waits)


def _moment(told: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(told) if told else None
