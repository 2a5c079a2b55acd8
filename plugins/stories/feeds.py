"""Atom feeds: all stories, each person's, each topic's; full text, every author, where consent allows.

Source: RFC 4287. Pelican's own writer knows one author an entry, and takes ten times as long.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from pelican.generators import Generator

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.fingerprint import digest
from plugins.guard.html import from_root
from plugins.guard.photo import Photograph

from .article import StoryArticle
from .card import Card
from .page import Told

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
ALL = "feeds/all.atom.xml"


@dataclass(frozen=True)
class Replies:
    """The feed of what was said under a story: its file, how many comments it has, and the latest's time."""

    path: str
    count: int
    updated: datetime.datetime | None


@dataclass(frozen=True)
class Entry:
    """One story in a feed, but for its text."""

    card: Card
    told: Told
    photographs: tuple[Photograph, ...]
    replies: Replies | None


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
        words = self.settings["FIRSTHAND_WORDS"]
        shown: Mapping[str, StoryArticle] = self.context["stories_with_feed"]
        self._write(ALL, "", self.context["SITENAME"], list(shown.values()), writer)
        for person in self.context["people"]:
            if told := [shown[article.slug] for article in person.stories if article.slug in shown]:
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

        def shown() -> dict[str, Any]:
            root = self.settings["FEED_DOMAIN"] or "http://localhost"
            subtitle = self.context.get("SITESUBTITLE", "")
            return {
                "head": Head(title, subtitle, self.settings["DEFAULT_LANG"], root, page, path),
                "entries": tuple([self._entry(article) for article in newest]),
                "bodies": tuple([article.text for article in newest]),
            }

        writer.page_of(path, feed_text, digest(*[article.kept.key for article in newest]), shown)

    def _entry(self, article: StoryArticle) -> Entry:
        if article.slug not in self._entries:
            photographs = tuple(article.photographs.values())
            entry = Entry(article.card, article.told, photographs, article.replies)
            self._entries[article.slug] = entry
        return self._entries[article.slug]


def feed_text(site: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """A feed as XML, from a Head, its entries and their texts."""
    head: Head = values["head"]
    entries = values["entries"]
    days = [_updated(entry) for entry in entries]
    lines = beginning(head, max(days, default=EPOCH))
    for entry, body in zip(entries, values["bodies"], strict=True):
        lines += _entry(entry, body, head.root)
    return "\n".join([*lines, "</feed>", ""])


def beginning(head: Head, updated: datetime.datetime) -> list[str]:
    """What stands before a feed's entries; the prefix `thr` is that of RFC 4685."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
        f" xml:lang={quoteattr(head.lang)}>",
        f"<title>{escape(head.title)}</title>",
        f'<link href={quoteattr(f"{head.root}/{head.page}")} rel="alternate"/>',
        f'<link href={quoteattr(f"{head.root}/{head.path}")} rel="self"/>',
        f"<id>{escape(f'{head.root}/{head.page}')}</id>",
        f"<updated>{updated.isoformat()}</updated>",
    ]
    if head.subtitle:
        lines.append(f"<subtitle>{escape(head.subtitle)}</subtitle>")
    return lines


def entry_id(card: Card, root: str) -> str:
    """A story's id in every feed. Source: RFC 4151"""
    return f"tag:{host_of(root)},{card.date:%Y-%m-%d}:/{card.url}"


def host_of(root: str) -> str:
    """The host that the ids of a feed name."""
    return urlsplit(root).hostname or "localhost"


def _updated(entry: Entry) -> datetime.datetime:
    return entry.told.modified or entry.card.date


def _entry(entry: Entry, body: str, root: str) -> list[str]:
    """One story; the text in full, its links absolute. Source: RFC 4287, section 4.1.2"""
    card, story = entry.card, entry.told.story
    url = f"{root}/{card.url}"
    parts = urlsplit(root)
    origin = f"{parts.scheme}://{parts.netloc}"
    lines = [
        "<entry>",
        f"<title>{escape(card.title)}</title>",
        f'<link href={quoteattr(url)} rel="alternate"/>',
        f"<published>{card.date.isoformat()}</published>",
        f"<updated>{_updated(entry).isoformat()}</updated>",
    ]
    for face in card.tellers:
        page = f"<uri>{escape(f'{root}/{face.url}')}</uri>" if face.url else ""
        lines.append(f"<author><name>{escape(face.name)}</name>{page}</author>")
    lines += [
        f"<id>{escape(entry_id(card, root))}</id>",
        # As HTML that has no marks: some readers take every summary for HTML.
        f'<summary type="html">{escape(escape(card.summary))}</summary>',
        f'<content type="html">{escape(from_root(body, origin))}</content>',
        *(f"<category term={quoteattr(name)}/>" for name in (story.category, *story.tags)),
    ]
    if story.via:
        lines.append(f'<link rel="via" href={quoteattr(story.via.url)}/>')
    if entry.replies:
        lines += _replies(entry.replies, root)
    return [*lines, "</entry>"]


def _replies(replies: Replies, root: str) -> list[str]:
    """Where the conversation is, and how much was said. Source: RFC 4685, sections 4 and 5"""
    when = f' thr:updated="{replies.updated.isoformat()}"' if replies.updated else ""
    return [
        f'<link rel="replies" type="application/atom+xml" href={quoteattr(f"{root}/{replies.path}")}'
        f' thr:count="{replies.count}"{when}/>',
        f"<thr:total>{replies.count}</thr:total>",
    ]
