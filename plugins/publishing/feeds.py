"""What an Atom feed must have for a reader's program to take it (RFC 4287), and what it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .page import Problem, Reference, read_page
from .tree import Node

_ATOM = "http://www.w3.org/2005/Atom "
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9 "


def is_feed(root: Node) -> bool:
    """Whether the file is an Atom feed; another XML file only has to be well-formed."""
    return root.name == _ATOM + "feed"


def feed_problems(root: Node) -> Iterator[Problem]:
    """Missing or wrong parts of a feed and its entries."""
    entries = root.all(_ATOM + "entry")
    yield from _common(root, "feed")
    signed = bool(_names(root))
    seen: dict[str, int] = {}
    for entry in entries:
        yield from _common(entry, "entry")
        if not signed and not _names(entry):
            yield entry.line, "the entry has no author, nor has the feed.", "Give the story an author."
        links = [
            link
            for link in entry.all(_ATOM + "link")
            if link.attributes.get("rel", "alternate") == "alternate"
        ]
        if not links:
            yield entry.line, "the entry links to no page.", 'Give it a <link rel="alternate">.'
        identity = _text(entry, "id")
        if identity in seen:
            yield (
                entry.line,
                f"the entry has the id of line {seen[identity]}.",
                "Give every entry its own id.",
            )
        elif identity:
            seen[identity] = entry.line
    if not entries and not signed:
        yield (
            root.line,
            "the feed has no author.",
            "Give the feed an <author>, as it has no entries that name one.",
        )


def references(root: Node) -> Iterator[Reference]:
    """The pages and pictures an XML file of ours names: a feed's links, its stories' own, a sitemap's."""
    for node in root.walk():
        if node.name == _ATOM + "link":
            yield Reference(node.line, "<link href>", node.attributes.get("href", ""))
        elif node.name == _ATOM + "uri" and node.text:
            yield Reference(node.line, "<uri>", node.text)
        elif node.name in (_ATOM + "icon", _ATOM + "logo"):
            yield Reference(node.line, "the feed's picture", node.text, image=True)
        elif node.name == _SITEMAP + "loc":
            yield Reference(node.line, "<loc>", node.text)
        elif node.name in (_ATOM + "content", _ATOM + "summary") and node.attributes.get("type") == "html":
            for found in read_page(node.text, whole=False).references:
                yield Reference(node.line, f"{found.where} in the entry", found.url, image=found.image)


def identities(root: Node) -> Iterator[tuple[int, str]]:
    """The ids of a feed with their lines: like links, they must not name a building machine."""
    for node in root.walk():
        if node.name == _ATOM + "id":
            yield node.line, node.text


def _common(node: Node, what: str) -> Iterator[Problem]:
    for name in ("id", "title", "updated"):
        if not _text(node, name):
            yield node.line, f"the {what} has no <{name}>.", "RFC 4287 asks for one; write it."
    updated = _text(node, "updated")
    if updated and not _is_time(updated):
        yield (
            node.line,
            f"the {what} was updated at {updated!r}, which is no time.",
            "Write it as RFC 3339 does.",
        )


def _names(node: Node) -> list[str]:
    return [text for author in node.all(_ATOM + "author") if (text := _text(author, "name"))]


def _text(node: Node, name: str) -> str:
    return next((child.text for child in node.all(_ATOM + name)), "")


def _is_time(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
