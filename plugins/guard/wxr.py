"""WordPress's own export (WXR) as plain fields: its posts, their comments, its authors.

feedparser keeps one comment of a post and none of its parts, so the file is read with expat here.
Source: https://wordpress.org/documentation/article/tools-export-screen/, wp-admin/includes/export.php
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from .exports import Fields, read_xml

_MARK = b"//wordpress.org/export/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_CREATOR = "http://purl.org/dc/elements/1.1/ creator"
_PARTS = ("wp:comment", "wp:author", "wp:postmeta")  # what an item or the channel has several of
REMARKS = frozenset({"", "comment"})  # of the types a comment can have, those that people write


@dataclass
class Item:
    """An item: its own fields, and those of what it has several of."""

    fields: Fields = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    comments: list[Fields] = field(default_factory=list)
    meta: Fields = field(default_factory=dict)

    @property
    def is_published(self) -> bool:
        """True where everybody may read it, without a password."""
        return self.fields.get("wp:status", "publish") == "publish" and not self.fields.get(
            "wp:post_password"
        )

    @property
    def is_public(self) -> bool:
        """True for a published post: no page, no picture."""
        return self.fields.get("wp:post_type", "post") == "post" and self.is_published


@dataclass
class Wxr:
    """A whole export."""

    channel: Fields = field(default_factory=dict)
    authors: list[Fields] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def is_wxr(head: bytes) -> bool:
    """True where the head of a file names WordPress's export format."""
    return _MARK in head[:20_000]


def read_wxr(chunks: Iterable[bytes]) -> Wxr:
    """Everything of an export, in its order. Raises ValueError, in words, where it is broken."""
    reading = _Reading()
    read_xml(chunks, reading, "the export")
    return reading.export


def moment(text: str) -> datetime.datetime | None:
    """MySQL's way to write a time in UTC; it writes zeros where there is none."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


class _Reading:
    """What expat tells, put together."""

    def __init__(self) -> None:
        self.export = Wxr()
        self._part: Fields = {}  # the comment, author or postmeta that is open
        self._item = Item()

    def begin(self, path: list[str], attributes: dict[str, str]) -> None:
        name = path[-1] = _short(path[-1])
        if len(path) in (3, 4) and (name == "item" or name in _PARTS):
            self._part = {}
            if name == "item":
                self._item = Item()

    def end(self, path: list[str], text: str) -> None:
        name, inside, depth = path[-1], path[2:-1], len(path)
        if name == "item" and depth == 3:
            self.export.items.append(self._item)
        elif name == "wp:comment" and inside == ["item"]:
            self._item.comments.append(self._part)
        elif name == "wp:postmeta" and inside == ["item"]:
            self._item.meta[self._part.get("wp:meta_key", "")] = self._part.get("wp:meta_value", "")
        elif name == "wp:author" and depth == 3:
            self.export.authors.append(self._part)
        elif inside == ["item"]:
            if name == "category" and text:
                self._item.tags.append(text)
            self._item.fields.setdefault(name, text)
        elif inside and inside[-1] in _PARTS:
            self._part.setdefault(name, text)
        elif depth == 3:
            self.export.channel.setdefault(name, text)


def _short(name: str) -> str:
    """An expanded name as the format's own documents write it, whatever prefix and version the file has."""
    space, _, local = name.rpartition(" ")
    if "//wordpress.org/export/" in space:
        return f"excerpt:{local}" if space.rstrip("/").endswith("excerpt") else f"wp:{local}"
    return {_CONTENT: "content:encoded", _CREATOR: "dc:creator"}.get(
        name, f"{space} {local}" if space else local
    )
