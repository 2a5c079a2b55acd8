"""Comments that were told twice are one: a blog's feed and its export tell the same thread.

They agree in the comment's own address (`#comment-7`), or in its guid, or in who wrote what at which
second. The first telling keeps its id, so that places on a page stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from plugins.guard.html import plain_text
from plugins.guard.text import one_line

Comments = list[dict[str, Any]]

# `c` is Blogger's. Not `#comments`, which is the place of all of them.
_OWN_PLACE = re.compile(r"(?:comment|c)[-_]?\d+", re.IGNORECASE)
# What WordPress makes of typed marks in its feeds, and leaves as typed in its export.
_TYPED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


@dataclass
class Merged:
    """The comments of one story as they are put together; `comments` by id."""

    most: int
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    gone: list[dict[str, Any]] = field(default_factory=list)  # no longer told, though older and newer are
    _names: dict[str, str] = field(default_factory=dict)  # every id that was told, and the one that is kept
    _places: dict[str, str] = field(default_factory=dict)

    def keep(self, there: Iterable[dict[str, Any]]) -> None:
        """What is in the file already; what is there twice, at one place, becomes one."""
        for comment in there:
            self._take(dict(comment), place_of(comment.get("url")), "")

    def add(self, said: Comments) -> None:
        """What a feed or an export says. Its `_dated` and `_place` are for here only."""
        said = [dict(comment) for comment in said]
        places = [str(comment.pop("_place", "")) for comment in said]
        # A feed that gives several comments one address says nothing by it.
        times = Counter(places)
        places = [place if times[place] == 1 else "" for place in places]
        known = [self._known(str(one["id"]), place) for one, place in zip(said, places, strict=True)]
        # By its words a comment is only one of an earlier telling, and only once: "+1" is said by many.
        free = {_said(one): id for id, one in reversed(self.comments.items()) if id not in known}
        told: list[str] = []
        for comment, place, kept in zip(said, places, known, strict=True):
            dated = bool(comment.pop("_dated", True))
            kept = kept or (free.pop(_said(comment), "") if dated else "")
            told.append(self._take(comment, place, kept, dated=dated, told=True))
        self.gone = _among(self.comments, set(told))

    def threaded(self) -> Comments:
        """All of them, the oldest first; an answer to nothing we have stands for itself."""
        for id, comment in self.comments.items():
            parent = self._names.get(str(comment.get("parent")))
            comment["parent"] = None if parent == id else parent
        return sorted(self.comments.values(), key=lambda one: (str(one["published"]), one["id"]))

    def _known(self, id: str, place: str) -> str:
        return self._names.get(id) or self._places.get(place, "")

    def _take(
        self, comment: dict[str, Any], place: str, kept: str, *, dated: bool = True, told: bool = False
    ) -> str:
        """The id under which it is kept now, or "" where there are too many."""
        id = str(comment["id"])
        kept = kept or self._known(id, place)
        if kept:
            self.changed += _again(self.comments[kept], comment, dated=dated) and told
        elif told and len(self.comments) >= self.most:
            return ""
        else:
            kept, self.comments[id] = id, comment
            self.new += told
        self._names[id] = kept
        if place:
            self._places.setdefault(place, kept)
        return kept


def _among(comments: dict[str, dict[str, Any]], told: set[str]) -> list[dict[str, Any]]:
    """Those that were not told, between two that were: at the end they have only grown old."""
    times = [str(comments[id]["published"]) for id in told if id]
    return [
        comment
        for id, comment in comments.items()
        if times and id not in told and min(times) < str(comment["published"]) < max(times)
    ]


def _again(was: dict[str, Any], now: dict[str, Any], *, dated: bool) -> bool:
    """Bring a second telling into the first; True where it says something else."""
    before = dict(was)
    if _words(was) != _words(now):
        was["html"] = now["html"]
    if dated:
        was["published"] = now["published"]
    was["author"] = now.get("author") or was.get("author")
    if place_of(was.get("url")) != place_of(now.get("url")) != "" or not was.get("url"):
        was["url"] = now.get("url") or was.get("url")
    has_changed = was != before
    was["parent"] = now.get("parent") or was.get("parent")  # feeds of RSS do not say what is answered
    return has_changed


def place_of(address: object) -> str:
    """A comment's own place, the same under http and https and on a second page of comments; or ""."""
    try:
        parts = urlsplit(str(address or ""))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    fragment = parts.fragment.lower()
    return f"{host}#{fragment}" if host and _OWN_PLACE.fullmatch(fragment) else ""


def _said(comment: dict[str, Any]) -> tuple[str, str, str]:
    return str(comment.get("author")).casefold(), str(comment["published"]), _words(comment)


def _words(comment: dict[str, Any]) -> str:
    return one_line(plain_text(str(comment.get("html", "")))).translate(_TYPED)
