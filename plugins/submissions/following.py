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
    def id(self) -> str:
        """The proposal's."""

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


class Proposed(Protocol):
    """A proposal as the desk remembers it."""

    @property
    def slug(self) -> str:
        """The story's address."""


class Desk(delivery.Desk, Protocol):
    """The desk, as far as it has to do with storytellers: plugins.desk.desk.Desk."""

    def news(self, after: int) -> Sequence[Event]:
        """What happened to any proposal since the event of that number, oldest first."""

    def row(self, id: str) -> Proposed:
        """One proposal."""

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
    if row is None or row.state not in ("pending", "delivered", "published"):
        raise FirsthandError(f"Nobody waits for a question about {id}. ./inv desk.show {id} says how it is.")
    text = desk.files(id).text
    desk.asked(id, by, digest_of(text), words)
    with outbox.database.begin(durable=True) as connection:
        connection.execute(update(STORIES).where(table.id == row.id).values(asked=text))
        take_step(connection, row.id, "asked", outbox.clock(), person=by, words=words)
    return outbox.token_of(str(row.id))


def follow(outbox: Outbox, desk: Desk, after: int = 0) -> int:
    """One round: the storytellers' answers to the desk, the desk's steps to the storytellers.

    What cannot be told now is told in a later round. `after` is what the last round returned: the number
    of the newest event; from 0 on, nothing is told twice either. Raises DatabaseUnusable.
    """
    steps, stories = STEPS.c, STORIES.c
    leaving = stories.state.in_(("leaving", "forgetting"))
    unheard = stories.id.in_(select(steps.story).where(steps.heard.is_(False)))
    wanted = select(stories.id, stories.proposal, stories.state).where(
        stories.state != "pending", leaving | unheard
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
                _forget(outbox, desk, row.id, row.proposal)
        except FirsthandError as error:
            logger.warning("%s: the desk could not be asked now (%s).", row.id, error)
    return _mirror(outbox, desk, after)


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


def _mirror(outbox: Outbox, desk: Desk, after: int) -> int:
    """Every event that a storyteller is told of, once; the number of the newest."""
    for event in desk.news(after):
        if event.kind in _MIRRORED:
            _tell(outbox, desk, event)
        after = max(after, event.number)
    return after


def _tell(outbox: Outbox, desk: Desk, event: Event) -> None:
    stories = STORIES.c
    source = f"{event.id}:{event.number}"
    wanted = select(stories.id, stories.state).where(stories.proposal == event.id)
    with outbox.database.begin() as connection:
        row = connection.execute(wanted).first()
        known = connection.execute(select(STEPS.c.id).where(STEPS.c.source == source)).first()
    if known or row is None or row.state not in ("pending", "delivered", "published"):
        return
    values: dict[str, str] = {"state": _MIRRORED[event.kind]}
    if event.kind == "published":
        values["address"] = desk.row(event.id).slug
    kind, at = cast(StepKind, event.kind), event.at.timestamp()
    with outbox.database.begin() as connection:
        if take_step(connection, row.id, kind, at, person=event.by, words=event.words, source=source):
            connection.execute(update(STORIES).where(stories.id == row.id).values(**values))


def _left(outbox: Outbox, desk: Desk, id: str, proposal: str) -> None:
    with outbox.database.begin() as connection:
        token = connection.execute(select(STORIES.c.token).where(STORIES.c.id == id)).scalar_one()
    if token == no_token(id):
        _forget(outbox, desk, id, proposal)
    else:
        _end(outbox, id, "withdrawn")
        with outbox.database.begin() as connection:
            take_step(connection, id, "left", outbox.clock(), source=f"{id} left")


def _forget(outbox: Outbox, desk: Desk, id: str, proposal: str) -> None:
    desk.forget(proposal)
    _end(outbox, id, "forgotten")
    outbox.database.scrub()


def _end(outbox: Outbox, id: str, state: State) -> None:
    with outbox.database.begin(durable=True) as connection:
        connection.execute(update(STORIES).where(STORIES.c.id == id).values(state=state))
