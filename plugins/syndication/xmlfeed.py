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
from feedparser.mixin import _FeedParserMixin

from plugins.guard.mailboxes import name_alone

from .address import absolute
from .entry import Entry, Feed
from .feedmedia import keep_descriptions_apart, picture
from .feedthread import Thread, thread_of

_DECLARED = re.compile(rb"^\s*(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"']{1,40}[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")
_HTML = re.compile(rb"<!doctype\s+html\b|<html\b", re.IGNORECASE)
# Whatever comes first says what it is; a page may name a feed's elements, and a feed those of a page.
_FIRST = re.compile(
    rb"<(?:(html|head|body|meta|title|script|div|p)|(?:\w{1,20}:)?(?:rss|feed|rdf|channel))\b", re.IGNORECASE
)
_HEAD = 4_000  # bytes in which a document says what it is
_A_PAGE = "it is a web page, not a feed; look for the feed's own address on it"
_UTF8_MARK = b"\xef\xbb\xbf"
_LONGEST_TITLE = 5_000  # characters; nobody reads more, and cleaning more takes time
_LONGEST_AUTHOR = 500
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_ROBOTS = ("xhtml_meta", "meta")

keep_descriptions_apart(_FeedParserMixin)


def read_xml_feed(data: bytes, base: str, content_type: str, limit: int) -> Feed:
    """The feed in these bytes, at most `limit` entries of it.

    Raises ValueError, in words, where it is no feed.
    """
    if not data.strip():
        raise ValueError("it is empty")
    head = data[:_HEAD]
    is_page, first = bool(_HTML.search(head)), _FIRST.search(head)
    if is_page and first and first[1]:
        raise ValueError(_A_PAGE)
    found = _parse(data, base, "utf-8" if _is_utf8(data) else _charset(content_type))
    if not found.entries and found.get("bozo"):
        # Declared UTF-16 or Latin that is UTF-8 in truth gives no entries at all.
        again = _parse(_DECLARED.sub(rb"\1", data.removeprefix(_UTF8_MARK)), base, "utf-8")
        found = again if again.entries or not found.get("version") else found
    if not found.get("version") and not found.entries:
        raise ValueError(_A_PAGE if is_page else "it is neither RSS, Atom nor JSON Feed")
    feed = found.feed
    lang = str(feed.get("language") or "")
    author = _author(feed)
    threads = [thread_of(item, found.get("namespaces") or {}, base) for item in found.entries[:limit]]
    return Feed(
        title=_plain(feed.get("title_detail")),
        url=absolute(feed.get("link"), base),
        author=author,
        lang=lang,
        entries=tuple(
            _entry(item, thread, base, lang, author)
            for item, thread in zip(found.entries[:limit], threads, strict=True)
        ),
        left_out=max(0, len(found.entries) - limit),
        ttl=_ttl(feed),
        self_url=next(
            (absolute(one.get("href"), base) for one in _links(feed) if one.get("rel") == "self"), ""
        ),
        noindex=_is_unlisted(feed),
    )


def _parse(data: bytes, base: str, encoding: str) -> Any:
    # application/xml, since text/xml without a charset means US-ASCII to feedparser (RFC 3023).
    headers = {"content-type": "application/xml" + (f"; charset={encoding}" if encoding else "")}
    if base:
        headers["content-location"] = base
    return feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _charset(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def _is_utf8(data: bytes) -> bool:
    """True for bytes beyond ASCII that are UTF-8: other encodings do not look so, whatever is declared."""
    if data.isascii() or b"\0" in data[:200]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _entry(item: Any, thread: Thread, base: str, lang: str, author: str) -> Entry:
    body = _longest(item)
    url = _address(item, base)
    at = absolute(body[1], base) or url or base
    image, alt = picture(item, at)
    detail = item.get("author_detail") or {}
    return Entry(
        id=str(item.get("id") or ""),
        url=url,
        title=_plain(item.get("title_detail")),
        author=_author(item) or author,
        published=_moment(item.get("published_parsed")),
        updated=_moment(item.get("updated_parsed")) if "updated_parsed" in item else None,
        html=body[0],
        tags=tuple(str(tag.get("label") or tag.get("term") or "") for tag in item.get("tags") or ()),
        lang=str(body[2] or lang),
        image=absolute(image, at),
        base=at,
        comments_feed=thread.feed,
        comments_count=thread.count,
        in_reply_to=thread.answers,
        image_alt=_plain({"value": alt}) if alt else "",
        author_url=absolute(detail.get("href"), base),
        noindex=_is_unlisted(item),
    )


def _links(item: Any) -> list[Any]:
    return [link for link in item.get("links") or () if hasattr(link, "get")]


def _address(item: Any, base: str) -> str:
    """The entry's page: its link, else another that is a page's, else a guid that says it is one."""
    pages = [link.get("href") for link in _links(item) if link.get("rel") == "alternate"]
    guid = item.get("id") if item.get("guidislink") else ""
    return next(
        (found for one in (item.get("link"), *pages, guid) if one and (found := absolute(one, base))), ""
    )


def _longest(item: Any) -> tuple[str, str, str]:
    """The longest text of the entry with its base and language: `media:description` hides in summary."""
    texts = [*(item.get("content") or ()), item.get("summary_detail") or {}]
    if "summary" in item:
        texts.append({"value": item["summary"], "type": "text/html"})
    texts = [text for text in texts if _is_text(text)] or [{}]
    best = max(texts, key=lambda text: len(text.get("value") or ""))
    value = str(best.get("value") or "")
    if best.get("type") == "text/plain":
        parts = (part.strip() for part in value.split("\n\n"))
        value = "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in parts if part)
    return value, str(best.get("base") or ""), str(best.get("language") or "")


def _is_text(text: Any) -> bool:
    """False for what Atom may carry too: pictures and documents in base64, a text that lies elsewhere."""
    kind = str(text.get("type") or "text/html").lower()
    return kind.startswith("text/") or "html" in kind or kind.endswith(("xml", "/rss"))


def _author(item: Any) -> str:
    """The name alone: RSS asks for an e-mail address beside it, and that is nobody else's business.

    feedparser's own parting of the two keeps the end of an address whose domain it does not expect.
    """
    name = str(item.get("author") or (item.get("author_detail") or {}).get("name") or "")
    return name_alone(_plain({"value": name[:_LONGEST_AUTHOR]}))


def _plain(detail: Any) -> str:
    """A title as text: many feeds put markup into it, whatever type they declare."""
    value = str((detail or {}).get("value") or "")[:_LONGEST_TITLE]
    if not _MARKUP.search(value):
        return value
    if (detail or {}).get("type") == "text/plain" and "</" not in value:
        return html.unescape(value)
    return html.unescape(nh3.clean(value, tags=set()))


def _is_unlisted(item: Any) -> bool:
    """True for `<xhtml:meta name="robots" content="noindex">`, which feeds have for this."""
    for key in _ROBOTS:
        meta = item.get(key)
        if hasattr(meta, "get") and str(meta.get("name", "")).lower() in ("robots", "googlebot"):
            return bool({"noindex", "none"} & set(re.split(r"[\s,]+", str(meta.get("content", "")).lower())))
    return False


def _ttl(feed: Any) -> int | None:
    """Seconds to leave the feed alone: RSS's `ttl` in minutes, else the syndication module's period."""
    try:
        if (minutes := str(feed.get("ttl") or "").strip()) and (seconds := int(minutes[:9]) * 60) > 0:
            return seconds
        period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
        times = int(str(feed.get("sy_updatefrequency") or "1").strip()[:9])
        return period // times if period and 0 < times <= period else None
    except ValueError:
        return None


def _moment(parsed: Any) -> datetime.datetime | None:
    if not parsed:
        return None
    try:
        return datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
