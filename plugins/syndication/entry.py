"""What a feed says, whatever its format: one feed, its entries, plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields
from typing import Any


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

    def as_json(self) -> dict[str, Any]:
        """The entry in values that JSON can say; `from_json` reads them back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        for name in ("published", "updated"):
            moment = values[name]
            values[name] = moment.isoformat() if moment else None
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Entry:
        """The entry from `as_json`."""
        moments = {
            name: datetime.datetime.fromisoformat(values[name]) if values[name] else None
            for name in ("published", "updated")
        }
        return cls(**{**values, **moments, "tags": tuple(values["tags"])})


@dataclass(frozen=True)
class Feed:
    """A feed read: its own title, site and author, and its entries in its own order."""

    title: str = ""
    url: str = ""  # the author's site, absolute http(s), or ""
    author: str = ""
    lang: str = ""
    entries: tuple[Entry, ...] = ()
    left_out: int = 0  # entries beyond the limit
