"""Waline: a comment server of one's own, without accounts or with (https://waline.js.org).

Its thread is known by a path, `/stories/SLUG/`; `conversation: {waline: "/another/path"}` names another.
It opens in a frame: the server's own page shows any path.

Only who signed in has a `user_id`, and only then does it say `type: administrator`; name, address and
website are typed. Spam and what waits for approval it tells to nobody who is not signed in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import PAGES, Asking, NoAnswer, each
from ..heard import Json
from ..once import Once
from ..opening import Framed, frame_box
from ..provider import Failed, Fetched, Reach, Said, Same, Subject, Wanted

SETTINGS = (Setting("FIRSTHAND_WALINE_URL", "", "Where Waline answers: a whole address with http or https."),)
_NO_URL = "Set FIRSTHAND_WALINE_URL to where Waline answers."
_A_PAGE = 100  # top-level comments, with all their replies: the most it gives
_COUNTED = 50  # paths counted in one request
_NO_ADDRESS = "d41d8cd98f00b204e9800998ecf8427e"  # MD5 of nothing: the same picture for all who gave none
_HIDDEN = frozenset({"waiting", "spam"})
_BUILT_FROM = "unpkg.com, libravatar.org"  # where its page has its program and readers' pictures from
_ADVICE = "If its SECURE_DOMAINS is set, it has to name this site."


def from_settings(settings: dict[str, Any]) -> Waline:
    """Waline as the settings have it."""
    return Waline(settings["FIRSTHAND_WALINE_URL"].rstrip("/"))


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Waline's settings."""
    url = settings["FIRSTHAND_WALINE_URL"]
    if url and not (url.startswith(("http://", "https://")) and safe_link(url, "/")):
        return [f"FIRSTHAND_WALINE_URL is {url!r}. {SETTINGS[0].help}"]
    if not url and settings.get("FIRSTHAND_CONVERSATIONS") == "waline":
        return [_NO_URL]
    return []


@dataclass(frozen=True)
class Waline(Framed):
    """A Waline server at `url`."""

    url: str

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A button that opens the server's own page of the thread."""
        if not self.url:
            return Markup("")
        query = {"path": _path(subject.slug, subject.place), "lng": subject.lang}
        return frame_box(f"{self.url}/?{urlencode(query)}", "", subject, words, built_from=_BUILT_FROM)

    def problem(self, place: str) -> str | None:
        """A path is taken, and none is needed."""
        if not self.url:
            return _NO_URL
        if place and (not place.startswith("/") or "," in place):
            return "Write the path of the page whose thread it is, such as /old/page/, or `waline` alone."
        return None

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request for how many comments fifty stories have, and one for each that has some."""
        asking = Asking("Waline", reach)
        counts = Once(lambda: self._counts(wanted, asking))
        return each(wanted, asking, lambda story: self._thread(story, asking, counts))

    async def _thread(self, story: Wanted, asking: Asking, counts: Once[dict[str, int]]) -> Fetched | Same:
        if not self.url:
            raise NoAnswer(_NO_URL)
        path = _path(story.slug, story.place)
        count = (await counts.get()).get(path, 0)
        if count == 0:
            return Fetched(story.slug, ())
        found: list[Json] = []
        for page in range(1, PAGES + 1):
            query = {"path": path, "page": page, "pageSize": _A_PAGE, "sortBy": "insertedAt_asc"}
            told = await self._ask(urlencode(query), story.url, asking)
            found += told.items("data")
            if page >= told.whole("totalPages"):
                break
        else:
            raise NoAnswer(f"Waline's thread has more than {PAGES * _A_PAGE:,} top-level comments.")
        said = tuple(_said(found))
        if not said:
            raise NoAnswer(f"Waline counts {count} comments there and tells none.")
        return Fetched(story.slug, said)

    async def _counts(self, wanted: Sequence[Wanted], asking: Asking) -> dict[str, int]:
        paths = sorted({_path(story.slug, story.place) for story in wanted})
        counts: dict[str, int] = {}
        for at in range(0, len(paths), _COUNTED):
            some = paths[at : at + _COUNTED]
            query = f"type=count&url={','.join(quote(path, safe='/') for path in some)}"
            told = (await self._ask(query, wanted[0].url, asking)).value
            numbers = [
                number for number in (told if isinstance(told, list) else [told]) if type(number) is int
            ]
            if len(numbers) != len(some):
                raise NoAnswer("Waline answered something that is no count of comments.")
            counts |= zip(some, numbers, strict=True)
        return counts

    async def _ask(self, query: str, page: str, asking: Asking) -> Json:
        """What stands under `data` in the answer; `page` is where the question comes from."""
        headers = {"Referer": page} if page else {}
        answer = await asking.ask(f"{self.url}/api/comment?{query}", headers=headers, advice=_ADVICE)
        if answer.json.number("errno"):
            raise NoAnswer(f"Waline says: {answer.json.text('errmsg')[:200] or 'no'}.")
        return answer.json.inner("data")


def _path(slug: str, place: str) -> str:
    return place or f"/stories/{slug}/"


def _said(listed: Iterable[Json]) -> Iterator[Said]:
    """Comments with all that stands under them. Source: @waline/vercel, src/controller/comment.js."""
    told = [one for root in listed for one in (root, *root.some("children"))]
    shown = {one.id("objectId"): one for one in told if one.text("status") not in _HIDDEN}
    for name, one in shown.items():
        above = [str(one.inner(key).value or "") for key in ("pid", "rid")]
        account = one.inner("user_id").value
        yield Said(
            id=name,
            # Who answered what was taken away stands under the comment that began it all.
            parent=next((parent for parent in above if parent in shown and parent != name), None),
            author=one.text("nick"),
            url=one.text("link"),
            published=one.seconds("time", of=1000),
            html=one.words("comment"),
            account=str(account) if isinstance(account, str | int) and account else "",
            official=bool(account) and one.text("type") == "administrator",
            avatar="" if _NO_ADDRESS in one.text("avatar") else one.text("avatar"),
        )
