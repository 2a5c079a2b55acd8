"""Whether a feed that was found elsewhere is still the same feed.

An address is given up only where the server says for good (301, 308) at every step, and what is
found there is a feed with an entry that we know: a maintenance page is no feed, and a domain that
changed hands brings entries that nobody knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from plugins.guard.fetch import Response

from .entry import Entry, Feed

KNOWN = 200  # marks kept of a feed


def marks(feed: Feed) -> tuple[str, ...]:
    """What a feed's entries can be known by later: short digests of guids, addresses, titles with dates."""
    found = dict.fromkeys(mark for entry in feed.entries for mark in _marks(entry))
    return tuple(found)[:KNOWN]


def overlaps(feed: Feed, known: Iterable[str]) -> bool:
    """True where one of the feed's entries was in the feed before."""
    before = set(known)
    return any(mark in before for entry in feed.entries for mark in _marks(entry))


def new_address(response: Response, feed: Feed, known: tuple[str, ...]) -> str:
    """The address to ask from now on, or "" where the one that was asked stays."""
    return response.url if response.moved_for_good and overlaps(feed, known) else ""


def is_strange(response: Response, asked: str, feed: Feed, known: tuple[str, ...]) -> bool:
    """True where we were sent on to another host whose feed has nothing of what we know."""
    there, here = urlsplit(response.url).hostname or "", urlsplit(asked).hostname or ""
    if not response.redirects or there.removeprefix("www.") == here.removeprefix("www."):
        return False
    return bool(known) and not overlaps(feed, known)


def _marks(entry: Entry) -> Iterable[str]:
    for text in (entry.id, entry.url):
        if text.strip():
            yield _digest(re.sub(r"^https?://", "//", text.strip(), flags=re.IGNORECASE))
    if entry.title and entry.published:
        yield _digest(f"{entry.published.isoformat()} {entry.title}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
