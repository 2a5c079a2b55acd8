"""What the database remembers of every thread that was asked for: whatever makes the next asking cheap.

A memory only: where it is gone, threads are fetched whole. What a provider noted counts as long as all
that it rests on is as it was, the comments in the file among it: see `Notes.of`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Table, Text, bindparam, delete, insert, select

from plugins.database import Database, metadata

_TABLE = Table(
    "conversations_notes",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("story", Text, primary_key=True),
    Column("stamp", Text, nullable=False),  # what the notes rest on
    Column("notes", Text, nullable=False),  # JSON
    Column("brought", Boolean, nullable=False),  # the thread was once brought here, or found to be the same
)


@dataclass
class _Row:
    stamp: str
    notes: dict[str, str]
    brought: bool


class Notes(MutableMapping[str, dict[str, str]]):
    """A provider's notes by story, as Reach hands them out; `keep` writes what has changed."""

    def __init__(self, provider: str, rows: Mapping[str, _Row] | None = None) -> None:
        self._provider = provider
        self._rows = dict(rows or {})
        self._valid: dict[str, dict[str, str]] = {}

    @classmethod
    def read(cls, database: Database | None, provider: str) -> Notes:
        """The notes of the last time; none without a database. Raises DatabaseUnusable."""
        if database is None:
            return cls(provider)
        with database.begin() as connection:
            found = connection.execute(select(_TABLE).where(_TABLE.c.provider == provider)).mappings().all()
        rows = {row["story"]: _Row(row["stamp"], _strings(row["notes"]), row["brought"]) for row in found}
        return cls(provider, rows)

    def knows(self, story: str) -> bool:
        """True where this story's thread was brought here from this provider before."""
        return story in self._rows and self._rows[story].brought

    def of(self, story: str, stamp: str) -> None:
        """Let the notes of a story count, if they rest on what is there now."""
        row = self._rows.get(story)
        if row is not None and row.stamp == stamp:
            self._valid[story] = dict(row.notes)

    def keep(self, database: Database, stamps: Mapping[str, str], brought: Collection[str]) -> None:
        """Write the notes of these stories, each with what it rests on now. Raises DatabaseUnusable."""
        rows = {
            story: _Row(stamp, self._valid.get(story, {}), story in brought or self.knows(story))
            for story, stamp in stamps.items()
        }
        other = {story: row for story, row in rows.items() if self._rows.get(story) != row}
        if not other:
            return
        named = {"provider": self._provider}
        made = [
            {**named, "story": story, **vars(row), "notes": json.dumps(row.notes, sort_keys=True)}
            for story, row in other.items()
        ]
        before = delete(_TABLE).where(_TABLE.c.provider == self._provider, _TABLE.c.story == bindparam("of"))
        with database.begin() as connection:
            connection.execute(before, [{"of": story} for story in other])
            connection.execute(insert(_TABLE), made)
        self._rows |= other

    def __getitem__(self, story: str) -> dict[str, str]:
        return self._valid[story]

    def __setitem__(self, story: str, notes: dict[str, str]) -> None:
        self._valid[story] = notes

    def __delitem__(self, story: str) -> None:
        del self._valid[story]

    def __iter__(self) -> Iterator[str]:
        return iter(self._valid)

    def __len__(self) -> int:
        return len(self._valid)


def _strings(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
