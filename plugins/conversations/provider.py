"""What a provider has to do: the Protocol that every comment system in providers/ fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from plugins.guard.template import Words
from plugins.people import Face


@dataclass(frozen=True)
class Subject:
    """What a provider has to know of a story to open its conversation."""

    slug: str
    title: str
    lang: str
    answering: Face
    page: str  # the answering person's page as a link, or "" where there is none


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


@dataclass(frozen=True)
class Embed:
    """The way into the live conversations that one person answers; the markup is made when a page is."""

    keeper: Provider
    answering: Face
    page: str

    def markup(self, story: Told, words: Words) -> Markup:
        """What stands on the story's page."""
        subject = Subject(story.slug, story.title, story.lang, self.answering, self.page)
        return self.keeper.embed(subject, words)
