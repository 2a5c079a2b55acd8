"""What was read of the snapshots, kept for the next build: cleaning every comment again takes long.

It counts as long as the disk describes the file as before, and whoever the file names would show as
they did: that is asked of them again, and never concluded from what it might rest on.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from plugins.fastbuild import sealed
from plugins.fastbuild.code import code
from plugins.fastbuild.fingerprint import Fingerprints, digest
from plugins.guard.seen import Stamp, stamp
from plugins.people import Face

from .snapshot import Snapshot, Staff, read_snapshot

# A slug that a snapshot named, alone or with the day on which the person's face was wanted.
Question = tuple[str, datetime.date | None]


class _Entry(NamedTuple):
    lay: Stamp
    asked: tuple[Question, ...]
    answers: bytes  # the fingerprint of what was answered
    snapshot: Snapshot


class Snapshots:
    """Reads snapshots, and remembers them in a file of the cache; with `full`, nothing kept counts."""

    def __init__(self, file: Path, people: Mapping[str, Staff], root: str, full: bool = False) -> None:
        self._file, self._people, self._root = file, people, root
        self._prints = Fingerprints()
        self._stamp = digest(code(), root)
        self._before: dict[tuple[str, str], _Entry] = {} if full else sealed.load(file, self._stamp) or {}
        self._now: dict[tuple[str, str], _Entry] = {}
        self.anew = 0

    def read(self, path: Path, shown: str, anonymous: str) -> Snapshot:
        """As read_snapshot. Raises ContentRefused, of which nothing is kept: it is said again."""
        lay, key = stamp(path, follow=False), (shown, anonymous)  # a link is refused
        entry = self._before.get(key)
        if entry is None or not entry.lay.stands(lay) or entry.answers != self._answers(entry.asked):
            self.anew += 1
            people = _Asked(self._people)
            snapshot = read_snapshot(path, shown, people, anonymous=anonymous, root=self._root)
            asked = tuple(people.asked)
            entry = _Entry(lay, asked, self._answers(asked), snapshot)
        self._now[key] = entry
        return entry.snapshot

    def keep(self) -> None:
        """Write what this build asked for, if it is not what is there. Raises OSError."""
        if self.anew or self._now.keys() != self._before.keys():
            sealed.save(self._file, self._stamp, self._now)

    def _answers(self, asked: tuple[Question, ...]) -> bytes:
        return self._prints.of([self._answer(slug, day) for slug, day in asked])

    def _answer(self, slug: str, day: datetime.date | None) -> str | Face | None:
        person = self._people.get(slug)
        if person is None or day is None:
            return None if person is None else person.kind
        return person.face_on(day)


class _Asked(Mapping[str, Staff]):
    """People, and what was asked about them."""

    def __init__(self, people: Mapping[str, Staff]) -> None:
        self._people = people
        self.asked: dict[Question, None] = {}

    def __getitem__(self, slug: str) -> Staff:
        self.asked[slug, None] = None
        return _Witness(slug, self._people[slug], self.asked)

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


class _Witness:
    """A person who notes which day's face was wanted."""

    def __init__(self, slug: str, person: Staff, asked: dict[Question, None]) -> None:
        self._slug, self._person, self._asked = slug, person, asked

    @property
    def kind(self) -> str:
        return self._person.kind

    def face_on(self, day: datetime.date) -> Face:
        self._asked[self._slug, day] = None
        return self._person.face_on(day)
