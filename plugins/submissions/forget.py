"""Taking a story back, and forgetting what is known of a person: at once, from the disk too."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select, update

from plugins import FirsthandError

from .outbox import Outbox, no_token
from .rows import PHOTOS, STEPS, STORIES

KEEP = "FIRSTHAND_KEEP_DAYS"
USUAL_DAYS = 180
_DAY = 86_400.0
_ENDED = ("declined", "withdrawn")


def keep_days(env: Mapping[str, str]) -> int:
    """How long what was sent is kept after its story has ended. Raises FirsthandError."""
    given = env.get(KEEP, "").strip() or str(USUAL_DAYS)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) <= 36_500:
        raise FirsthandError(f"{KEEP} is {given!r}. Write a number of days, like {USUAL_DAYS}.")
    return int(given)


def take_back(outbox: Outbox, id: str) -> None:
    """The storyteller wants their story back; the desk is told in the next round. Twice is as once."""
    table = STORIES.c
    wanted = update(STORIES).where(table.id == id, table.state.in_(("pending", "delivered", "published")))
    with outbox.database.begin(durable=True) as connection:
        connection.execute(wanted.values(state="leaving", changed=outbox.clock()))


def forget(outbox: Outbox, id: str) -> None:
    """Delete what is known of a storyteller; a story that waits is taken back too, a live one stays.

    What is left is the receipt, the day, a hash of the text they agreed to, and the proposal's name.
    """
    with outbox.database.begin(durable=True) as connection:
        _empty(connection, id)
        state = connection.execute(select(STORIES.c.state).where(STORIES.c.id == id)).scalar()
        left = "leaving" if state in ("pending", "delivered", "leaving") else "forgetting"
        connection.execute(
            update(STORIES)
            .where(STORIES.c.id == id)
            .values(
                state=left,
                token=no_token(id),
                key=None,
                email="",
                author="",
                error="",
                slug=STORIES.c.slug if state == "published" else None,
            )
        )
        connection.execute(delete(STEPS).where(STEPS.c.story == id))
    outbox.database.scrub()


def sweep(outbox: Outbox, days: int) -> int:
    """Forget what ended more than `days` ago; how many. Of a live story only the way back to it stays.

    Raises DatabaseUnusable.
    """
    before = outbox.clock() - days * _DAY
    table = STORIES.c
    with outbox.database.begin() as connection:
        ended = connection.execute(select(table.id).where(table.state.in_(_ENDED), table.changed < before))
        old = [str(row.id) for row in ended]
        live = connection.execute(
            select(table.id).where(table.state == "published", table.changed < before, table.story != "")
        )
        shrunk = [str(row.id) for row in live]
    for id in old:
        forget(outbox, id)
    if shrunk:
        with outbox.database.begin(durable=True) as connection:
            for id in shrunk:
                _empty(connection, id)
        outbox.database.scrub()
    return len(old) + len(shrunk)


def _empty(connection: Connection, id: str) -> None:
    connection.execute(update(STORIES).where(STORIES.c.id == id).values(story="", asked=""))
    connection.execute(delete(PHOTOS).where(PHOTOS.c.story == id))
