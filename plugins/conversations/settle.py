"""`./inv listen.settle`: a comment that needs no answer, with the reason, for everybody to read in git."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.guard.text import one_line
from plugins.people import Profile

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
    why = _why(reason)
    listening = Listening.read(content, settings)
    person = staff_of(by, listening.people)
    thread = listening.thread_of(story_of(ref))
    comment = comment_of(ref, thread)
    for one in listening.waiting(thread, now):
        if one.id == comment.id:
            return one, _note(listening, [one], person, why, now)
    raise NotSettled(f"{thread.slug}/{comment.id} does not wait for an answer. ./inv listen says who does.")


def settle_before(
    content: Path,
    settings: Mapping[str, Any],
    day: datetime.date,
    *,
    reason: str,
    by: str,
    now: datetime.datetime,
) -> int:
    """Note that nothing needs an answer that was last written before that day, in UTC; how many comments.

    For what came in with another system's export. Raises NotSettled, NotMeant, ContentRefused, OSError.
    """
    why = _why(reason)
    listening = Listening.read(content, settings)
    person = staff_of(by, listening.people)
    threads = (listening.thread(slug) for slug in sorted(listening.stories))
    waiting = [one for thread in threads if thread for one in listening.waiting(thread, now)]
    old = [one for one in waiting if _last(one).astimezone(datetime.UTC).date() < day]
    return _note(listening, old, person, why, now)


def _why(reason: str) -> str:
    why = one_line(reason)[:REASON_LENGTH]
    if not why:
        raise NotSettled('Say why no answer is needed: --reason "Only thanks."')
    return why


def _last(one: Waiting) -> datetime.datetime:
    return max(kept.published for kept in (one.kept, *one.others))


def _note(
    listening: Listening, waiting: Sequence[Waiting], person: Profile, why: str, now: datetime.datetime
) -> int:
    lines = [
        Entry(
            "no reply needed",
            kept.provider,
            one.story,
            kept.id,
            kept.published.timestamp(),
            person.slug,
            now,
            reason=why,
        )
        for one in waiting
        for kept in (one.kept, *one.others)
    ]
    if lines:
        listening.ledger.append(*lines)
    return len(lines)
