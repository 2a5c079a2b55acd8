"""What a story's own page shows, and what it says to machines. Plain values only."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from plugins.guard.photo import Photograph
from plugins.guard.template import as_script
from plugins.people import Face

from .card import Card, Label, Link
from .story import Story
from .telling import Answering, CreditLine


class Told:
    """What a story's file says. Its fingerprint is that of the file, so that no field is looked at."""

    __slots__ = ("date", "key", "minutes", "modified", "story")

    def __init__(
        self,
        key: bytes,
        story: Story,
        date: datetime.datetime,
        modified: datetime.datetime | None,
        minutes: int,
    ) -> None:
        self.key, self.story, self.date, self.modified, self.minutes = key, story, date, modified, minutes

    def fingerprint(self) -> bytes:
        """Changes with the file, and with whatever reading it depends on."""
        return self.key


def _said(find: Callable[[Told], Any]) -> Any:
    """A property of a page that is its file's."""
    return property(lambda page: find(page.told))


@dataclass  # not frozen: one is made for every story at every build
class StoryPage:
    """A story's own page, but for its text. What its file says is found here as on the story itself."""

    told: Told
    url: str
    category: Label
    tags: tuple[Label, ...]
    tellers: tuple[Face, ...]
    appearing: tuple[Face, ...]
    credit_lines: tuple[CreditLine, ...]
    relationship: str
    answering: Answering | None
    cover: Photograph | None
    photographs: tuple[Photograph, ...]
    translations: tuple[Link, ...]
    related: tuple[Card, ...]
    newer: Card | None
    older: Card | None
    thread: Any  # the conversations' Thread, or None
    embed: Any  # the conversations' Embed, or None
    talk_feed: str  # where the conversation's own feed is, or ""

    slug = _said(lambda told: told.story.slug)
    title = _said(lambda told: told.story.title)
    summary = _said(lambda told: told.story.summary)
    lang = _said(lambda told: told.story.lang)
    canonical = _said(lambda told: told.story.canonical)
    via = _said(lambda told: told.story.via)
    date = _said(lambda told: told.date)
    modified = _said(lambda told: told.modified)
    minutes = _said(lambda told: told.minutes)

    def json_ld(self, site_url: str, site_name: str, comments_ld: Callable[..., Any]) -> Markup:
        """The page for machines, safe inside a script element; `comments_ld` tells its thread."""
        data = article_data(self, site_url, site_name)
        if self.thread is not None:
            data["comment"] = comments_ld(self.thread, f"{site_url}/{self.url}", site_url, site_name)
            data["discussionUrl"] = f"{site_url}/{self.url}#talk"
        return as_script(data)


def article_data(page: StoryPage, site_url: str, site_name: str) -> dict[str, Any]:
    """The story as a schema.org Article. Source: https://schema.org/Article"""
    url = f"{site_url}/{page.url}"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.summary,
        "inLanguage": page.lang,
        "datePublished": page.date.isoformat(),
        "url": url,
        "mainEntityOfPage": page.canonical or url,
        "author": [_person(face, site_url) for face in page.tellers],
        "publisher": {"@type": "Organization", "name": site_name},
        "articleSection": page.category.name,
    }
    if page.tags:
        data["keywords"] = [tag.name for tag in page.tags]
    if page.modified:
        data["dateModified"] = page.modified.isoformat()
    if page.cover:
        data["image"] = {
            "@type": "ImageObject",
            "url": f"{site_url}/{page.cover.url}",
            "width": page.cover.width,
            "height": page.cover.height,
            "caption": page.cover.alt,
            "creditText": page.cover.credit,
        }
    for line in page.credit_lines:
        if line.kind in ("edited", "translated"):
            key = {"edited": "editor", "translated": "translator"}[line.kind]
            data[key] = [_person(face, site_url) for face in line.names]
    if page.via:
        data["isBasedOn"] = page.via.url
    return data


def _person(face: Face, site_url: str) -> dict[str, Any]:
    person = {"@type": "Person", "name": face.name}
    if face.url:
        person["url"] = f"{site_url}/{face.url}"
    return person
