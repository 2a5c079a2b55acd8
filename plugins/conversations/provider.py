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


class Provider(Protocol):
    """One comment system."""

    def embed(self, subject: Subject, words: Words) -> Markup:
        """The markup that opens the live conversation; nothing is loaded before the reader asks."""
        ...


@dataclass(frozen=True)
class Embed:
    """The way into one story's live conversation; the markup is made when the page is."""

    keeper: Provider
    subject: Subject

    def markup(self, words: Words) -> Markup:
        """What stands on the page."""
        return self.keeper.embed(self.subject, words)
