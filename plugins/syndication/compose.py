"""An entry and what its author agreed to, made into the text of a story's file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pelican.settings import DEFAULT_CONFIG
from pelican.utils import slugify as pelican_slugify

from plugins.guard.document import Document, as_date
from plugins.guard.text import one_line, slugify
from plugins.people import Profile
from plugins.stories.story import SUMMARY_LENGTH

from .body import MARK, body
from .composed import Composed as Composed
from .composed import digest
from .composed import pulled as pulled
from .credit import Credited, credit
from .entry import Entry, Feed
from .excerpt import excerpt
from .images import Picture, alt_text, images, lead_of, picture, replaced
from .source import Source
from .tidy import blocks
from .tree import Node, serialise
from .web import host, web_address

TITLE_LENGTH = 200
TAG_LENGTH = 40
MAX_TAGS = 8
STORIES_OF_A_PICTURE = 2
MAX_HTML = 1_000_000  # characters of one entry, before anything is taken out
_ADDRESS = DEFAULT_CONFIG["SLUG_REGEX_SUBSTITUTIONS"]  # how a topic's address is made: one topic an address
_SENTENCE = re.compile(r"[.!?…؟۔][\"'”’)]*(?=\s)")


class CannotCompose(ValueError):
    """An entry that makes no story; the words say why."""


def compose(
    entry: Entry,
    feed: Feed,
    source: Source,
    *,
    key: str,
    date: datetime.date,
    status: str,
    in_full: bool | None = None,
    people: Mapping[str, Profile] | None = None,
) -> Composed:
    """The story of an entry. `key` is its identity within the feed, as `decide` found it.

    `in_full` False takes the excerpt whatever the source says. With `people` (see `read_people`) the
    entry's author is looked for among them; a story with a question about that is a draft. Its
    pictures are links until `illustrate` brings them in. Raises CannotCompose.
    """
    if len(entry.html) > MAX_HTML:
        raise CannotCompose(f"its text has {len(entry.html):,} characters of HTML, too many to read")
    url = web_address(entry.url)
    base = web_address(entry.base) or url
    parts = blocks(entry.html, base, feed.url)
    words = " ".join(filter(None, (part.text() for part in parts)))
    if not one_line(words):
        raise CannotCompose("it has no text")
    whole = source.mode == "full" if in_full is None else in_full
    if not whole and not url:
        raise CannotCompose("it has no web address to send readers on to, and an excerpt needs one")
    chosen = parts if whole else excerpt(parts)
    lead, chosen = lead_of(chosen, _offered(entry, feed, parts))
    if not whole:
        chosen = [*chosen, _read_on(url)]
    told = credit(entry, feed, source, people) if people is not None else Credited(source.person, "")
    name = _field(source.name or feed.title or host(url), TITLE_LENGTH)
    first = next(text for part in parts if (text := part.text()))
    fields: dict[str, Any] = {
        "title": _field(entry.title, TITLE_LENGTH) or _first_words(words),
        "date": date,
        "author": told.author,
        "category": source.category,
        "tags": _tags(entry.tags),
        "summary": _summary(first if len(first) > 60 else words),
        "lang": _lang(entry.lang or feed.lang),
        "relationship": "member",
        "via": {"name": name or host(url), "url": url} if url else None,
        "canonical": url or None,
        "source": {"feed": source.person, "id": key},
        "consent": (dict(source.consent) or None) if told.consents else None,
        "status": "draft" if told.questions else status,
    }
    fields = {name: value for name, value in fields.items() if value}
    return Composed(
        fields,
        body(chosen, base),
        tuple(chosen),
        lead,
        base,
        told.name,
        _told(fields, chosen, lead),
        told.questions,
    )


def _offered(entry: Entry, feed: Feed, parts: Sequence[Node]) -> Picture | None:
    """The picture that the feed gives beside the text, with the words the text has for it.

    One that it gives to many is a portrait or a sign of the site's own.
    """
    address = web_address(entry.image)
    if not address or sum(other.image == entry.image for other in feed.entries) > STORIES_OF_A_PICTURE:
        return None
    offered = Picture((address,), alt_text(entry.image_alt, address))
    same = (shown for part in parts for place in images(part) if (shown := picture(place)).key == offered.key)
    return next((Picture(offered.addresses, offered.alt or shown.alt) for shown in same), offered)


def _told(fields: dict[str, Any], parts: Sequence[Node], lead: Picture | None) -> str:
    """The digest of a story with pictures: by what stays of their addresses, since some change daily."""
    if lead is None and not any(True for part in parts for _ in images(part)):
        return ""

    def named(shown: Picture) -> Node:
        return Node("img", {"src": shown.key, "alt": shown.alt})

    said = [serialise(part) for part in replaced(parts, lambda place: [named(picture(place))])]
    return digest(fields, "\n".join([*said, serialise(named(lead)) if lead else ""]))


def story_date(entry: Entry, first_seen: datetime.date) -> datetime.date:
    """The entry's own day; the day it was first seen where that is missing, in the future or absurd."""
    moment = entry.published or entry.updated
    if moment is None or moment.date() > first_seen or moment.year < 1990:
        return first_seen
    return moment.date()


