"""What the desk does with a story, told to its storyteller, and what they say, told to the desk."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Protocol, cast

from sqlalchemy import select, update

from plugins import FirsthandError
from plugins.desk.proposal import ProposalRefused, StoryFiles

from . import delivery
from .delivery import take_back
from .outbox import Outbox, digest_of, no_token
from .rows import STEPS, STORIES, State
from .steps import StepKind, take_step

logger = logging.getLogger(__name__)
# What the desk notes and the storyteller is told of; `asked` is told when the desk asks.
_MIRRORED: dict[str, State] = {
    "edited": "delivered",
    "published": "published",
    "declined": "declined",
    "withdrawn": "withdrawn",
}


class Event(Protocol):
    """One line of a proposal's history at the desk."""

    @property
    def number(self) -> int:
        """Grows; no two of a proposal are alike."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def at(self) -> datetime.datetime:
        """When."""

    @property
    def by(self) -> str:
        """The slug of who did it."""

    @property
    def words(self) -> str:
        """What they said."""


class Desk(delivery.Desk, Protocol):
    """The desk, as far as it has to do with storytellers: plugins.desk.desk.Desk."""

    def history(self, id: str) -> Sequence[Event]:
        """What happened to a proposal, oldest first."""

    def files(self, id: str) -> StoryFiles:
        """What its branch holds now."""

    def asked(self, id: str, by: str, digest: str, words: str) -> object:
        """Its storyteller was shown the text of that digest."""

    def answered(self, id: str, answer: str, words: str, digest: str) -> object:
        """They said "yes", "no" or "comment" to it; told twice, it is noted once."""

    def forget(self, id: str) -> None:
        """Nothing of the proposal stays in the desk's memory."""


def ask(outbox: Outbox, desk: Desk, id: str, by: str, words: str = "") -> str:
    """Show the storyteller the text as it is now, and ask for their yes; the token of their page.

    `id` is the proposal's. Raises FirsthandError where nobody sent it in through the form.
    """
    table = STORIES.c
    with outbox.database.begin() as connection:
        row = connection.execute(select(table.id, table.state).where(table.proposal == id)).first()
    if row is None or row.state not in ("pending", "delivered"):
        raise FirsthandError(f"Nobody waits for a question about {id}. ./inv desk.show {id} says how it is.")
    text = desk.files(id).text
    desk.asked(id, by, digest_of(text), words)
    with outbox.database.begin(durable=True) as connection:
        connection.execute(update(STORIES).where(table.id == row.id).values(asked=text))
        take_step(connection, row.id, "asked", outbox.clock(), person=by, words=words)
    return outbox.token_of(str(row.id))


def follow(outbox: Outbox, desk: Desk) -> None:
    """One round: the storytellers' answers to the desk, the desk's steps to the storytellers.

    What cannot be told now is told in a later round. Raises DatabaseUnusable.
    """
    table = STORIES.c
    wanted = select(table.id, table.proposal, table.state).where(
        table.state.in_(("delivered", "published", "leaving", "forgetting"))
    )
    with outbox.database.begin() as connection:
        rows = connection.execute(wanted).all()
    for row in rows:
        try:
            tell_desk(outbox, desk, row.id)
            if row.state == "leaving":
                take_back(desk, row.proposal)
                _left(outbox, desk, row.id, row.proposal)
            elif row.state == "forgetting":
                desk.forget(row.proposal)
                _end(outbox, row.id, "forgotten")
            else:
                _mirror(outbox, desk, row.id, row.proposal)
        except FirsthandError as error:
            logger.warning("%s: the desk could not be asked now (%s).", row.id, error)


def tell_desk(outbox: Outbox, desk: Desk, id: str) -> None:
    """What the storyteller said, in the order in which they said it. Raises what the desk raises."""
    answers = {"agreed": "yes", "refused": "no"}
    steps, stories = STEPS.c, STORIES.c
    wanted = (
        select(steps.id, steps.kind, steps.words, steps.shown, stories.proposal)
        .join(STORIES, stories.id == steps.story)
        .where(steps.story == id, steps.heard.is_(False), stories.state != "pending")
        .order_by(steps.id)
    )
    with outbox.database.begin() as connection:
        rows = connection.execute(wanted).all()
    for row in rows:
        try:
            desk.answered(row.proposal, answers.get(row.kind, "comment"), row.words, row.shown)
        except ProposalRefused as error:  # it ended, or was edited, meanwhile; no later round mends that
            logger.warning("%s: the answer came too late (%s).", row.proposal, error)
        with outbox.database.begin() as connection:
            connection.execute(update(STEPS).where(steps.id == row.id).values(heard=True))


def _mirror(outbox: Outbox, desk: Desk, story: str, proposal: str) -> None:
    events = [event for event in desk.history(proposal) if event.kind in _MIRRORED]
    if not events:
        return
    slug = desk.files(proposal).slug if events[-1].kind == "published" else ""
    with outbox.database.begin() as connection:
        for event in events:
            new = take_step(
                connection,
                story,
                cast(StepKind, event.kind),
                event.at.timestamp(),
                person=event.by,
                words=event.words,
                source=f"{proposal}:{event.number}",
            )
            if new:
                values = {"state": _MIRRORED[event.kind], **({"address": slug} if slug else {})}
                connection.execute(update(STORIES).where(STORIES.c.id == story).values(**values))


def _left(outbox: Outbox, desk: Desk, id: str, proposal: str) -> None:
    with outbox.database.begin() as connection:
        token = connection.execute(select(STORIES.c.token).where(STORIES.c.id == id)).scalar_one()
    if token == no_token(id):
        desk.forget(proposal)
        _end(outbox, id, "forgotten")
    else:
        _end(outbox, id, "withdrawn")
        with outbox.database.begin() as connection:
            take_step(connection, id, "withdrawn", outbox.clock(), source=f"{id} left")


def _end(outbox: Outbox, id: str, state: State) -> None:
    with outbox.database.begin(durable=True) as connection:
        connection.execute(update(STORIES).where(STORIES.c.id == id).values(state=state))
