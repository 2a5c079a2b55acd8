"""Reading a JSON Feed, version 1.0 or 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import datetime
import html
import json
from typing import Any

from .address import absolute
from .entry import Entry, Feed


def looks_like_json(data: bytes) -> bool:
    """True where the first mark is that of a JSON object, so that no XML parser needs to see it."""
    start = data[:200].removeprefix(b"\xef\xbb\xbf")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:4]:  # UTF-16 or 32: JSON of old had these
        start = start[:2].replace(b"\xff\xfe", b"").replace(b"\xfe\xff", b"") + start[2:]
        start = start.replace(b"\0", b"")
    return start.lstrip()[:1] == b"{"


def read_json_feed(data: bytes, base: str, limit: int) -> Feed:
    """The feed in these bytes, at most `limit` entries of it.

    Raises ValueError, in words, where it is no JSON Feed.
    """
    try:
        document = json.loads(data.decode(json.detect_encoding(data)))
    except (ValueError, LookupError, RecursionError) as error:
        raise ValueError("it begins like JSON, but cannot be read as JSON") from error
    if not isinstance(document, dict) or "jsonfeed.org/version/" not in _text(document, "version"):
        raise ValueError("it is JSON, but not a JSON Feed: its `version` names none")
    items = document.get("items")
    if not isinstance(items, list):
        raise ValueError("it is a JSON Feed without `items`")  # noqa: TRY004 - the feed's fault
    items = [item for item in items if isinstance(item, dict)]
    home = _web(document, "home_page_url", base)
    lang = _text(document, "language")
    author = _author(document)
    entries = tuple(_entry(item, home or base, lang, author) for item in items[:limit])
    return Feed(
        title=_text(document, "title"),
        url=home,
        author=author,
        lang=lang,
        entries=entries,
        left_out=max(0, len(items) - limit),
        self_url=_web(document, "feed_url", base),
    )


def _entry(item: dict[str, Any], base: str, lang: str, author: str) -> Entry:
    url = _web(item, "url", base) or _web(item, "external_url", base)
    body = _text(item, "content_html") or _paragraphs(_text(item, "content_text") or _text(item, "summary"))
    tags = item.get("tags")
    return Entry(
        id=_text(item, "id"),
        url=url,
        title=_text(item, "title"),
        author=_author(item) or author,
        published=_moment(item, "date_published"),
        updated=_moment(item, "date_modified"),
        html=body,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        lang=_text(item, "language") or lang,
        image=_web(item, "image", base) or _web(item, "banner_image", base),
        base=url or base,
        author_url=next((found for one in _authors(item) if (found := _web(one, "url", base))), ""),
    )


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if isinstance(value, bool):
        return ""
    # Version 1 asks readers to take a number as an id.
    return str(value) if isinstance(value, str | int | float) else ""


def _web(item: dict[str, Any], key: str, base: str) -> str:
    return absolute(_text(item, key), base)


def _authors(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Version 1.1 has a list of authors, version 1.0 one; some write both."""
    listed = item.get("authors")
    found = listed if isinstance(listed, list) and listed else [item.get("author")]
    return [one for one in found if isinstance(one, dict)]


def _author(item: dict[str, Any]) -> str:
    return next((name for one in _authors(item) if (name := _text(one, "name"))), "")


def _moment(item: dict[str, Any], key: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(_text(item, key).strip())
        return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in parts if part)
