"""An entry and what its author agreed to, made into the text of a story's file."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugins.guard.document import Document, as_date
from plugins.guard.html import clean_html
from plugins.guard.text import body_text, one_line, slugify, yaml_front_matter
from plugins.stories.story import SUMMARY_LENGTH

from .entry import Entry, Feed
from .excerpt import excerpt
from .source import Source
from .tidy import blocks
from .tree import Node, serialise
from .web import host, web_address

TITLE_LENGTH = 200
TAG_LENGTH = 40
MAX_TAGS = 8
MAX_HTML = 1_000_000  # characters of one entry, before anything is taken out
_MARK = re.compile(r"[{|](?=\s*\w+\s*[}|])")
_SENTENCE = re.compile(r"[.!?…؟۔][\"'”’)]*(?=\s)")
_FENCE = re.compile(r"`{3,}|~{3,}")
_PULLED = re.compile(r"^<!-- pulled: ([0-9a-f]{16}) -->\s*\Z", re.MULTILINE)
_UNDATED = frozenset({"date", "status", "locked"})


class CannotCompose(ValueError):
    """An entry that makes no story; the words say why."""


@dataclass(frozen=True)
class Composed:
    """A story ready to be written: its fields and its body."""

    fields: dict[str, Any]
    body: str  # one <div> of cleaned HTML

    @property
    def digest(self) -> str:
        """What the feed and the source say, as sixteen hex digits; no date, no status."""
        return digest(self.fields, self.body)

    @property
    def url(self) -> str:
        """Where it was first published, or nothing."""
        return str(self.fields.get("canonical", ""))

    def text(self) -> str:
        """The file: front matter, body, and a mark that tells our writing from an editor's."""
        return f"{yaml_front_matter(self.fields)}{self._marked()}"

    def document(self, path: Path) -> Document:
        """The file as it reads back once it is written."""
        return Document(path, self.fields, {}, self._marked(), 1)

    def _marked(self) -> str:
        return f"{self.body}\n\n<!-- pulled: {self.digest} -->\n"


def compose(
    entry: Entry,
    feed: Feed,
    source: Source,
    *,
    key: str,
    date: datetime.date,
    status: str,
    in_full: bool | None = None,
) -> Composed:
    """The story of an entry. `key` is its identity within the feed, as `decide` found it.

    `in_full` False takes the excerpt whatever the source says. Raises CannotCompose.
    """
    if len(entry.html) > MAX_HTML:
        raise CannotCompose(f"its text has {len(entry.html):,} characters of HTML, too many to read")
    url = web_address(entry.url)
    base = web_address(entry.base) or url
    parts = blocks(entry.html, base)
    words = " ".join(part.text() for part in parts)
    if not one_line(words):
        raise CannotCompose("it has no text")
    whole = source.mode == "full" if in_full is None else in_full
    if whole:
        body = _body(parts, base)
    elif url:
        body = _body([*excerpt(parts), _read_on(url)], base)
    else:
        raise CannotCompose("it has no web address to send readers on to, and an excerpt needs one")
    name = _field(source.name or feed.title or host(url), TITLE_LENGTH)
    fields: dict[str, Any] = {
        "title": _field(entry.title, TITLE_LENGTH) or _first_words(words),
        "date": date,
        "author": source.person,
        "category": source.category,
        "tags": _tags(entry.tags),
        "summary": _summary(parts[0].text() if len(parts[0].text()) > 60 else words),
        "lang": _lang(entry.lang or feed.lang),
        "relationship": "member",
        "via": {"name": name or host(url), "url": url} if url else None,
        "canonical": url or None,
        "source": {"feed": source.person, "id": key},
        "consent": dict(source.consent) or None,
        "status": status,
    }
    return Composed({name: value for name, value in fields.items() if value}, body)


def digest(fields: dict[str, Any], body: str) -> str:
    """The same for a story as composed and as read back from its file, until somebody edits it."""
    kept = {name: value for name, value in fields.items() if name not in _UNDATED}
    said = json.dumps([kept, body.strip()], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def pulled(document: Document) -> tuple[str, bool]:
    """The digest a story was written with ("" where it has none), and whether it is still as written."""
    mark = _PULLED.search(document.body)
    if mark is None:
        return "", False
    return mark[1], digest(document.front, document.body[: mark.start()]) == mark[1]


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


def _body(parts: list[Node], base: str) -> str:
    # An empty line between them: the guard weighs a text paragraph by paragraph.
    rows = "\n\n".join(serialise(part) for part in parts)
    # Again body_text: an entity can hide what the first pass took out.
    cleaned = body_text(clean_html(f"<div>\n{rows}\n</div>", base)).strip()
    # Text that looks like a link mark or a code fence stays text, for Pelican and for Markdown.
    cleaned = _MARK.sub(lambda mark: f"&#{ord(mark[0])};", cleaned)
    return _FENCE.sub(lambda run: f"&#{ord(run[0][0])};" * len(run[0]), cleaned)


def _read_on(url: str) -> Node:
    link = Node("a", {"href": url}, [host(url)])
    return Node("p", {"lang": "en", "dir": "ltr"}, ["Read the full story at ", link, "."])


def _field(text: str, length: int) -> str:
    """One line of at most `length` characters, cut between words, without Pelican's link marks."""
    line = _MARK.sub("(", one_line(text))
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
        line = _field(tag, TAG_LENGTH)
        slug = slugify(line, "")
        if slug:
            found.setdefault(slug, line)
    return list(found.values())[:MAX_TAGS]


def _lang(lang: str) -> str:
    """The two-letter language of "en-US"; nothing where the feed names none."""
    primary = lang.strip().lower().replace("_", "-").split("-")[0]
    return primary if re.fullmatch(r"[a-z]{2}", primary) else ""
