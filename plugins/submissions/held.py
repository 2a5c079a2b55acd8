"""What was received and cannot be handed to the desk: for an editor to see, since nobody else can mend it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from sqlalchemy import select

from plugins.database import Database
from plugins.guard.text import one_line

from .compose import credited, title_of
from .rows import STORIES
from .submission import Submission


def held_lines(database: Database, shown: set[str]) -> Iterator[str]:
    """What the desk or the forge did not take, and when it is tried again.

    `shown` takes up the proposals that are told of. Raises DatabaseUnusable.
    """
    table = STORIES.c
    wanted = (
        select(table.proposal, table.story, table.error, table.again_at)
        .where(table.state == "pending", table.error != "", table.story != "")
        .order_by(table.at, table.id)
    )
    with database.begin() as connection:
        rows = connection.execute(wanted).all()
    for row in rows:
        shown.add(row.proposal)
        submission = Submission.from_json(row.story)
        again = datetime.datetime.fromtimestamp(row.again_at, datetime.UTC)
        yield f"{row.proposal}  {one_line(title_of(submission))} by {one_line(credited(submission))}"
        yield f"    is kept, and not at the desk yet: {one_line(row.error)}"
        yield f"    Mend that, if it is yours to mend; it is tried again at {again:%H:%M} UTC."
