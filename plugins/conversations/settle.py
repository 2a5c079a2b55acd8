"""`./inv listen.settle`: a comment that needs no answer, with the reason, for everybody to read in git."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.guard.text import one_line

from .ledger import REASON_LENGTH, Entry
from .listen import Listening, Waiting
from .meant import comment_of, staff_of, story_of


class NotSettled(FirsthandError):
    """A comment that does not wait, or a reason that is none."""


def settle(
    content: Path, settings: Mapping[str, Any], ref: str, *, reason: str, by: str, now: datetime.datetime
) -> tuple[Waiting, int]:
    """Note that what waits at `ref` needs no answer, nor what readers said beside it; how many comments.

    Raises NotSettled, NotMeant, ContentRefused, OSError.
    """
    why = one_line(reason)[:REASON_LENGTH]
    if not why:
        raise NotSettled('Say why no answer is needed: --reason "Only thanks."')
    listening = Listening.read(content, settings)
    person = staff_of(by, listening.people)
    thread = listening.thread_of(story_of(ref))
    comment = comment_of(ref, thread)
    for one in listening.waiting(thread, now):
        if one.id == comment.id:
            break
    else:
        raise NotSettled(
            f"{thread.slug}/{comment.id} does not wait for an answer. ./inv listen says who does."
        )
    for kept in (one.kept, *one.others):
        created = kept.published.timestamp()
        listening.ledger.append(
            Entry("no reply needed", kept.provider, one.story, kept.id, created, person.slug, now, reason=why)
        )
    return one, 1 + len(one.others)
