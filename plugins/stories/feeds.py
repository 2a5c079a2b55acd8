"""Atom feeds: all stories, each person's, each topic's; full text, every author, where consent allows.

Source: RFC 4287. Pelican's own writer knows one author an entry, so the feeds are written here.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedgenerator import Atom1Feed
from markupsafe import escape
from pelican.generators import Generator

from plugins import today
from plugins.fastbuild import SiteWriter
from plugins.guard.html import clean_html
from plugins.guard.photo import Photograph

from .article import StoryArticle
from .card import Card
from .consent import may_show


class StoryFeed(Atom1Feed):  # type: ignore[misc]
    """An Atom feed whose entries name every author and, where there is one, the first publication."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write one entry; feedgenerator writes its own elements first."""
        super().add_item_elements(handler, item)
        for name, url in item["people"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            if url:
                handler.addQuickElement("uri", url)
            handler.endElement("author")
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})


@dataclass(frozen=True)
class Entry:
    """One story in a feed, but for its text."""

    card: Card
    modified: datetime.datetime | None
    categories: tuple[str, ...]
    via: str
    photographs: tuple[Photograph, ...]


@dataclass(frozen=True)
class Head:
    """What a feed says of itself; `root` is the address that its links begin with."""

    title: str
    subtitle: str
    lang: str
    root: str
    page: str
    path: str


class FeedsGenerator(Generator):  # type: ignore[misc]
    """Writes the feeds under /feeds/."""

    def generate_output(self, writer: SiteWriter) -> None:
        """One feed for all, one a person, one a topic; a topic is there when a story that shows has it."""
        self._entries: dict[str, Entry] = {}
        day = today()
        words = self.settings["FIRSTHAND_WORDS"]
        shown = {a.slug: a for a in self.context["articles"] if may_show(a.story, "feeds", day)}
        self._write("feeds/all.atom.xml", "", self.context["SITENAME"], list(shown.values()), writer)
        for person in self.context["people"]:
            if told := [shown[card.slug] for card in person.stories if card.slug in shown]:
                title = words.say("feed_of", name=person.name)
                self._write(f"feeds/people/{person.slug}.atom.xml", person.url, title, told, writer)
        for tag, articles in self.context["tags"]:
            if told := [article for article in articles if article.slug in shown]:
                title = words.say("feed_of", name=tag.name)
                self._write(f"feeds/topics/{tag.slug}.atom.xml", tag.url, title, told, writer)

    def _write(
        self, path: str, page: str, title: str, articles: list[StoryArticle], writer: SiteWriter
    ) -> None:
        newest = articles[: self.settings["FEED_MAX_ITEMS"]]  # the lists have the latest first
        root = self.settings["FEED_DOMAIN"] or "http://localhost"
        subtitle = self.context.get("SITESUBTITLE", "")
        writer.page(
            path,
            feed_text,
            head=Head(title, subtitle, self.settings["DEFAULT_LANG"], root, page, path),
            entries=tuple([self._entry(article) for article in newest]),
            bodies=tuple(article.body for article in newest),
        )

    def _entry(self, article: StoryArticle) -> Entry:
        if article.slug not in self._entries:
            self._entries[article.slug] = entry_of(article)
        return self._entries[article.slug]


def entry_of(article: StoryArticle) -> Entry:
    """A story as a feed tells it."""
    return Entry(
        article.card,
        getattr(article, "modified", None),
        (str(article.category), *(str(tag) for tag in article.tags)),
        article.story.via.url if article.story.via else "",
        tuple(article.photographs.values()),
    )


def feed_text(site: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """A feed as XML, from a Head, its entries and their texts."""
    head: Head = values["head"]
    feed = StoryFeed(
        title=head.title,
        link=f"{head.root}/{head.page}",
        feed_url=f"{head.root}/{head.path}",
        description="",
        subtitle=head.subtitle,
        language=head.lang,
    )
    for entry, body in zip(values["entries"], values["bodies"], strict=True):
        feed.add_item(**_item(entry, body, head.root))
    out = io.StringIO()
    feed.write(out, "utf-8")
    return out.getvalue()


def _item(entry: Entry, body: str, root: str) -> dict[str, Any]:
    """One story as feedgenerator takes it; the text in full, its links absolute."""
    card = entry.card
    url = f"{root}/{card.url}"
    host = root.split("://")[-1].split("/")[0].split(":")[0]
    return {
        "title": card.title,
        "link": url,
        "unique_id": f"tag:{host},{card.date:%Y-%m-%d}:/{card.url}",
        # The summary is plain words, and feedgenerator says that it is HTML.
        "description": str(escape(card.summary)),
        "content": clean_html(body, url),
        "categories": entry.categories,
        "pubdate": card.date,
        "updateddate": entry.modified or card.date,
        "people": [(face.name, f"{root}/{face.url}" if face.url else "") for face in card.tellers],
        "via": entry.via,
    }