def slug_for(entry: Entry, person: str, title: str) -> str:
    """A slug from the title; where that has no Latin letters from the address; else person and day."""
    letters = [mark for mark in title if mark.isalnum()]
    latin = sum(mark.isascii() for mark in letters)
    if letters and latin * 2 >= len(letters):
        return slugify(title, person)
    parts = urlsplit(web_address(entry.url))
    name = re.sub(r"\.\w{2,5}$", "", parts.path.rstrip("/").rsplit("/", 1)[-1])
    last = slugify(" ".join([name, *re.findall(r"\d+", parts.query)[:1]]), "")
    if re.search(r"[a-z]{3}", last):
        return last
    return slugify(f"{person} {last}" if last else f"{person} {title}", person)


def kept_date(document: Document) -> datetime.date | None:
    """The day a story already has; it was first seen then, whatever the feed says now."""
    return as_date(document.front.get("date"))


def _read_on(url: str) -> Node:
    link = Node("a", {"href": url}, [host(url)])
    return Node("p", {"lang": "en", "dir": "ltr"}, ["Read the full story at ", link, "."])


def _field(text: str, length: int) -> str:
    """One line of at most `length` characters, cut between words, without Pelican's link marks."""
    line = MARK.sub("(", one_line(text))
    if len(line) <= length:
        return line
    return one_line(line[:length].rsplit(" ", 1)[0]).rstrip(" ,;:-") + " …"


def _summary(words: str) -> str:
    """The first sentences as far as they fit, else the first words."""
    line = _field(words, SUMMARY_LENGTH)
    ends = [found.end() for found in _SENTENCE.finditer(line, 60, 220)]
    if len(line) <= 220 or not ends:
        return _field(words, 220)
    return line[: ends[-1]]


def _first_words(words: str) -> str:
    first = one_line(words).split(" ")
    return _field(" ".join(first[:8]) + (" …" if len(first) > 8 else ""), 100)


def _tags(tags: tuple[str, ...]) -> list[str]:
    found: dict[str, str] = {}
    for tag in tags:
        line = _field(tag.replace("<", " ").replace(">", " "), TAG_LENGTH)
        slug = slugify(line, "") and str(pelican_slugify(line, _ADDRESS))
        if re.search("[a-z0-9]", slug):
            found.setdefault(slug, line)
    return list(found.values())[:MAX_TAGS]


def _lang(lang: str) -> str:
    """The two-letter language of "en-US"; nothing where the feed names none."""
    primary = lang.strip().lower().replace("_", "-").split("-")[0]
    return primary if re.fullmatch(r"[a-z]{2}", primary) else ""
