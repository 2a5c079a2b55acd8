"""Reading RSS, RDF and Atom with feedparser, whose own cleaning is not trusted.

feedparser gets a BytesIO and nothing else: bytes it takes for a file name, an address it fetches
without a limit. Its sanitiser lets entity-encoded `javascript:` through, so ours runs later.
"""

from __future__ import annotations

import calendar
import datetime
import html
import io
import re
from typing import Any

import feedparser
import nh3

from .entry import Entry, Feed

_DECLARED = re.compile(rb"^\s*(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"']{1,40}[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")


def read_xml_feed(data: bytes, base: str, content_type: str, limit: int) -> Feed:
    """The feed in these bytes, at most `limit` entries of it.

    Raises ValueError, in words, where it is no feed.
    """
    found = _parse(data, base, content_type)
    if not found.entries and found.get("bozo"):
        # Declared UTF-16 or Latin that is UTF-8 in truth gives no entries at all.
        found = _parse(_DECLARED.sub(rb"\1", data.removeprefix(b"\xef\xbb\xbf")), base, "", as_utf8=True)
    if not found.get("version"):
        raise ValueError(_no_feed(data))
    feed = found.feed
    lang = str(feed.get("language") or "")
    author = str(feed.get("author") or "")
    entries = tuple(_entry(item, base, lang, author) for item in found.entries[:limit])
    left_out = max(0, len(found.entries) - limit)
    return Feed(_plain(feed.get("title_detail")), _web(feed.get("link")), author, lang, entries, left_out)


def _parse(data: bytes, base: str, content_type: str, *, as_utf8: bool = False) -> Any:
    charset = _CHARSET.search(content_type)
    encoding = "utf-8" if as_utf8 else charset[1] if charset else ""
    # application/xml, since text/xml without a charset means US-ASCII to feedparser (RFC 3023).
    headers = {"content-type": "application/xml" + (f"; charset={encoding}" if encoding else "")}
    if base:
        headers["content-location"] = base
    return feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _no_feed(data: bytes) -> str:
    if not data.strip():
        return "it is empty"
    start = data[:2000].lower()
    if b"<!doctype html" in start or b"<html" in start:
        return "it is a web page, not a feed; look for the feed's own address on it"
    return "it is neither RSS, Atom nor JSON Feed"


def _entry(item: Any, base: str, lang: str, author: str) -> Entry:
    body = _longest(item)
    url = _web(item.get("link"))
    images = item.get("media_thumbnail") or item.get("media_content") or []
    return Entry(
        id=str(item.get("id") or ""),
        url=url,
        title=_plain(item.get("title_detail")),
        author=str(item.get("author") or author),
        published=_moment(item.get("published_parsed")),
        updated=_moment(item.get("updated_parsed")) if "updated_parsed" in item else None,
        html=body[0],
        tags=tuple(str(tag.get("label") or tag.get("term") or "") for tag in item.get("tags") or ()),
        lang=str(body[2] or lang),
        image=_web(images[0].get("url")) if images else "",
        base=_web(body[1]) or url or base,
    )


def _longest(item: Any) -> tuple[str, str, str]:
    """The longest text of the entry with its base and language: `media:description` hides in summary."""
    texts = [*(item.get("content") or ()), item.get("summary_detail") or {}]
    if "summary" in item:
        texts.append({"value": item["summary"], "type": "text/html"})
    best = max(texts, key=lambda text: len(text.get("value") or ""))
    value = str(best.get("value") or "")
    if best.get("type") == "text/plain":
        parts = (part.strip() for part in value.split("\n\n"))
        value = "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in parts if part)
    return value, str(best.get("base") or ""), str(best.get("language") or "")


def _plain(detail: Any) -> str:
    """A title as text: many feeds put markup into it, whatever type they declare."""
    value = str((detail or {}).get("value") or "")
    if not _MARKUP.search(value):
        return value
    if (detail or {}).get("type") == "text/plain" and "</" not in value:
        return html.unescape(value)
    return html.unescape(nh3.clean(value, tags=set()))


def _web(address: Any) -> str:
    text = str(address or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else ""


def _moment(parsed: Any) -> datetime.datetime | None:
    if not parsed:
        return None
    try:
        return datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
