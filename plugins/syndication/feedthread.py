"""What a feed says about comments: how many there are, where they are to be read, what an entry answers.

Sources: RFC 4685 (Atom threading), the wfw and slash modules of RSS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .address import absolute

_THREADING = "http://purl.org/syndication/thread/1.0"
_FEEDS = (
    "application/atom+xml",
    "application/rss+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
)
_MOST = 1_000_000


@dataclass(frozen=True)
class Thread:
    """The comments of one entry, as the feed knows of them."""

    feed: str = ""  # absolute http(s)
    count: int | None = None
    answers: str = ""  # the id of what the entry answers


def thread_of(item: Any, namespaces: Mapping[str, str], base: str) -> Thread:
    """What feedparser's entry says. Its keys carry the document's own prefix for a namespace."""
    prefixes = [prefix for prefix, uri in namespaces.items() if uri.rstrip("/").lower() == _THREADING]
    feed, count = absolute(item.get("wfw_commentrss"), base), _number(item.get("slash_comments"))
    for link in item.get("links") or ():
        if link.get("rel") != "replies":
            continue
        # Where a link says no type feedparser calls it a web page, and then it is not asked for.
        kind = str(link.get("type") or "").split(";")[0].strip().lower()
        if kind in _FEEDS and not feed:
            feed = absolute(link.get("href"), base)
        if count is None:
            counts = (link.get(f"{prefix}:count" if prefix else "count") for prefix in prefixes)
            count = next(filter(lambda number: number is not None, map(_number, counts)), None)
    if count is None:
        totals = (_number(item.get(_key(prefix, "total"))) for prefix in prefixes)
        count = next(filter(lambda number: number is not None, totals), None)
    return Thread(feed, count, _answered(item, prefixes))


def _answered(item: Any, prefixes: list[str]) -> str:
    for prefix in prefixes:
        answered = item.get(_key(prefix, "in-reply-to"))
        if hasattr(answered, "get") and (ref := str(answered.get("ref") or "").strip()):
            return ref
    return ""


def _key(prefix: str, name: str) -> str:
    return f"{prefix}_{name}" if prefix else name


def _number(value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < 12 else None
