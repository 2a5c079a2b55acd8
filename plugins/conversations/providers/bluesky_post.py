"""A Bluesky post as HTML: its text has no markup, but facets say which of its bytes are a link.

Sources: https://docs.bsky.app/docs/advanced-guides/post-richtext, and the lexicons app.bsky.embed.*
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from ..heard import Json

_LINK = Markup('<a href="{}">{}</a>')
_LINES = re.compile(r"\n{2,}")
_URI = re.compile(r"at://([^/\s]+)/app\.bsky\.feed\.post/([^/\s]+)")


def html_of(record: Json, embed: Json) -> str:
    """The words, and what is attached to them as links; `embed` is the post's view of that."""
    words = _linked(record.text("text"), record)
    paragraphs = [part.replace("\n", "<br>") for part in _LINES.split(words.strip())]
    attached = [str(_LINK.format(address, shown)) for address, shown in _attached(embed) if address]
    return "".join(f"<p>{part}</p>" for part in (*paragraphs, *attached) if part)


def place_of(uri: str) -> str:
    """Where people read a post, or ""."""
    found = _URI.fullmatch(uri)
    return f"https://bsky.app/profile/{quote(found[1], safe=':')}/post/{quote(found[2])}" if found else ""


def _linked(text: str, record: Json) -> str:
    raw, at, html = text.encode(), 0, Markup("")
    for start, end, address in sorted(_facets(record)):
        if not at <= start < end <= len(raw):
            continue
        try:
            before, shown = raw[at:start].decode(), raw[start:end].decode()
        except UnicodeDecodeError:
            continue  # it begins or ends within a character
        html += escape(before) + _LINK.format(address, shown)
        at = end
    return str(html + escape(raw[at:].decode()))


def _facets(record: Json) -> Iterator[tuple[int, int, str]]:
    for facet in record.some("facets"):
        index = facet.inner("index")
        start, end = index.number("byteStart"), index.number("byteEnd")
        for feature in facet.some("features"):
            address = feature.text("uri")
            if did := feature.text("did"):
                address = f"https://bsky.app/profile/{quote(did, safe=':')}"
            if tag := feature.text("tag"):
                address = f"https://bsky.app/hashtag/{quote(tag, safe='')}"
            if start is not None and end is not None and address and not any(map(str.isspace, address)):
                yield start, end, address
                break


def _attached(embed: Json) -> Iterator[tuple[str, str]]:
    """Addresses and their words: pictures, a page, a post that is quoted."""
    for image in embed.some("images"):
        address = image.text("fullsize")
        yield address, image.text("alt").strip() or _host(address)
    page = embed.inner("external")
    yield page.text("uri"), page.text("title").strip() or page.text("uri")
    quoted = embed.inner("record")
    quoted = quoted.inner("record") if quoted.inner("record").text("uri") else quoted
    yield place_of(quoted.text("uri")), place_of(quoted.text("uri"))
    if embed.inner("media").value is not None:
        yield from _attached(Json({**_object(embed.inner("media")), "media": None}, embed.system))


def _object(found: Json) -> dict[str, object]:
    return found.value if isinstance(found.value, dict) else {}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address
