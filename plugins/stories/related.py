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
    groups: dict[Hashable, list[Subject[T]]] = defaultdict(list)
    places: dict[tuple[str, Hashable], int] = {}
    for subject in ordered:
        for name, _ in subject.groups():
            places[subject.key, name] = len(groups[name])
            groups[name].append(subject)
    found = {}
    for subject in ordered:
        worth: dict[str, int] = defaultdict(int)
        others: dict[str, Subject[T]] = {}
        for name, value in subject.groups():
            place = places[subject.key, name]
            for other in groups[name][max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]:
                if other.key != subject.key:
                    worth[other.key] += value
                    others[other.key] = other
        best = sorted(
            others.values(), key=lambda other: (-worth[other.key], -other.date.timestamp(), other.key)
        )
        found[subject.key] = [other.item for other in best[:count]]
    return found
