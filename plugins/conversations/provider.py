"""What a provider has to do: the Protocol that every comment system in providers/ fulfils.

A provider tells what its server says and cleans nothing: `snapshot` lets every text through the guard,
and decides who is staff.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from markupsafe import Markup

from plugins.guard.template import Words, policy
from plugins.people import Face

if TYPE_CHECKING:
    from plugins.guard.fetch import Fetcher  # its libraries are slow to load, and no build asks anybody


@dataclass(frozen=True)
class Subject:
    """What a provider has to know of a story to open its conversation."""

    slug: str
    title: str
    lang: str
    answering: Face
    page: str  # the answering person's page as a link, or "" where there is none
    place: str = ""  # what the story's `conversation` says of its thread at this provider


@dataclass(frozen=True)
class Wanted:
    """A story whose thread is wanted from a provider."""

    slug: str
    url: str  # the story's address on the published site, whole; "" where the site has no SITEURL
    place: str  # what the story's `conversation` says of its thread there: an address, a number, ""
    pages: tuple[str, ...] = ()  # where it can be read, one address a language; () where there is no SITEURL
    answered: bool = False  # our ledger has answers to it: `Said.kept` is wanted


@dataclass(frozen=True)
class Said:
    """A comment as its provider told it. Every text is somebody else's, and may be anything."""

    id: str  # the provider's own, unique within a thread
    parent: str | None
    author: str
    url: str  # the author's own page, or ""
    published: datetime.datetime
    html: str
    account: str = ""  # the author's account, where the provider's server vouches for it
    official: bool = False  # the provider's server itself says: of the people who run this
    place: str = ""  # where the comment itself can be read, if not on the story's page
    avatar: str = ""  # the address of the author's picture, or ""
    gone: bool = False  # taken away there, and kept because somebody answered: no author, no text
    kept: str = ""  # the text as its provider keeps it, which the ledger's sha256 is of; "" if not known


@dataclass(frozen=True)
class Fetched:
    """A story's whole thread at a provider, as it is now: what is not in it is gone."""

    slug: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Same:
    """Nothing has changed since it was last asked."""

    slug: str


@dataclass(frozen=True)
class Failed:
    """The thread could not be had; what is kept of it stays. `why` is a sentence for an editor."""

    slug: str
    why: str


@dataclass(frozen=True)
class Reach:
    """What a provider may use to ask its server."""

    fetcher: Fetcher
    now: datetime.datetime  # aware
    # By slug: what the provider notes of a thread to ask more cheaply next time (validators, counts,
    # cursors). A thread whose snapshot is missing has no notes, so that it is fetched whole.
    notes: MutableMapping[str, dict[str, str]]
    environ: Mapping[str, str]  # tokens; they stand in no message


# How a live conversation is there: its script runs in the page, its site shows in a frame, a form of
# ours goes to it, or a link leads there (opening.py has the markup of the last three).
Opens = Literal["script", "frame", "form", "link"]


class Told(Protocol):
    """A story, as far as an embed asks of it."""

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def lang(self) -> str: ...  # noqa: D102


class Provider(Protocol):
    """One comment system."""

    def embed(self, subject: Subject, words: Words) -> Markup:
        """The markup that opens the live conversation; nothing is loaded before the reader asks."""
        ...

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One outcome for each story, in any order, with as few requests as its API allows.

        Raises nothing for a server that is down, slow or wrong: that is Failed.
        """
        ...

    def problem(self, place: str) -> str | None:
        """What is wrong with a story's `conversation: {provider: place}`, in a sentence; or None."""
        ...

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins ("https://giscus.app") that a page must allow once the reader has asked."""
        ...

    @property
    def opens(self) -> Opens:
        """What `origins` are allowed for."""
        ...


@dataclass(frozen=True)
class Way:
    """One comment system that keeps a story's conversation; `place` is what the story says of its thread."""

    name: str
    keeper: Provider
    place: str


@dataclass(frozen=True)
class Embed:
    """The ways into the live conversations that one person answers; the markup is made when a page is."""

    ways: tuple[Way, ...]
    answering: Face
    page: str

    def markup(self, story: Told, words: Words) -> Markup:
        """What stands on the story's page; nothing where no way leads there."""
        found = Markup("")
        for way in self.ways:
            subject = Subject(story.slug, story.title, story.lang, self.answering, self.page, way.place)
            if made := way.keeper.embed(subject, words):
                found += _KEPT.format(way.name, made)
        return found

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the story's page."""
        allowed: dict[str, tuple[str, ...]] = {}
        for way in self.ways:
            allowed[f"{way.keeper.opens}s"] = (*allowed.get(f"{way.keeper.opens}s", ()), *way.keeper.origins)
        return policy(**allowed)


_KEPT = Markup('<div class="live-way" data-keeper="{}">{}</div>\n')
