"""A long thread, folded: how it begins and ends stays in sight, and so does who waits for an answer.

What lies between is there too, behind a line that says who speaks in it; a link to one of its comments
opens it. Nothing of this needs JavaScript.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from .thread import Comment, flat

NAMED = 3  # people whom the line names
HELD_OPEN = 8  # so many that wait stay in sight; more would leave nothing folded


@dataclass(frozen=True)
class Measure:
    """In comments, with all that answer them: from when on a list is folded, and what stays of it."""

    long: int
    first: int
    last: int
    least: int  # fewer are not worth a fold


THREAD = Measure(long=24, first=6, last=9, least=5)
ANSWERS = Measure(long=9, first=2, last=3, least=3)


@dataclass(frozen=True)
class Stretch:
    """Comments that follow each other, in sight or folded."""

    comments: tuple[Comment, ...]
    folded: bool
    names: tuple[str, ...] = ()  # of the first who speak in a folded one
    others: bool = False  # whether more do
    first: datetime | None = None
    last: datetime | None = None


def fold(comments: Sequence[Comment], waits: Collection[str], depth: int = 0) -> tuple[Stretch, ...]:
    """The comments of one list in stretches; `waits` has the anchors of those that wait for an answer."""
    measure = ANSWERS if depth else THREAD
    sizes = [sum(1 for _ in flat((comment,))) for comment in comments]
    if sum(sizes) <= measure.long:
        return (Stretch(tuple(comments), False),)
    hidden = [not seen for seen in _in_sight(comments, sizes, waits, measure)]
    for is_hidden, run in groupby(range(len(comments)), key=lambda place: hidden[place]):
        places = list(run)
        if is_hidden and sum(sizes[place] for place in places) < measure.least:
            for place in places:
                hidden[place] = False
    return tuple(_stretches(comments, hidden))


def _in_sight(
    comments: Sequence[Comment], sizes: list[int], waits: Collection[str], measure: Measure
) -> Iterator[bool]:
    waiting = [any(one.anchor in waits for one in flat((comment,))) for comment in comments]
    held = sum(waiting) <= HELD_OPEN
    before, after = 0, sum(sizes)
    for size, waits_here in zip(sizes, waiting, strict=True):
        after -= size
        yield before < measure.first or after < measure.last or (held and waits_here)
        before += size


def _stretches(comments: Sequence[Comment], hidden: list[bool]) -> Iterator[Stretch]:
    for is_hidden, run in groupby(zip(comments, hidden, strict=True), key=lambda pair: pair[1]):
        found = tuple(comment for comment, _ in run)
        if not is_hidden:
            yield Stretch(found, False)
            continue
        said = list(flat(found))
        names = tuple(dict.fromkeys(comment.author for comment in said if not comment.gone))
        days = [comment.published for comment in said]
        yield Stretch(found, True, names[:NAMED], len(names) > NAMED, min(days), max(days))
