"""How one submission stands, for its storyteller: found by their token, and what they may do with it."""

from __future__ import annotations

import dataclasses
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import RowMapping, select

from plugins.guard.document import Document, read_document
from plugins.guard.finding import ContentRefused

from .compose import body_of, summary_of, title_of
from .marked import Row, marked
from .outbox import Outbox, digest_of
from .rows import STORIES, State
from .steps import Step, StepKind, steps_of, take_step
from .submission import Submission

WORDS = 2_000  # characters of a comment
# Whoever holds the token can be asked again and again; the database must not grow for it.
MOST_STEPS = 200
_OPEN = ("pending", "delivered")
_PICTURE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(\{attach\}([^)\s]+)\)")


@dataclass(frozen=True)
class Question:
    """An edited text that the storyteller was asked about, beside their own."""

    digest: str
    rows: tuple[Row, ...]
    asked: Step
    answer: Step | None  # what they last said to this very text


@dataclass(frozen=True)
class Standing:
    """One submission as its storyteller may see it. `submission` is None where it was deleted with time."""

    id: str
    state: State
    submission: Submission | None
    address: str
    steps: tuple[Step, ...]
    question: Question | None

    @property
    def is_open(self) -> bool:
        """True while the text can still change."""
        return self.state in _OPEN

    @property
    def can_rewrite(self) -> bool:
        """True until an editor has begun to work on the text."""
        return self.is_open and not any(step.kind in ("edited", "asked") for step in self.steps)

    @property
    def can_leave(self) -> bool:
        """True while there is something to take back."""
        return self.state in (*_OPEN, "published")


def standing(outbox: Outbox, token: str) -> Standing | None:
    """The submission whose storyteller has this token; None for any other. Raises DatabaseUnusable."""
    digest = digest_of(token)
    with outbox.database.begin() as connection:
        row = connection.execute(select(STORIES).where(STORIES.c.token == digest)).mappings().first()
    # The database compared the digests by its index; what is looked at now takes always the same time.
    if row is None or not hmac.compare_digest(row["token"], digest):
        return None
    steps = tuple(steps_of(outbox.database, row["id"]))
    kept = outbox.read(row["id"])
    return Standing(row["id"], row["state"], kept, row["address"], steps, _question(row, kept, steps))


def say(outbox: Outbox, found: Standing, kind: StepKind, words: str = "", shown: str = "") -> bool:
    """Keep what the storyteller says; the desk is told. False where there is no room for more."""
    if len(found.steps) >= MOST_STEPS:
        return False
    with outbox.database.begin(durable=True) as connection:
        take_step(connection, found.id, kind, outbox.clock(), words=words, shown=shown)
    return True


def rewrite(outbox: Outbox, found: Standing, text: str) -> bool:
    """Another text in place of the first one, as a proposal of its own; the earlier one ends.

    False where an editor is at work on it, which a comment reaches, or it is too late.
    """
    if found.submission is None or not found.can_rewrite or len(found.steps) >= MOST_STEPS:
        return False
    if not outbox.replace(found.id, dataclasses.replace(found.submission, text=text)):
        return False
    with outbox.database.begin(durable=True) as connection:
        take_step(connection, found.id, "rewritten", outbox.clock())
    return True


def _question(row: RowMapping, submission: Submission | None, steps: tuple[Step, ...]) -> Question | None:
    asked = next((step for step in reversed(steps) if step.kind == "asked"), None)
    if not row["asked"] or submission is None or asked is None:
        return None
    answers = [step for step in steps if step.kind in ("agreed", "refused") and step.id > asked.id]
    # Merged before they said yes, it is still theirs to say.
    unsaid = row["state"] == "published" and not any(step.kind == "agreed" for step in answers[-1:])
    if row["state"] not in _OPEN and not unsaid:
        return None
    after = _said(row["asked"])
    if after is None:
        return None
    before = (title_of(submission), summary_of(submission), body_of(submission))
    rows = tuple(row for sides in zip(before, after, strict=True) for row in marked(*map(_plain, sides)))
    return Question(digest_of(row["asked"]), rows, asked, answers[-1] if answers else None)


def _plain(text: str) -> str:
    """Photographs by what is to be seen in them, and by the names that their files have."""
    return _PICTURE.sub(lambda found: f"{found[1]} ({found[2]})".strip(), text)


def _said(text: str) -> tuple[str, str, str] | None:
    """Title, summary and words of a story's file."""
    try:
        document: Document = read_document(Path("index.md"), raw=text.encode())
    except ContentRefused:
        return None
    front = document.front
    return str(front.get("title", "")), str(front.get("summary", "")), document.body
