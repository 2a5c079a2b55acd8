"""Lists of feeds as OPML has them: read one, write one.

Source: http://opml.org/spec2.opml
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .address import absolute

MAX_OUTLINES = 5_000
# XML knows no controls, whoever's name has one.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OPENS = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,1000}-->\s*)*<opml\b", re.IGNORECASE)

# What browsers once opened readers with: feed:https://..., feed://...
_FEED_SCHEME = re.compile(r"^feed:(?://)?(?=https?:)|^feed:(?=//)", re.IGNORECASE)


@dataclass(frozen=True)
class Outline:
    """One feed of a list."""

    title: str
    feed: str  # absolute http(s)
    site: str = ""  # absolute http(s), or ""


def is_opml(data: bytes) -> bool:
    """True where the first element is that of a list of feeds."""
    return bool(_OPENS.match(data.removeprefix(b"\xef\xbb\xbf")[:4000]))


def read_opml(data: bytes) -> list[Outline]:
    """The feeds of a list, in its order, those in folders too; each address once.

    Raises ValueError, in words, where it is no list, or broken.
    """
    if not is_opml(data):
        raise ValueError("it is no list of feeds: OPML begins with <opml>")
    found: dict[str, Outline] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        values = {key.lower(): value for key, value in attributes.items()}
        feed = absolute(_FEED_SCHEME.sub(_plain_scheme, values.get("xmlurl", "")))
        if name.lower() == "outline" and feed and len(found) < MAX_OUTLINES:
            title = values.get("text") or values.get("title") or ""
            found.setdefault(feed, Outline(title, feed, absolute(values.get("htmlurl"))))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"it is damaged at line {error.lineno}: {expat.ErrorString(error.code)}") from error
    return list(found.values())


def _plain_scheme(found: re.Match[str]) -> str:
    """`feed://host/` is http; of `feed:https://host/` and `feed://https://host/` the rest counts."""
    return "http:" if found.string[found.end() :].startswith("//") else ""


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no list of feeds needs")


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    """A list as OPML 2.0; the same list gives the same bytes."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(_clean(title))}</title><docs>http://opml.org/spec2.opml</docs></head>",
        "<body>",
    ]
    for outline in outlines:
        site = f" htmlUrl={quoteattr(_clean(outline.site))}" if outline.site else ""
        name = quoteattr(_clean(outline.title))
        lines.append(
            f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(_clean(outline.feed))}{site}/>'
        )
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)
