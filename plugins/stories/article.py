"""A story as Pelican's Article: what other plugins expect of one, without what ten thousand cannot afford.

Pelican formats addresses and dates of an article again and again; here they are made once, and its
text is fetched when a page that shows it is rendered.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, cast
from zoneinfo import ZoneInfo

from pelican.contents import Article
from pelican.urlwrappers import Author, Category, Tag

from plugins.fastbuild.reader import Kept
from plugins.guard.content import ContentFile
from plugins.guard.lines import Lines
from plugins.guard.photo import Photograph
from plugins.guard.reader import base_path
from plugins.people import Face

from .card import Card, Label, Link
from .page import StoryPage, Told
from .reading import Read
from .story import Story, page_path
from .telling import Answering, Tellings, relationship_of, with_figures


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


class Shelf(dict[str, Any]):
    """The collections, topics or authors of one build by name: one object each, with one address."""

    def __init__(self, kind: type, settings: dict[str, Any]) -> None:
        super().__init__()
        self._kind, self._settings = kind, settings

    def __missing__(self, name: str) -> Any:
        """Pelican's Category, Tag or Author of a name."""
        found = self[name] = self._kind(name, self._settings)
        found.label = Label(found.name, found.slug, found.url)
        return found


class Shelves:
    """All shelves of one build."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.categories, self.tags = Shelf(Category, settings), Shelf(Tag, settings)
        self.authors = Shelf(Author, settings)


class StoryArticle(Article):  # type: ignore[misc]
    """One story in one language. What only some pages need of it is made when it is asked for."""

    story: Story
    tellings: Tellings
    photographs: Mapping[str, Photograph] = MappingProxyType({})
    related: list[StoryArticle]
    newer: StoryArticle | None
    older: StoryArticle | None
    thread: Any = None
    way_in: Callable[[StoryArticle], Any] | None = None  # to the live conversation
    replies: Any = None  # the feed of the conversation: feeds.Replies, or None

    def __init__(self, file: ContentFile, kept: Kept, settings: dict[str, Any], shelves: Shelves) -> None:
        # Pelican's own takes a file's metadata apart, which is done already.
        read: Read = kept.value
        story = cast(Story, read.story)
        self.settings, self.file, self.story, self.kept = settings, file, story, kept
        self.slug, self.lang, self.title, self.status = story.slug, story.lang, story.title, story.status
        self.date = _here(read.date, settings)
        if read.modified is not None:
            self.modified = _here(read.modified, settings)
        self.category = shelves.categories[story.category]
        self.tags = [shelves.tags[tag] for tag in story.tags]
        self.authors = [shelves.authors[slug] for slug in story.authors]
        self.author = self.authors[0]
        self.template = "article"
        self.in_default_lang = story.lang == settings["DEFAULT_LANG"].lower()
        self.translations: list[StoryArticle] = []
        self._url = page_path(story.slug, story.lang, settings["DEFAULT_LANG"].lower())

    @cached_property
    def text(self) -> Body:
        """The story as feeds have it."""
        return Body(self.kept, [self._figures()])

    @cached_property
    def body(self) -> Body:
        """The story as its page has it."""
        return Body(self.kept, [self._figures()])

    def _figures(self) -> Callable[[str], str]:
        words, root = self.settings["FIRSTHAND_WORDS"], base_path(self.settings)
        return partial(with_figures, photographs=self.photographs, words=words, lang=self.lang, root=root)

    @cached_property
    def told(self) -> Told:
        """What its file says."""
        modified = getattr(self, "modified", None)
        return Told(self.kept.key, self.story, self.date, modified, self.kept.value.minutes)

    @cached_property
    def tellers(self) -> tuple[Face, ...]:
        """Who told it."""
        return self.tellings.tellers(self.story)

    @cached_property
    def appearing(self) -> tuple[Face, ...]:
        """Who appears in it."""
        return self.tellings.appearing(self.story)

    @cached_property
    def answering(self) -> Answering | None:
        """Who answers its conversation."""
        return self.tellings.answering(self.story)

    @cached_property
    def card(self) -> Card:
        """What lists show of it."""
        cover = self.photographs.get(self.story.cover)
        return Card(self.slug, self.title, self.summary, self.url, self.lang, self.date, self.tellers, cover)

    @cached_property
    def document(self) -> Lines:
        """Where its file says what."""
        return Lines(self.file)

    @property
    def source_path(self) -> str:
        """Its file."""
        return str(self.file.path)

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
            credit_lines=self.tellings.credit_lines(self.story),
            relationship=relationship_of(self.story, self.settings["FIRSTHAND_WORDS"]),
            answering=self.answering,
            cover=self.photographs.get(self.story.cover),
            photographs=tuple(self.photographs.values()),
            translations=tuple([Link(other.lang, other.url) for other in self.translations]),
            related=tuple([other.card for other in self.related]),
            newer=self.newer.card if self.newer else None,
            older=self.older.card if self.older else None,
            thread=self.thread,
            embed=self.way_in(self) if self.way_in else None,
            talk_feed=self.replies.path if self.replies else "",
        )


def _here(moment: datetime.datetime | None, settings: dict[str, Any]) -> datetime.datetime:
    if moment is None:
        raise ValueError("a story without a date has been refused before")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings["TIMEZONE"]))
