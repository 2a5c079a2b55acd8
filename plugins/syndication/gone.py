"""Entries that a feed has no more: a question to the editor, never a deletion.

Most feeds show their newest entries only, so one that is missing at the end has merely grown old. One
is gone where newer and older ones are still there.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .decide import Decision, Existing, same_key
from .remembered import Remembered
from .source import Source


@dataclass(frozen=True)
class Gone:
    """A story whose entry was taken out of the feed."""

    story: Existing
    row: Remembered | None

    @property
    def is_known(self) -> bool:
        """True where an editor was asked before."""
        return self.row is not None and self.row.state == "gone"


def gone(
    decisions: Sequence[Decision],
    existing: Iterable[Existing],
    source: Source,
    remembered: Iterable[Remembered],
    *,
    there: Collection[str],
    only_feed: bool,
) -> list[Gone]:
    """The stories of this feed whose entries went from among the others, in the stories' order.

    `there` are the slugs of the stories whose entries the feed has. `only_feed` says that the person
    has no other: then a story that the database has forgotten is this feed's too. A locked story asks
    nothing.
    """
    known = [row for row in remembered if row.slug]
    rows = {row.slug: row for row in known if row.feed == source.feed}
    elsewhere = {row.slug for row in known} - set(rows)
    by_key = {same_key(row.key): row for row in rows.values()}
    days, places = _days(decisions, by_key), _places(decisions, by_key)
    found = []
    for story in existing:
        row = rows.get(story.slug)
        if story.feed != source.person or story.slug in there or story.is_locked:
            continue
        if row is None and (not only_feed or story.slug in elsewhere):
            continue
        day = row.published.date() if row and row.published else None
        if row is None or row.place < 0:
            day = story.day
        if _among(day, days) if day else row is not None and _among(row.place, places):
            found.append(Gone(story, row))
    return found


def _days(decisions: Iterable[Decision], rows: dict[str, Remembered]) -> list[datetime.date]:
    """The days of the entries that are there, as they were first told: a feed may date all anew at once."""
    found = []
    for decision in decisions:
        row = rows.get(same_key(decision.key))
        moment = row.published if row else None
        day = moment.date() if moment else decision.story.day if decision.story else None
        if day is None and decision.entry.published:
            day = decision.entry.published.date()
        if day:
            found.append(day)
    return found


def _places(decisions: Iterable[Decision], rows: dict[str, Remembered]) -> list[int]:
    """The places at which what is still there stood the last time."""
    known = (rows.get(same_key(decision.key)) for decision in decisions)
    return [row.place for row in known if row]


def _among(one: Any, others: Sequence[Any]) -> bool:
    return bool(others) and min(others) < one < max(others)
