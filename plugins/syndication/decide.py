"""Which entry is which story: decided from the entries and from content/, without side effects.

An entry is known by its guid; by guid and address where a feed gives several entries one guid; by
its address where it has no guid; by its title and text where it has neither. http and https guids
are one, since sites move from one to the other and would tell every story again.

The database adds what content/ cannot know: that a story was made of an entry and taken away here.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from plugins.guard.document import Document, as_date
from plugins.guard.text import one_line

from .entry import Entry
from .remembered import Remembered
from .source import Source
from .web import web_address

LONGEST_KEY = 300
# What readers' programs are counted with; it may differ at every fetch.
_COUNTED = re.compile(r"(?<=[?&])(?:utm_\w+|fbclid|gclid)=[^&#]*&?", re.IGNORECASE)
_COMMENT = re.compile(r"(?:comment|respond)-?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Existing:
    """A story of content/ that came from a feed, or that names where it was first published."""

    slug: str
    feed: str  # whose; "" where it was written by hand
    id: str
    url: str
    document: Document

    @cached_property
    def address(self) -> str:
        """Where it was first published, for comparing only; asked at every source of a pull."""
        return same_address(self.url) if self.url else ""

    @property
    def day(self) -> datetime.date | None:
        """The day it stands under; it was first seen then, whatever the feed says now."""
        return as_date(self.document.front.get("date"))

    @property
    def is_draft(self) -> bool:
        """True until an editor publishes it."""
        return bool(self.document.front.get("status") == "draft")

    @property
    def is_locked(self) -> bool:
        """True where an editor keeps the feed from changing it."""
        return self.document.front.get("locked") is True


@dataclass(frozen=True)
class Decision:
    """What an entry is: a story that is there, a new one, or one that is left out and why."""

    entry: Entry
    key: str
    story: Existing | None = None
    skip: str = ""
    twice: bool = False  # an earlier entry of the feed is the same
    row: Remembered | None = None  # what is known of the entry, of this feed before another of the person's


def decide(
    entries: Sequence[Entry],
    existing: Iterable[Existing],
    source: Source,
    remembered: Collection[Remembered] = (),
    *,
    noindex: bool = False,
    again: bool = False,
) -> list[Decision]:
    """A decision for every entry, in the feed's order.

    `remembered` are the person's rows; `noindex` says that the whole feed asks to be left out;
    `again` brings back what was taken away here.
    """
    keys = identities(entries)
    existing = list(existing)
    ours = [story for story in existing if story.feed == source.person]
    by_slug = {story.slug: story for story in ours}
    by_key = {same_key(story.id): story for story in ours}
    by_url: dict[str, list[Existing]] = {}
    for our in ours:
        if our.url:
            by_url.setdefault(our.address, []).append(our)
    rows = {same_key(row.key): row for row in sorted(remembered, key=lambda row: row.feed == source.feed)}
    addresses = Counter(same_address(entry.url) for entry in entries)
    theirs = {one.address: one for one in existing if one.address in addresses and one.feed != source.person}
    claimed = {same_key(key) for key in keys}
    decisions: list[Decision] = []
    seen: set[str] = set()
    for entry, key in zip(entries, keys, strict=True):
        same = same_key(key)
        row = rows.get(same)
        # A guid that changed once is in the database with its story, whose own guid is the first one.
        story = by_key.get(same) or (by_slug.get(row.slug) if row else None)
        if story and same_key(story.id) != same and same_key(story.id) in claimed:
            story = None  # its own entry is in the feed
        if story is None and entry.url and addresses[same_address(entry.url)] == 1:
            # The guid changed, the address did not. Not where the story's own guid is still in the feed.
            found = by_url.get(same_address(entry.url), [])
            if len(found) == 1 and same_key(found[0].id) not in claimed:
                story = found[0]
        skip = "it is in the feed twice" if same in seen else ""
        if story is None and not skip:
            skip = _left_out(entry, source, noindex) or ("" if again else _taken_away(row))
            address = same_address(entry.url)
            if not skip and addresses[address] == 1 and (other := theirs.get(address)) and address:
                skip = f"stories/{other.slug} is there already, first published at the same address"
        decisions.append(Decision(entry, key, story, skip, same in seen, row))
        seen.add(same)
    return decisions


def _left_out(entry: Entry, source: Source, noindex: bool) -> str:
    """Why an entry makes no story, or nothing."""
    if is_comment(entry):
        return "it is a comment, and comments make no stories"
    if noindex or entry.noindex:
        return "its author asks other sites to leave it out (noindex)"
    if source.tags and not _has_tag(entry, source.tags):
        return f"it has none of the tags asked for ({', '.join(source.tags)})"
    return ""


def _taken_away(row: Remembered | None) -> str:
    if row is None or not row.slug:
        return ""
    return f"stories/{row.slug} was made of it and taken away here; --again brings it back"


def is_comment(entry: Entry) -> bool:
    """True where the entry answers another one (RFC 4685), or its address is a comment's."""
    return bool(entry.in_reply_to) or _COMMENT.match(urlsplit(web_address(entry.url)).fragment) is not None


def identities(entries: Sequence[Entry]) -> list[str]:
    """The key of every entry within its feed, as the story's `source.id` keeps it."""
    guids = Counter(same_key(entry.id.strip()) for entry in entries if entry.id.strip())
    alike: dict[str, set[str]] = {}
    for entry in entries:
        alike.setdefault(same_key(entry.id.strip()), set()).add(same_key(entry.url))
    keys = []
    for entry in entries:
        guid, url = entry.id.strip(), web_address(entry.url)
        if guid and (guids[same_key(guid)] == 1 or len(alike[same_key(guid)]) == 1 or not url):
            keys.append(_key(guid))
        elif guid:
            keys.append(_key(f"{guid} {url}"))
        elif url:
            keys.append(_key(url))
        else:
            text = f"{one_line(entry.title)}\n{' '.join(entry.html.split())}"
            keys.append("sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32])
    return keys


def _key(text: str) -> str:
    """One line that front matter can hold: no link marks, and short; longer ones are hashed."""
    line = re.sub(r"[{}|]", "_", one_line(text))
    if line and len(line) <= LONGEST_KEY:
        return line
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def same_key(text: str) -> str:
    """For comparing only: http and https are one, and so is what _key made of it."""
    key = _key(text) if text.strip() else ""
    return re.sub(r"\bhttps?://", "//", key, flags=re.IGNORECASE)


def same_address(url: str) -> str:
    """For comparing only: without what counts readers, and with or without a slash at the end."""
    return same_key(_COUNTED.sub("", url).rstrip("?&/")).replace("//www.", "//", 1)


def _has_tag(entry: Entry, asked: tuple[str, ...]) -> bool:
    have = {one_line(tag).casefold() for tag in entry.tags}
    return any(tag.casefold() in have for tag in asked)
