"""What a feed says, whatever its format: one feed, its entries, their comments, plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any


def _told(moment: datetime.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(told: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(told) if told else None


@dataclass(frozen=True)
class Remark:
    """A comment as a feed or an export tells it. Nothing of it is cleaned yet."""

    id: str
    parent: str = ""  # the id of the comment it answers, or ""
    author: str = ""  # the name alone: never an e-mail address, an IP address or a hash of one
    url: str = ""  # where it was written, absolute http(s), or ""
    published: datetime.datetime | None = None  # UTC
    html: str = ""

    def as_json(self) -> dict[str, Any]:
        """The comment in values that JSON can say; `from_json` reads them back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**values, "published": _told(self.published)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Remark:
        """The comment from `as_json`."""
        return cls(**{**values, "published": _moment(values["published"])})


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. All of it is somebody else's text: nothing here is cleaned yet."""

    id: str = ""  # the guid as the feed gives it; "" where it has none
    url: str = ""  # absolute http(s), or ""
    title: str = ""  # text, no markup
    author: str = ""
    published: datetime.datetime | None = None  # UTC
    updated: datetime.datetime | None = None  # UTC
    html: str = ""  # the longest text the entry has
    tags: tuple[str, ...] = ()
    lang: str = ""
    image: str = ""
    base: str = ""  # what relative links in html are resolved against
    comments_feed: str = ""  # wfw:commentRss or rel=replies, absolute http(s), or ""
    comments_count: int | None = None  # slash:comments or thr:count; None where the feed is silent
    in_reply_to: str = ""  # the id this entry answers (RFC 4685), or ""
    comments: tuple[Remark, ...] = ()  # what an export carries with the entry itself
    image_alt: str = ""  # what the feed says is in the picture
    author_url: str = ""  # the author's own address, absolute http(s), or ""
    noindex: bool = False  # the entry asks to be left out of other sites' indexes
    left_out: tuple[str, ...] = ()  # shortcodes of its blog that html is without, by name: gallery

    def as_json(self) -> dict[str, Any]:
        """The entry in values that JSON can say; `from_json` reads them back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            **values,
            "published": _told(self.published),
            "updated": _told(self.updated),
            "comments": [remark.as_json() for remark in self.comments],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Entry:
        """The entry from `as_json`."""
        return cls(
            **{
                **values,
                "published": _moment(values["published"]),
                "updated": _moment(values["updated"]),
                "tags": tuple(values["tags"]),
                "left_out": tuple(values["left_out"]),
                "comments": tuple(Remark.from_json(remark) for remark in values["comments"]),
            }
        )


@dataclass(frozen=True)
class Feed:
    """A feed read: its own title, site and author, and its entries in its own order."""

    title: str = ""
    url: str = ""  # the author's site, absolute http(s), or ""
    author: str = ""
    lang: str = ""
    entries: tuple[Entry, ...] = ()
    left_out: int = 0  # entries beyond the limit
    ttl: int | None = None  # seconds for which the feed asks to be left alone
    self_url: str = ""  # the address the feed gives itself (rel=self), absolute http(s), or ""
    noindex: bool = False  # the feed asks to be left out of other sites' indexes

    def as_json(self) -> dict[str, Any]:
        """The feed in values that JSON can say; `from_json` reads them back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**values, "entries": [entry.as_json() for entry in self.entries]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Feed:
        """The feed from `as_json`."""
        return cls(**{**values, "entries": tuple(Entry.from_json(entry) for entry in values["entries"])})
