"""A story as Pelican's Article: what other plugins expect of one, without what ten thousand cannot afford.

Pelican formats addresses and dates of an article again and again; here they are made once, and its
text is fetched when a page that shows it is rendered.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

from pelican.contents import Article
from pelican.urlwrappers import Author, Category, Tag

from plugins.fastbuild.reader import Kept
from plugins.guard.content import ContentFile
from plugins.guard.lines import Lines
from plugins.guard.photo import Photograph
from plugins.people import Face

from .card import Card, Label, Link
from .page import StoryPage, Told
from .reading import Read
from .story import Story
from .telling import Answering, CreditLine


@dataclass
class Body:
    """A story's text, fetched when it is rendered; `steps` make of it what the page shows."""

    kept: Kept
    steps: list[Callable[[str], str]] = field(default_factory=list)

    def fingerprint(self) -> bytes:
        """Of the text as it was read; what the steps add to it, the page shows elsewhere too."""
        return self.kept.key

    def body(self) -> str:
        """The HTML that stands on the page."""
        html = self.kept.body()
        for step in self.steps:
            html = step(html)
        return html


class Shelves:
    """The collections, topics and authors of one build: one object each, with one address."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._known: dict[tuple[type, str], Any] = {}

    def one(self, kind: type, name: str) -> Any:
        """Pelican's Category, Tag or Author of a name."""
        found = self._known.get((kind, name))
        if found is None:
            found = self._known[kind, name] = kind(name, self._settings)
            found.label = Label(found.name, found.slug, found.url)
        return found


class StoryArticle(Article):  # type: ignore[misc]
    """One story in one language."""

    story: Story
    tellers: tuple[Face, ...]
    appearing: tuple[Face, ...]
    credit_lines: tuple[CreditLine, ...]
    answering: Answering | None
    photographs: Mapping[str, Photograph]
    cover: Photograph | None
    card: Card
    relationship: str
    related: list[StoryArticle]
    newer: StoryArticle | None
    older: StoryArticle | None

    def __init__(self, file: ContentFile, kept: Kept, settings: dict[str, Any], shelves: Shelves) -> None:
        # Pelican's own takes a file's metadata apart, which is done already.
        read: Read = kept.value
        story = cast(Story, read.story)
        self.settings, self.file, self.story, self.kept = settings, file, story, kept
        self.text, self.body = Body(kept), Body(kept)  # as feeds have it, and as its page has it
        self.slug, self.lang, self.title, self.status = story.slug, story.lang, story.title, story.status
        self.date = _here(read.date, settings)
        if read.modified is not None:
            self.modified = _here(read.modified, settings)
        self.told = Told(kept.key, story, self.date, getattr(self, "modified", None), read.minutes)
        self.category = shelves.one(Category, story.category)
        self.tags = [shelves.one(Tag, tag) for tag in story.tags]
        self.authors = [shelves.one(Author, slug) for slug in story.authors]
        self.author = self.authors[0]
        self.source_path, self.template = str(file.path), "article"
        self.in_default_lang = story.lang == settings["DEFAULT_LANG"].lower()
        self.translations: list[StoryArticle] = []
        self.thread: Any = None
        self.embed: Any = None
        self.document = Lines(file)
        place = f"stories/{story.slug}/"
        self._url = place if self.in_default_lang else f"{story.lang}/{place}"

    @property
    def url(self) -> str:
        """The address below the site's own, as ARTICLE_URL has it."""
        return self._url

    @property
    def save_as(self) -> str:
        """The file below the output folder."""
        return f"{self._url}index.html"

    @property
    def metadata(self) -> dict[str, Any]:
        """What other plugins look up by name."""
        return {"title": self.title, "date": self.date, "slug": self.slug, "summary": self.summary}

    @property
    def summary(self) -> str:
        """One sentence, plain."""
        return self.story.summary

    @property
    def content(self) -> str:
        """The HTML that stands on the page."""
        return self.body.body()

    def make_card(self) -> None:
        """Once the storytellers are known."""
        self.card = Card(
            self.slug, self.title, self.summary, self.url, self.lang, self.date, self.tellers, self.cover
        )

    def shown(self) -> dict[str, Any]:
        """What the story's page is given."""
        return {"article": self.page, "content": self.body}

    @property
    def page(self) -> StoryPage:
        """What the story's page shows."""
        return StoryPage(
            told=self.told,
            url=self._url,
            category=self.category.label,
            tags=tuple([tag.label for tag in self.tags]),
            tellers=self.tellers,
            appearing=self.appearing,
            credit_lines=self.credit_lines,
            relationship=self.relationship,
            answering=self.answering,
            cover=self.cover,
            photographs=tuple(self.photographs.values()),
            translations=tuple([Link(other.lang, other.url) for other in self.translations]),
            related=tuple([other.card for other in self.related]),
            newer=self.newer.card if self.newer else None,
            older=self.older.card if self.older else None,
            thread=self.thread,
            embed=self.embed,
        )


def _here(moment: datetime.datetime | None, settings: dict[str, Any]) -> datetime.datetime:
    if moment is None:
        raise ValueError("a story without a date has been refused before")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings["TIMEZONE"]))
