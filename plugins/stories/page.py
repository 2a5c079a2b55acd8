"""What a story's own page shows, and what it says to machines. Plain values only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from plugins.guard.photo import Photograph
from plugins.guard.template import as_script
from plugins.people import Face

from .card import Card, Label, Link
from .story import Via
from .telling import Answering, CreditLine


@dataclass  # not frozen: one is made for every story at every build
class StoryPage:
    """A story's own page, but for its text."""

    slug: str
    title: str
    summary: str
    url: str
    lang: str
    date: datetime.datetime
    modified: datetime.datetime | None
    minutes: int
    category: Label
    tags: tuple[Label, ...]
    canonical: str
    via: Via | None
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

    def json_ld(self, site_url: str, site_name: str) -> Markup:
        """The page for machines, safe inside a script element."""
        data = article_data(self, site_url, site_name)
        if self.thread is not None:
            data["comment"] = self.thread.as_data(f"{site_url}/{self.url}")
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
