"""Which entry is which story: decided from the entries and from content/ alone, without side effects.

An entry is known by its guid; by guid and address where a feed gives several entries one guid; by
its address where it has no guid; by its title and text where it has neither. http and https guids
are one, since sites move from one to the other and would tell every story again.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugins.guard.document import Document
from plugins.guard.text import one_line

from .entry import Entry
from .source import Source
from .web import web_address

LONGEST_KEY = 300


@dataclass(frozen=True)
class Existing:
    """A story of content/ that came from a feed."""

    slug: str
    feed: str
    id: str
    url: str
    document: Document

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


def decide(entries: Sequence[Entry], existing: Iterable[Existing], source: Source) -> list[Decision]:
    """A decision for every entry, in the feed's order."""
    keys = identities(entries)
    ours = [story for story in existing if story.feed == source.person]
    by_key = {_same(story.id): story for story in ours}
    by_url: dict[str, list[Existing]] = {}
    for our in ours:
        if our.url:
            by_url.setdefault(_same(our.url), []).append(our)
    addresses = Counter(_same(entry.url) for entry in entries)
    claimed = {_same(key) for key in keys}
    decisions: list[Decision] = []
    seen: set[str] = set()
    for entry, key in zip(entries, keys, strict=True):
        same = _same(key)
        story = by_key.get(same)
        if story is None and entry.url and addresses[_same(entry.url)] == 1:
            # The guid changed, the address did not. Not where the story's own guid is still in the feed.
            found = by_url.get(_same(entry.url), [])
            if len(found) == 1 and _same(found[0].id) not in claimed:
                story = found[0]
        if same in seen:
            decisions.append(Decision(entry, key, story, "it is in the feed twice"))
        elif story is None and source.tags and not _has_tag(entry, source.tags):
            asked = ", ".join(source.tags)
            decisions.append(Decision(entry, key, None, f"it has none of the tags asked for ({asked})"))
        else:
            decisions.append(Decision(entry, key, story))
        seen.add(same)
    return decisions


def identities(entries: Sequence[Entry]) -> list[str]:
    """The key of every entry within its feed, as the story's `source.id` keeps it."""
    guids = Counter(_same(entry.id) for entry in entries if entry.id.strip())
    alike: dict[str, set[str]] = {}
    for entry in entries:
        alike.setdefault(_same(entry.id), set()).add(_same(entry.url))
    keys = []
    for entry in entries:
        guid, url = entry.id.strip(), web_address(entry.url)
        if guid and (guids[_same(guid)] == 1 or len(alike[_same(guid)]) == 1 or not url):
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


def _same(text: str) -> str:
    """For comparing only: http and https are one, and so is what _key made of it."""
    key = _key(text) if text.strip() else ""
    return re.sub(r"\bhttps?://", "//", key, flags=re.IGNORECASE)


def _has_tag(entry: Entry, asked: tuple[str, ...]) -> bool:
    have = {one_line(tag).casefold() for tag in entry.tags}
    return any(tag.casefold() in have for tag in asked)
