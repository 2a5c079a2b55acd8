"""Who waits in a conversation, but for what our ledger says needs no answer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .ledger import Ledger
from .names import teller_of
from .thread import Comment, Thread, Unanswered, unanswered


@dataclass(frozen=True)
class Kept:
    """Who keeps a comment, what that calls it, and the comment's own time."""

    provider: str
    id: str
    published: datetime.datetime


def kept_as(thread: Thread, comment: Comment) -> Kept:
    """Who keeps a comment of a conversation's file."""
    teller = teller_of(comment.id)
    id = comment.id.removeprefix(f"{teller}-") if teller else comment.id
    return Kept(teller or thread.provider, id, comment.published)


def who_waits(thread: Thread, ledger: Ledger) -> tuple[Unanswered, ...]:
    """Who waits, the longest wait first."""

    def settled(comment: Comment) -> bool:
        kept = kept_as(thread, comment)
        created = kept.published.timestamp()
        return ledger.settled(kept.provider, thread.slug, kept.id, created) is not None

    return unanswered(thread, settled)
