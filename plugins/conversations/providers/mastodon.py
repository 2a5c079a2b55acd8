"""Mastodon: a story's conversation are the replies to a post about it (https://joinmastodon.org).

`conversation: {mastodon: "https://social.example/@mara/1124"}`. Readers write there; a link leads to it.

A server vouches for the accounts on itself. What it says of accounts elsewhere counts only of the server
that the settings name: a story could otherwise bring a server of its own that invents our staff.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import Asking, NoAnswer, each
from ..heard import Json
from ..opening import Linked, link_box
from ..provider import Failed, Fetched, Reach, Same, Subject, Wanted
from .mastodon_post import said_of

TOKEN = "FIRSTHAND_MASTODON_TOKEN"  # noqa: S105 - the variable's name
SETTINGS = (
    Setting(
        "FIRSTHAND_MASTODON_URL",
        "",
        "Your own Mastodon server, such as https://social.example: it is believed about accounts elsewhere,"
        f" and asked with the token in the environment's {TOKEN}.",
    ),
)
# Who asks without a token is shown the first sixty replies, twenty deep; with one, 4,096. Of those some
# may be hidden, so that a few less are a sign as well. Source: Mastodon 4.5,
# app/controllers/api/v1/statuses/contexts_controller.rb, and Status::ThreadingConcern.
_SHOWN, _DEEP, _MOST = 50, 20, 4_096
_ALL = 25_000_000  # bytes of so many
# A story may name any server: it has this much of our time and memory to complete a thread.
FOLLOWED, _PART = 50, 1_000_000  # requests, and bytes of each
_POST = re.compile(r"/(?:@[^/@]+(?:@[^/@]+)?|users/[^/]+/statuses|web/statuses|notice)/([0-9A-Za-z]{1,64})/?")
_ADVICE = (
    f"Give it a token: put one that may read (read:statuses) into {TOKEN}, and its server into"
    " FIRSTHAND_MASTODON_URL."
)


def from_settings(settings: dict[str, Any]) -> Mastodon:
    """Mastodon as the settings have it."""
    return Mastodon(settings["FIRSTHAND_MASTODON_URL"].rstrip("/").lower())


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Mastodon's settings."""
    url = settings["FIRSTHAND_MASTODON_URL"]
    if url and (not url.startswith(("http://", "https://")) or urlsplit(url).path.strip("/")):
        return [f"FIRSTHAND_MASTODON_URL is {url!r}. {SETTINGS[0].help}"]
    return []


@dataclass(frozen=True)
class Mastodon(Linked):
    """Posts on any Mastodon server; `own` is the origin of ours, or ""."""

    own: str = ""

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A link to the post; nothing where the story names none."""
        return link_box(subject.place, subject, words) if _post(subject.place) else Markup("")

    def problem(self, place: str) -> str | None:
        """A post's own address is needed."""
        if _post(place):
            return None
        return (
            "Mastodon needs the address of the post about this story: write"
            ' `conversation: {mastodon: "https://social.example/@mara/1124"}`.'
        )

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request a thread; more where a server shows no more than a part of a long one."""
        asking = Asking("Mastodon", reach)
        return each(wanted, asking, lambda story: self._thread(story, asking))

    async def _thread(self, story: Wanted, asking: Asking) -> Fetched | Same:
        post = _post(story.place)
        if post is None:
            return Same(story.slug)  # the site's own choice, and no post about this story
        origin, root = post
        reading = _Reading(origin, root, asking, self._headers(origin, asking.reach.environ))
        answer = await asking.ask(
            reading.address(root, "/context"),
            headers=reading.headers,
            note=asking.note(story.slug),
            limit=_ALL if reading.headers else None,
            advice=_ADVICE,
        )
        if answer.same:
            return Same(story.slug)
        statuses = {status.id("id"): status for status in answer.json.items("descendants")}
        cut = reading.is_cut(statuses)
        if cut:
            await reading.complete(statuses)
        own = origin == self.own
        # What came unencrypted may be anybody's word.
        host = urlsplit(origin).netloc if own or origin.startswith("https:") else ""
        said = [said_of(status, root, host, own) for status in statuses.values()]
        if not cut:
            answer.keep()
        return Fetched(story.slug, tuple(one for one in said if one is not None))

    def _headers(self, origin: str, environ: Mapping[str, str]) -> dict[str, str]:
        token = environ.get(TOKEN, "").strip() if origin == self.own else ""
        return {"Authorization": f"Bearer {token}"} if token else {}


@dataclass(frozen=True)
class _Reading:
    """One thread on its way from a server that may show a part of it."""

    origin: str
    root: str
    asking: Asking
    headers: dict[str, str]

    def address(self, status: str, what: str = "") -> str:
        return f"{self.origin}/api/v1/statuses/{status}{what}"

    def is_cut(self, statuses: Mapping[str, Json]) -> bool:
        if self.headers:
            if len(statuses) >= _MOST:
                raise NoAnswer(f"Mastodon shows no more than {_MOST:,} replies, and this thread has them.")
            return False
        return len(statuses) >= _SHOWN or self._depth(statuses) >= _DEEP

    async def complete(self, statuses: dict[str, Json]) -> None:
        """Ask for what is under those whose replies were not all shown. Raises NoAnswer."""
        asked: set[str] = set()
        while missing := [name for name in self._unshown(statuses) if name not in asked]:
            if len(asked) >= FOLLOWED:
                raise NoAnswer(f"The thread is too long to be read without a token. {_ADVICE}")
            asked.add(missing[0])
            place = self.address(missing[0], "/context")
            more = await self.asking.ask(place, limit=_PART, advice=_ADVICE)
            for status in more.json.items("descendants"):
                statuses.setdefault(status.id("id"), status)
        whole = await self.asking.ask(self.address(self.root), limit=_PART, advice=_ADVICE)
        if (whole.json.number("replies_count") or 0) > self._replies(statuses)[self.root]:
            raise NoAnswer(f"Mastodon shows only the first sixty replies of this thread. {_ADVICE}")

    def _replies(self, statuses: Mapping[str, Json]) -> Counter[str | None]:
        return Counter(status.id_or_none("in_reply_to_id") for status in statuses.values())

    def _unshown(self, statuses: Mapping[str, Json]) -> list[str]:
        shown = self._replies(statuses)
        return [name for name, one in statuses.items() if (one.number("replies_count") or 0) > shown[name]]

    def _depth(self, statuses: Mapping[str, Json]) -> int:
        """How deep the deepest is, as far as it matters; parents come before their replies or not."""
        parents = {name: one.id_or_none("in_reply_to_id") for name, one in statuses.items()}
        deepest = 0
        for name in parents:
            here: str | None = name
            depth = 0
            while here in parents and depth < _DEEP:
                here, depth = parents[here], depth + 1
            deepest = max(deepest, depth)
        return deepest


def _post(place: str) -> tuple[str, str] | None:
    """The origin and the id of a post's address."""
    try:
        parts = urlsplit(place.strip())
        found = _POST.fullmatch(parts.path)
        whole = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        return None
    if not found or not whole or safe_link(place.strip(), "https://site.invalid/") is None:
        return None
    return f"{parts.scheme}://{parts.netloc}".lower(), found[1]
