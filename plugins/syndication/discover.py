"""The feeds that a blog's own page names: `<link rel="alternate">` in its head.

Source: https://html.spec.whatwg.org/multipage/links.html#rel-alternate. Whatever the page is made
of, it is passed over once, and no further than where such links are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .address import absolute

LOOKED_AT = 1_000_000  # bytes of a page
MOST = 20  # feeds of a page
_LONGEST_TAG = 4_000
_TYPES = {
    "application/atom+xml": 0,
    "application/rss+xml": 0,
    "application/rdf+xml": 0,
    "application/feed+json": 1,
    "application/json": 2,  # JSON Feed 1.0; others use the type for their own
    "application/xml": 2,
    "text/xml": 2,
}
_TAG = re.compile(
    r"<(?:!--|(?P<name>link|base|script|style|template|textarea|title)(?=[\s/>]))", re.IGNORECASE
)
_CLOSING = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE)
    for name in ("script", "style", "template", "textarea", "title")
}
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)


@dataclass(frozen=True)
class FoundFeed:
    """A feed that a page names."""

    url: str  # absolute http(s)
    title: str = ""
    type: str = ""


def find_feeds(page: bytes, base: str) -> tuple[FoundFeed, ...]:
    """The feeds a page names, the likeliest first: the blog's own before that of its comments.

    `base` is the page's address.
    """
    text = page[:LOOKED_AT].decode("utf-8", "replace")
    found: dict[str, tuple[int, FoundFeed]] = {}
    for name, attributes in _tags(text):
        if name == "base":
            base = absolute(attributes.get("href"), base) or base
            continue
        kind = attributes.get("type", "").split(";")[0].strip().lower()
        rels = attributes.get("rel", "").lower().split()
        url = absolute(attributes.get("href"), base)
        if not url or len(found) >= MOST:
            continue
        if ("alternate" in rels and "stylesheet" not in rels and kind in _TYPES) or "feed" in rels:
            title = " ".join(attributes.get("title", "").split())
            rank = _TYPES.get(kind, 0) + 5 * bool(_COMMENTS.search(f"{title} {url}"))
            found.setdefault(url, (rank, FoundFeed(url, title, kind)))
    return tuple(feed for _, feed in sorted(found.values(), key=lambda one: one[0]))


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each <link> and <base>, in order, outside comments, scripts and texts."""
    at = 0
    while found := _TAG.search(text, at):
        at = found.end()
        if found["name"] is None:
            end = text.find("-->", at)
            if end < 0:
                return
            at = end + 3
            continue
        name = found["name"].lower()
        if name in _CLOSING:
            closed = _CLOSING[name].search(text, at)
            if not closed:
                return
            at = closed.end()
        elif name in ("link", "base"):
            attributes: dict[str, str] = {}
            end = _end_of_tag(text, at)
            for one in _ATTRIBUTE.finditer(text, at, end):
                value = next((value for value in one.groups()[1:] if value is not None), "")
                attributes.setdefault(one[1].lower(), html.unescape(value))
            at = end
            yield name, attributes


def _end_of_tag(text: str, at: int) -> int:
    """Where the tag ends: at its `>` outside quotes, and in any case soon."""
    quote = ""
    last = min(len(text), at + _LONGEST_TAG)
    for place in range(at, last):
        character = text[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == ">":
            return place
    return last
