"""Isso over HTTP, where its database is on another machine: one request for all threads, if it allows that.

`/latest` tells every comment of every thread at once, but for those that were deleted and have answers; a
thread with answers to such a one is asked for by itself. Where `/latest` is switched off, one request says
how many comments each thread has, and each that has some is asked for.

Source: https://isso-comments.de/docs/reference/server-api/
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from html import unescape
from urllib.parse import quote

from ..asking import Asking, each
from ..heard import Json
from ..provider import Failed, Fetched, Said, Same, Wanted

ALL = 1_000_000  # comments; with a small limit Isso leaves out older threads' comments, not older comments
LONG = 50_000_000  # bytes of all comments
PATIENCE = 180.0  # seconds for all comments: Isso makes HTML of each, 5,000 take it eight
GONE = 4  # Isso's `mode` of a comment that was deleted and has answers
_WHERE = "Look at FIRSTHAND_ISSO_URL, and whether Isso answers there."


def thread_id(slug: str) -> str:
    """The name of a story's thread at Isso: one for all the languages of a story."""
    return f"/stories/{slug}/"


async def threads(
    url: str, wanted: Sequence[Wanted], asking: Asking
) -> AsyncIterator[Fetched | Same | Failed]:
    """Every thread of the Isso at `url`, a whole address. Raises NoAnswer and Misshapen."""
    asked = _Threads(url.rstrip("/"), asking)
    if len(wanted) > 1:
        await asked.survey(wanted)
    async for outcome in each(wanted, asking, asked.one):
        yield outcome


class _Threads:
    """What is known of the threads before each is asked for."""

    def __init__(self, url: str, asking: Asking) -> None:
        self.url, self.asking = url, asking
        self.latest: dict[str, list[Json]] | None = None
        self.counts: dict[str, int] = {}

    async def survey(self, wanted: Sequence[Wanted]) -> None:
        """All comments at once; or else how many each thread has."""
        answer = await self.asking.ask(
            f"{self.url}/latest?limit={ALL}", through=(404,), limit=LONG, deadline=PATIENCE, advice=_WHERE
        )
        if answer.status == 200:
            self.latest = defaultdict(list)
            for item in answer.json.listed():
                self.latest[item.text("uri")].append(item)
            return
        uris = [thread_id(story.slug) for story in wanted]
        counted = await self.asking.ask(f"{self.url}/count", question=uris, advice=_WHERE)
        numbers = counted.json.value
        if isinstance(numbers, list) and len(numbers) == len(uris):
            self.counts = {uri: count for uri, count in zip(uris, numbers, strict=True) if count == 0}

    async def one(self, story: Wanted) -> Fetched | Same:
        """One thread, with no more requests than it needs."""
        uri, note = thread_id(story.slug), self.asking.note(story.slug)
        if self.counts.get(uri) == 0:
            return _told(story, note, [], ())
        if self.latest is not None:
            items = self.latest.get(uri, [])
            if note.get("told") == _digest(items):
                return Same(story.slug)
            here = {item.id("id") for item in items}
            if not story.answered and all(item.id_or_none("parent") in {None, *here} for item in items):
                return _told(story, note, items, tuple(map(said, items)))
            digested = items
        else:
            digested = None
        items = await self._whole(uri)
        if digested is None and note.get("told") == _digest(items):
            return Same(story.slug)
        told = [said(item) for item in items]
        if story.answered:
            texts = {item.id("id"): item for item in await self._whole(uri, "&plain=1")}
            told = [_with_text(one, texts.get(one.id)) for one in told]
        return _told(story, note, items if digested is None else digested, tuple(told))

    async def _whole(self, uri: str, how: str = "") -> list[Json]:
        """A thread by itself, its answers after what they answer."""
        answer = await self.asking.ask(f"{self.url}/?uri={quote(uri, safe='')}{how}", advice=_WHERE)
        return thread_of(answer.json)


def thread_of(answer: Json) -> list[Json]:
    """The comments of a thread's answer, one after the other. Raises Misshapen."""
    found = []
    for item in answer.items("replies"):
        found += [item, *item.some("replies")]
    return found


def said(item: Json) -> Said:
    """A comment as Isso tells it; its texts of one line arrive escaped. Raises Misshapen."""
    name, parent = item.id("id"), item.id_or_none("parent")
    published = item.seconds("created")
    if item.number("mode") == GONE:
        return Said(name, parent, "", "", published, "", gone=True)
    author, url = unescape(item.text("author")), unescape(item.text("website"))
    return Said(name, parent, author, url, published, item.words("text"))


def _with_text(one: Said, item: Json | None) -> Said:
    """With the text as Isso keeps it, which the ledger's digest is of."""
    if one.gone or item is None or item.seconds("created") != one.published:
        return one
    return dataclasses.replace(one, kept=item.text("text"))


def _told(story: Wanted, note: dict[str, str], items: list[Json], told: tuple[Said, ...]) -> Fetched | Same:
    digest = _digest(items)
    if note.get("told") == digest:
        return Same(story.slug)
    note["told"] = digest
    return Fetched(story.slug, told)


def _digest(items: list[Json]) -> str:
    """Of what a thread says; votes are none of it."""
    keys = ("id", "parent", "created", "mode", "text", "author", "website")
    said = [[item.inner(key).value for key in keys] for item in items]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
