"""Related stories: shared people, then shared tags, then the same collection. Stable, and not quadratic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")
# What sharing one of a kind is worth, and how many neighbours in time of each group are looked at:
# without a limit, a tag of thousands would make every pair of its stories a candidate.
PERSON, TAG, COLLECTION = 6, 3, 1
NEIGHBOURS = 12


@dataclass(frozen=True)
class Subject(Generic[T]):
    """What a story is compared by."""

    item: T
    key: str
    date: datetime
    people: frozenset[str]
    tags: frozenset[str]
    collection: str

    def groups(self) -> Iterable[tuple[Hashable, int]]:
        """Each group the story belongs to, with its worth."""
        yield from ((("person", slug), PERSON) for slug in self.people)
        yield from ((("tag", tag), TAG) for tag in self.tags)
        yield ("collection", self.collection), COLLECTION


def related(subjects: Sequence[Subject[T]], count: int) -> dict[str, list[T]]:
    """For each story's key, the `count` nearest others: the most shared, then the newest, then by key.

    Stories that share nothing are not related; the list may be shorter than `count`.
    """
    ordered = sorted(subjects, key=lambda subject: (subject.date, subject.key))
    newest = sorted(range(len(ordered)), key=lambda at: ordered[at].key)
    newest.sort(key=lambda at: ordered[at].date, reverse=True)
    ranks = [0] * len(ordered)
    for rank, at in enumerate(newest):
        ranks[at] = rank
    groups: dict[Hashable, list[int]] = defaultdict(list)
    places: list[list[tuple[list[int], int, int]]] = []
    for at, subject in enumerate(ordered):
        of_one = []
        for name, value in subject.groups():
            group = groups[name]
            of_one.append((group, len(group), value))
            group.append(at)
        places.append(of_one)
    found, many = {}, len(ordered)
    for at, subject in enumerate(ordered):
        worth: dict[int, int] = {}
        for group, place, value in places[at]:
            for other in group[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]:
                worth[other] = worth.get(other, 0) + value
        del worth[at]
        # The most worth first, then by rank, as one number each: ten thousand stories have a million of them.
        best = sorted([ranks[other] - value * many for other, value in worth.items()])[:count]
        found[subject.key] = [ordered[newest[score % many]].item for score in best]
    return found
