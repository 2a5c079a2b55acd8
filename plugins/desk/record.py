"""What the desk remembers of a proposal beside its branch: how far it is, what was asked, what happened.

No address of anybody is here. Everything but the questions to storytellers can be found from git again.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from plugins.database import metadata

from .proposal import ProposalLink, ProposalState

EventKind = Literal[
    "opened", "edited", "asked", "agreed", "refused", "comment", "published", "declined", "withdrawn", "gone"
]
WORDS = 2000  # characters of a reason or an answer that are kept
LIVE: tuple[ProposalState, ...] = ("waiting", "asked", "agreed")
ENDED: frozenset[ProposalState] = frozenset({"published", "declined", "withdrawn", "gone"})

_PROPOSALS = Table(
    "desk_proposals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("branch", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("number", Integer),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),
    Column("receipt", Text, nullable=False, server_default=""),
    Column("opened", Float, nullable=False),  # seconds since 1970
    Column("landed", Boolean, nullable=False),  # the forge has it
    Column("state", Text, nullable=False),
    Column("came", Text, nullable=False),  # the digest of the storyteller's own words, as they came
    Column("tip", Text, nullable=False, server_default=""),  # what the branch held when it was looked at
    Column("seen", Text, nullable=False, server_default=""),  # the digest of the words then
    Column("wrong", Integer, nullable=False, server_default="0"),  # errors that the check found then
    Column("hints", Integer, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=""),  # why the branch cannot be taken as it is
    Column("asked", Text, nullable=False, server_default=""),  # SHA-256 of the index.md they were shown
    Column("shown", Text, nullable=False, server_default=""),  # the digest of the words they were shown
    Column("agreed", Text, nullable=False, server_default=""),  # the digest of the words they said yes to
    Column("before", Text, nullable=False, server_default=""),  # the texts of the question
    Column("after", Text, nullable=False, server_default=""),
)
_EVENTS = Table(
    "desk_events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
)


@dataclass(frozen=True)
class Row:
    """One proposal as the desk knows it; fields as in the table."""

    id: str
    branch: str
    slug: str
    title: str
    name: str
    kind: str
    receipt: str
    opened: float
    state: ProposalState
    came: str
    url: str = ""
    number: int | None = None
    landed: bool = False
    tip: str = ""
    seen: str = ""
    wrong: int = 0
    hints: int = 0
    problem: str = ""
    asked: str = ""
    shown: str = ""
    agreed: str = ""
    before: str = ""
    after: str = ""

    @property
    def link(self) -> ProposalLink:
        """Where it is."""
        return ProposalLink(self.id, self.branch, self.url, self.number)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a proposal. `by` is a slug of content/people, "" where nobody is named."""

    number: int
    id: str
    kind: EventKind
    at: datetime.datetime
    by: str
    words: str


def row_of(connection: Connection, id: str) -> Row | None:
    """One proposal, by its id."""
    found = connection.execute(select(_PROPOSALS).where(_PROPOSALS.c.id == id)).mappings().first()
    return Row(**found) if found else None


def rows(connection: Connection, states: Collection[ProposalState] = ()) -> list[Row]:
    """All of them, or those in these states, oldest first."""
    wanted = select(_PROPOSALS).order_by(_PROPOSALS.c.opened, _PROPOSALS.c.id)
    if states:
        wanted = wanted.where(_PROPOSALS.c.state.in_(states))
    return [Row(**found) for found in connection.execute(wanted).mappings()]


def by_receipt(connection: Connection, receipt: str) -> Row | None:
    """The proposal that a storyteller's receipt belongs to."""
    wanted = select(_PROPOSALS).where(_PROPOSALS.c.receipt == receipt, _PROPOSALS.c.receipt != "")
    found = connection.execute(wanted).mappings().first()
    return Row(**found) if found else None


def keep(connection: Connection, row: Row) -> None:
    """A new proposal."""
    connection.execute(insert(_PROPOSALS).values(vars(row)))


def change(connection: Connection, row: Row, **values: Any) -> Row:
    """The proposal with other values, kept."""
    connection.execute(update(_PROPOSALS).where(_PROPOSALS.c.id == row.id).values(values))
    return replace(row, **values)


def note(connection: Connection, id: str, kind: EventKind, at: float, by: str = "", words: str = "") -> None:
    """Something that happened."""
    connection.execute(insert(_EVENTS).values(id=id, kind=kind, at=at, by=by, words=words))


def events(connection: Connection, id: str) -> list[Event]:
    """What happened to a proposal, oldest first."""
    wanted = select(_EVENTS).where(_EVENTS.c.id == id).order_by(_EVENTS.c.number)
    return [_event(row) for row in connection.execute(wanted)]


def news(connection: Connection, after: int) -> list[Event]:
    """What happened to any proposal since the event of that number, oldest first."""
    wanted = select(_EVENTS).where(_EVENTS.c.number > after).order_by(_EVENTS.c.number)
    return [_event(row) for row in connection.execute(wanted)]


def _event(row: Any) -> Event:
    at = datetime.datetime.fromtimestamp(row.at, datetime.UTC)
    return Event(row.number, row.id, row.kind, at, row.by, row.words)


def forget(connection: Connection, id: str) -> None:
    """Nothing of a proposal stays in the database."""
    connection.execute(delete(_EVENTS).where(_EVENTS.c.id == id))
    connection.execute(delete(_PROPOSALS).where(_PROPOSALS.c.id == id))
