"""Which story a thread of an export belongs to: by address, else by the name that the address ends with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from plugins.guard.text import one_line, slugify
from plugins.stories import Story

from .exported import Exported

_INDEX = re.compile(r"index\.\w{2,5}", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|md)$", re.IGNORECASE)
_DATED = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")
_LONGEST = 2_000  # characters of an address


class Stories:
    """The stories of a site, to be found by what other systems call them."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._slugs: set[str] = set()
        self._by_address: dict[str, set[str]] = defaultdict(set)
        for story in stories:
            self._slugs.add(story.slug)
            own = (
                story.canonical,
                story.via.url if story.via else "",
                story.source.id if story.source else "",
            )
            for address in own:
                if key := _key(address):
                    self._by_address[key].add(story.slug)

    def of(self, thread: Exported) -> list[str]:
        """The slugs of the stories it may belong to: one where that is clear, none where nobody knows it."""
        # Disqus's plugin for WordPress names a thread "218 https://old.example/?p=218".
        names = (thread.address, thread.name.rpartition(" ")[2])
        for told in names:
            if found := self._by_address.get(_key(told)):
                return sorted(found)
        for told in names:
            if (slug := ending(told)) in self._slugs:
                return [slug]
        return []


def ending(told: str) -> str:
    """The name that an address ends with, as a slug: "the-cat" of https://old.example/2015/the-cat.html."""
    try:
        path = urlsplit(told[:_LONGEST].strip()).path
    except ValueError:
        return ""
    parts = [part for part in unquote(path).split("/") if part and not _INDEX.fullmatch(part)]
    return slugify(_DATED.sub("", _EXTENSION.sub("", parts[-1])), fallback="") if parts else ""


def _key(told: str) -> str:
    """An address as it is compared: http or https, www or not, with or without the last slash are one."""
    try:
        parts = urlsplit(one_line(told)[:_LONGEST])
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    path = _INDEX.sub("", unquote(parts.path).rstrip("/")).rstrip("/")
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{path}" + (f"?{parts.query}" if not path and parts.query else "")
