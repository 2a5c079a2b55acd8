"""Remark42: a comment server of one's own, with sign-in by other services (https://remark42.com).

Its thread is known by the story's address on the published site; `conversation: {remark42: ADDRESS}`
names another one. It opens in a frame of the server's own, `/web/iframe.html`.

The server's word for who wrote a comment is the user's id, except of `anonymous_...`: that is made of
the name alone, so that everybody who types it has it.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import Asking, NoAnswer, each
from ..heard import Json
from ..once import Once
from ..opening import Framed, frame_box
from ..pace import Pace
from ..provider import Failed, Fetched, Reach, Said, Same, Subject, Wanted

SETTINGS = (
    Setting("FIRSTHAND_REMARK42_URL", "", "Where Remark42 answers: a whole address with http or https."),
    Setting("FIRSTHAND_REMARK42_SITE", "remark", "The site's name at Remark42, as its `SITE` has it."),
)
# It answers ten requests a second from one address, and refuses the eleventh.
# Source: remark42, backend/app/rest/api/rest.go
_A_SECOND = 8
_EDITABLE = datetime.timedelta(hours=1)  # EDIT_TIME is five minutes when it is left alone
_WHOLE = datetime.timedelta(hours=20)
_NOBODY = "anonymous_"
_NO_URL = "Set FIRSTHAND_REMARK42_URL to where Remark42 answers."


def from_settings(settings: dict[str, Any]) -> Remark42:
    """Remark42 as the settings have it."""
    url = settings["FIRSTHAND_REMARK42_URL"].rstrip("/")
    return Remark42(url, settings["FIRSTHAND_REMARK42_SITE"], str(settings.get("SITEURL") or ""))


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Remark42's settings."""
    url = settings["FIRSTHAND_REMARK42_URL"]
    if url and not _is_address(url):
        return [f"FIRSTHAND_REMARK42_URL is {url!r}. {SETTINGS[0].help}"]
    if not url and settings.get("FIRSTHAND_CONVERSATIONS") == "remark42":
        return [_NO_URL]
    if url and not settings["FIRSTHAND_REMARK42_SITE"]:
        return [f"FIRSTHAND_REMARK42_SITE is empty. {SETTINGS[1].help}"]
    return []


@dataclass(frozen=True)
class _Post:
    """What the list of threads says of one: its comments, and when the last was written."""

    count: int
    last: datetime.datetime | None

    @property
    def mark(self) -> str:
        return f"{self.count} {self.last}"

    def is_as_in(self, note: Mapping[str, str], now: datetime.datetime) -> bool:
        """True where it was read whole today, when nobody could change their last words any more."""
        if note.get("post") != self.mark or self.last is None:
            return False
        whole = datetime.datetime.fromisoformat(note["whole"])
        return self.last + _EDITABLE < whole <= now < whole + _WHOLE


@dataclass(frozen=True)
class Remark42(Framed):
    """A Remark42 server at `url`, its name `name` for the site that is published at `site`."""

    url: str
    name: str = "remark"
    site: str = ""

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A button that opens the server's own page of the thread; nothing where it is not known."""
        thread = subject.place or (f"{self.site}/stories/{subject.slug}/" if self.site else "")
        if not self.url or not thread:
            return Markup("")
        lang = subject.lang.split("-")[0]
        query = {"site_id": self.name, "url": thread, "page_title": subject.title, "locale": lang}
        return frame_box(f"{self.url}/web/iframe.html?{urlencode(query)}", "", subject, words, tells=True)

    def problem(self, place: str) -> str | None:
        """An address is taken, and none is needed."""
        if not self.url:
            return _NO_URL
        if place and not _is_address(place):
            return "Write the address of the page whose thread it is, or `conversation: remark42` alone."
        return None

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request for which threads there are, and one for each of them that may be another now.

        A thread whose last comment and count are as they were is asked for once a day, for what an admin
        changed in it or whom they blocked; and whenever it is asked for alone.
        """
        asking, pace = Asking("Remark42", reach), Pace(_A_SECOND)
        known, alone = Once(lambda: self._known(asking)), len(wanted) == 1
        return each(wanted, asking, lambda story: self._thread(story, asking, known, pace, alone))

    async def _thread(
        self, story: Wanted, asking: Asking, known: Once[dict[str, _Post]], pace: Pace, alone: bool
    ) -> Fetched | Same:
        thread = story.place or story.url
        if not self.url or not thread:
            raise NoAnswer(_NO_URL if thread else "Set FIRSTHAND_SITEURL: threads are known by addresses.")
        post = (await known.get()).get(thread)
        if post is None:
            return Fetched(story.slug, ())  # nobody has ever written there
        note, now = asking.note(story.slug), asking.reach.now
        if not alone and post.is_as_in(note, now):
            return Same(story.slug)
        await pace.turn()
        query = {"site": self.name, "url": thread, "format": "plain", "sort": "+time"}
        answer = await asking.ask(f"{self.url}/api/v1/find?{urlencode(query)}")
        said = tuple(_without_lone_tombstones(_said(answer.json.items("comments"))))
        if not said and post.count > 0:
            # It answers an empty list where its own database fails.
            raise NoAnswer(f"Remark42 counts {post.count} comments there and tells none.")
        note |= {"post": post.mark, "whole": now.isoformat()}
        return Fetched(story.slug, said)

    async def _known(self, asking: Asking) -> dict[str, _Post]:
        """Every address that anybody ever wrote under."""
        answer = await asking.ask(f"{self.url}/api/v1/list?{urlencode({'site': self.name})}")
        return {
            post.words("url"): _Post(post.number("count") or 0, post.time_or_none("last_time"))
            for post in answer.json.listed()
        }


def _said(comments: Iterable[Json]) -> Iterator[Said]:
    """Comments as the server has them; names arrive escaped. Source: backend/app/store/comment.go."""
    for one in comments:
        user = one.need("user")
        account, gone = user.text("id"), one.flag("delete")
        signed_in = bool(account) and not account.startswith(_NOBODY)
        yield Said(
            id=one.id("id"),
            parent=one.text("pid") or None,
            author="" if gone else unescape(user.text("name")),
            url="",
            published=one.time("time"),
            html="" if gone else one.words("text"),
            account=account if signed_in and not gone else "",
            official=signed_in and not gone and user.flag("admin"),
            avatar="" if gone else user.text("picture"),
            gone=gone,
        )


def _without_lone_tombstones(said: Iterable[Said]) -> Iterator[Said]:
    """What was deleted stays only where an answer that is still there stands under it."""
    told = {one.id: one for one in said}
    needed: set[str] = set()
    for one in told.values():
        here: Said | None = None if one.gone else one
        while here is not None and here.id not in needed:
            needed.add(here.id)
            here = told.get(here.parent or "")
    return (one for one in told.values() if one.id in needed)


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://")) and safe_link(url, "/") is not None
