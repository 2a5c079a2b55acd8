"""What a list shows of a story, and what it is filed under. Plain values only.

Templates are given these and nothing behind them, so that a page depends on what it shows alone.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from plugins.guard.photo import Photograph
from plugins.people import Face


@dataclass(frozen=True)
class Label:
    """A collection or topic by its name, with its page."""

    name: str
    slug: str
    url: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Link:
    """The same story in another language."""

    lang: str
    url: str


@dataclass(frozen=True)
class Card:
    """A story as a list shows it."""

    slug: str
    title: str
    summary: str
    url: str
    lang: str
    date: datetime.datetime
    tellers: tuple[Face, ...]
    cover: Photograph | None


@dataclass(frozen=True)
class Listing:
    """One page of a list of stories."""

    stories: tuple[Card, ...]
    url: str
    newer: str | None  # the addresses of the pages beside it
    older: str | None


@dataclass(frozen=True)
class Shelf:
    """A topic among all topics: who told of it last, and what."""

    label: Label
    faces: tuple[Face, ...]
    titles: tuple[str, ...]
