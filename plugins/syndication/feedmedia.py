"""The picture of an entry and what is in it: Media RSS, enclosures, iTunes.

Source: https://www.rssboard.org/media-rss
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .address import absolute

_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|heic)(?:$|[?#])", re.IGNORECASE)
# WordPress.com puts the author's face before the pictures of the entry.
_FACES = re.compile(r"^(?:https?:)?//(?:[\w-]+\.)?gravatar\.com/", re.IGNORECASE)


def keep_descriptions_apart(parser: type) -> None:
    """Have feedparser keep what Media RSS says of a picture with the picture.

    Its own way puts `media:description` in the place of the entry's text, and a picture's title in
    the place of the entry's. The parser looks its methods up by name, so two of them say it.
    """
    for name in ("title", "description"):
        setattr(parser, f"_start_media_{name}", _opens(name))
        setattr(parser, f"_end_media_{name}", _ends(name))


def _opens(name: str) -> Any:
    def start(self: Any, _: Any) -> None:
        self.push(f"media_{name}", 0)

    return start


def _ends(name: str) -> Any:
    def end(self: Any) -> None:
        text = self.pop(f"media_{name}")
        context = self._get_context()
        media = context.get("media_content")
        if text and media:
            media[-1].setdefault(name, text)
        elif text:
            context.setdefault(f"media_{name}", text)

    return end


def picture(item: Any, base: str) -> tuple[str, str]:
    """The address of the entry's picture and the words for it; nothing where the feed names none."""
    for media in _listed(item, "media_content"):
        kind, medium = str(media.get("type") or ""), str(media.get("medium") or "")
        address = absolute(media.get("url"), base)
        is_image = medium == "image" or kind.startswith("image/")
        if (is_image or (not medium and not kind and _IMAGE.search(address))) and not _FACES.match(address):
            return address, _words(media, item)
    for media in _listed(item, "media_thumbnail"):
        if (address := absolute(media.get("url"), base)) and not _FACES.match(address):
            return address, str(item.get("media_description") or "")
    for link in _listed(item, "links"):
        if link.get("rel") == "enclosure" and str(link.get("type") or "").startswith("image/"):
            return absolute(link.get("href"), base), ""
    image = item.get("image")
    return (absolute(image.get("href"), base), "") if hasattr(image, "get") else ("", "")


def _words(media: Any, item: Any) -> str:
    """A description of the picture. A title is none: many programs put the file's name there."""
    return str(media.get("description") or item.get("media_description") or "")


def _listed(item: Any, key: str) -> Iterator[Any]:
    found = item.get(key)
    yield from (one for one in found if hasattr(one, "get")) if isinstance(found, list) else ()
