"""What has happened to a submission, step by step: who did it, when, and in which words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection, insert, select, update

from plugins.database import Database

from .rows import STEPS, STORIES

StepKind = Literal[
    "received",
    "edited",
    "asked",
    "agreed",
    "refused",
    "comment",
    "rewritten",
    "published",
    "declined",
    "withdrawn",  # by us
    "left",  # by the storyteller
]
KINDS: tuple[StepKind, ...] = get_args(StepKind)
# What the desk has to hear of.
BY_TELLER = frozenset({"agreed", "refused", "comment"})
TOLD_BY_LETTER = frozenset({"received", "edited", "asked", "published", "declined", "withdrawn", "left"})


@dataclass(frozen=True)
class Step:
    """One step of a submission on its way."""

    id: int
    kind: StepKind
    at: datetime.datetime
    person: str  # a slug of content/people; "" where the storyteller did it
    words: str


def take_step(
    connection: Connection,
    story: str,
    kind: StepKind,
    at: float,
    *,
    person: str = "",
    words: str = "",
    source: str | None = None,
    shown: str = "",
) -> bool:
    """Note a step; False where one of the same `source` is noted already."""
    if source and connection.execute(select(STEPS.c.id).where(STEPS.c.source == source)).first():
        return False
    # Of editing there is one letter, however often an editor saves.
    told = (
        kind == "edited"
        and connection.execute(select(STEPS.c.id).where(STEPS.c.story == story, STEPS.c.kind == kind)).first()
    )
    connection.execute(
        insert(STEPS).values(
            story=story,
            kind=kind,
            at=at,
            person=person,
            words=words,
            source=source,
            shown=shown,
            heard=kind not in BY_TELLER,
            mailed=kind not in TOLD_BY_LETTER or bool(told),
        )
    )
    connection.execute(update(STORIES).where(STORIES.c.id == story).values(changed=at))
    return True


def steps_of(database: Database, story: str) -> list[Step]:
    """Every step of a submission, oldest first. Raises DatabaseUnusable."""
    wanted = select(STEPS).where(STEPS.c.story == story).order_by(STEPS.c.at, STEPS.c.id)
    with database.begin() as connection:
        rows = connection.execute(wanted).mappings().all()
    return [
        Step(
            row["id"],
            row["kind"],
            datetime.datetime.fromtimestamp(row["at"], datetime.UTC),
            row["person"],
            row["words"],
        )
        for row in rows
    ]
