"""A conversation as values: comments, how they nest, and who still waits for an answer.

Pure: no files, no network, no Pelican.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup

from plugins.people import Face, initials_of

# Deeper replies stand beside each other: a phone has no room for more, and a hostile thread could
# otherwise nest until the template engine gives up.
MAX_DEPTH = 4

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Comment:
    """One comment, cleaned; `replies` are nested, `parent` is what the provider said."""

    id: str
    parent: str | None
    author: str
    url: str
    published: datetime
    html: Markup
    staff: bool
    person: Face | None
    anchor: str
    person_slug: str = ""
    replies: tuple[Comment, ...] = ()
    place: str = ""  # where it was written, if elsewhere: an address with the comment itself
    avatar: str = ""  # the author's picture: a file in content/conversations/avatars/
    gone: bool = False  # taken away, and kept because somebody answered: no author and no words

    @property
    def place_name(self) -> str:
        """The host of that place, as readers know it."""
        return (urlsplit(self.place).hostname or "").removeprefix("www.")

    @property
    def initials(self) -> str:
        """What stands for the author's face where there is no picture."""
        return initials_of(self.author)


@dataclass(frozen=True)
class Thread:
    """The conversation under one story, as it was when it was fetched."""

    slug: str
    provider: str
    fetched: datetime | None
    comments: tuple[Comment, ...]
    waits: tuple[str, ...] = ()  # the anchors of the comments that wait for an answer

    @property
    def waiting(self) -> bool:
        """True where a reader waits: see `unanswered`."""
        return bool(unanswered(self))


@dataclass(frozen=True)
class Unanswered:
    """What waits for an answer under one top-level comment."""

    comment: Comment
    words: tuple[Comment, ...]  # what readers said since staff last spoke, oldest first; `comment` among it

    @property
    def since(self) -> datetime:
        """When the wait began."""
        return self.words[0].published


def anchor_of(provider: str, comment_id: str) -> str:
    """The comment's own place on the page: "comment-isso-12"; a hash for ids that are no plain word."""
    if not _PLAIN_ID.fullmatch(comment_id):
        comment_id = hashlib.sha256(comment_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"comment-{provider}-{comment_id}"


def flat(comments: Iterable[Comment]) -> Iterator[Comment]:
    """Every comment, each before its replies."""
    for comment in comments:
        yield comment
        yield from flat(comment.replies)


def unanswered(
    thread: Thread, settled: Callable[[Comment], bool] = lambda comment: False
) -> tuple[Unanswered, ...]:
    """Who waits, the longest wait first; `settled` says which comments need no answer.

    A top-level comment waits that is not by staff and has no staff reply under it; else the last word under
    a top-level comment, it included, where that is not by staff. What was taken away says nothing.
    """
    found = (_unanswered(comment, settled) for comment in thread.comments)
    return tuple(sorted(filter(None, found), key=lambda one: (one.since, _order(one.comment))))


def _unanswered(top: Comment, settled: Callable[[Comment], bool]) -> Unanswered | None:
    said = sorted((comment for comment in flat((top,)) if not comment.gone), key=_order)
    since = max((place for place, comment in enumerate(said, start=1) if comment.staff), default=0)
    words = [comment for comment in said[since:] if not settled(comment)]
    if not since and any(comment is top for comment in words):
        return Unanswered(top, tuple(words))
    if words and words[-1] is said[-1]:
        return Unanswered(words[-1], tuple(words))
    return None


def nest(comments: Iterable[Comment], max_depth: int = MAX_DEPTH) -> tuple[Comment, ...]:
    """The flat list as a tree, by time and then id. No comment is lost.

    A reply whose parent is unknown goes to the top level; of a circle, its earliest comment does.
    Of comments with one id, replies go to the earliest. What lies deeper than `max_depth` stands
    beside the comment it answers.
    """
    ordered = sorted((dataclasses.replace(comment, replies=()) for comment in comments), key=_order)
    parents = _without_deep_ones(_without_circles(_parents(ordered)), max_depth)
    replies: list[list[int]] = [[] for _ in ordered]
    for index, parent in enumerate(parents):
        if parent is not None:
            replies[parent].append(index)

    def grown(index: int) -> Comment:
        found = tuple(grown(reply) for reply in replies[index])
        return dataclasses.replace(ordered[index], replies=found)

    return tuple(grown(index) for index, parent in enumerate(parents) if parent is None)


def _order(comment: Comment) -> tuple[datetime, list[tuple[int, int, str]]]:
    """Time, then id with its numbers as numbers: 9 comes before 10."""
    parts = [part for part in _DIGITS.split(comment.id) if part]
    return comment.published, [
        (0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts
    ]


def _parents(ordered: list[Comment]) -> list[int | None]:
    places: dict[str, int] = {}
    for index, comment in enumerate(ordered):
        places.setdefault(comment.id, index)
    return [None if comment.parent is None else places.get(comment.parent) for comment in ordered]


def _without_circles(parents: list[int | None]) -> list[int | None]:
    parents = list(parents)
    safe: set[int] = set()
    for start in range(len(parents)):
        path: dict[int, None] = {}
        here: int | None = start
        while here is not None and here not in safe and here not in path:
            path[here] = None
            here = parents[here]
        if here is not None and here in path:
            steps = list(path)
            parents[min(steps[steps.index(here) :])] = None
        safe.update(path)
    return parents


def _without_deep_ones(parents: list[int | None], max_depth: int) -> list[int | None]:
    depths: dict[int, int] = {}
    shallow = list(parents)
    for start in range(len(parents)):
        path = []
        here: int | None = start
        while here is not None and here not in depths:
            path.append(here)
            here = parents[here]
        for index in reversed(path):
            parent = parents[index]
            if parent is None:
                depths[index] = 1
            elif depths[parent] < max_depth:
                depths[index] = depths[parent] + 1
            else:
                shallow[index] = shallow[parent]
                depths[index] = depths[parent]
    return shallow
