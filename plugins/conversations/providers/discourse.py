"""Discourse: a story's conversation is a topic of your own forum (https://www.discourse.org).

`conversation: {discourse: 123}`, the topic's number or its address. Readers write there; a link leads to
it. Only the forum that the settings name is read: whoever is staff there is staff here.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from markupsafe import Markup

from plugins.guard.html import from_root, safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import PAGES, Asking, NoAnswer, each
from ..heard import Json
from ..opening import Linked, link_box
from ..pictures import as_words
from ..provider import Failed, Fetched, Reach, Said, Same, Subject, Wanted

KEY = "FIRSTHAND_DISCOURSE_KEY"
USER = "FIRSTHAND_DISCOURSE_USER"
SETTINGS = (
    Setting(
        "FIRSTHAND_DISCOURSE_URL",
        "",
        "Your Discourse forum, a whole address: https://forum.example.",
    ),
)
AT_A_TIME = 100  # posts asked for; Discourse's own pages ask for twenty
AVATAR = 96  # pixels
_TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d{1,12})(?:/\d{1,9})?/?")
# Source: Discourse, app/models/post.rb. 3 is "closed this topic", 4 is whispered among staff.
_REGULAR, _BY_A_MODERATOR = 1, 2
_ADVICE = (
    f"Where the forum is not public, put a key that may read topics into {KEY}, and its user into {USER}."
)


def from_settings(settings: dict[str, Any]) -> Discourse:
    """Discourse as the settings have it."""
    return Discourse(settings["FIRSTHAND_DISCOURSE_URL"].rstrip("/"))


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Discourse's settings."""
    url, chosen = settings["FIRSTHAND_DISCOURSE_URL"], settings.get("FIRSTHAND_CONVERSATIONS")
    if (url or chosen == "discourse") and not _is_web_address(url):
        return [f"FIRSTHAND_DISCOURSE_URL is {url!r}. {SETTINGS[0].help}"]
    return []


@dataclass(frozen=True)
class Discourse(Linked):
    """The forum at `url`, a whole address without a slash at its end."""

    url: str

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A link to the topic; nothing where the story names none."""
        topic = self._topic(subject.place)
        return link_box(f"{self.url}/t/{topic}", subject, words) if topic else Markup("")

    def problem(self, place: str) -> str | None:
        """A topic of our own forum is needed."""
        if not self.url:
            return "There is no forum to read: write your Discourse's address into FIRSTHAND_DISCOURSE_URL."
        if self._topic(place):
            return None
        return (
            f"Discourse needs a topic of {self.url}: write its number, `conversation: {{discourse: 123}}`,"
            " or its address."
        )

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request a thread, and one more for each hundred posts after the first twenty."""
        asking = Asking("Discourse", reach)
        headers = _headers(reach.environ)
        return each(wanted, asking, lambda story: self._thread(story, asking, headers))

    async def _thread(self, story: Wanted, asking: Asking, headers: dict[str, str]) -> Fetched | Same:
        topic = self._topic(story.place)
        if not topic:
            return Same(story.slug)  # the site's own choice, and no topic about this story
        note = asking.note(story.slug)
        address = f"{self.url}/t/{topic}.json"
        answer = await asking.ask(address, headers=headers, note=note, advice=_ADVICE)
        if answer.same:
            return Same(story.slug)
        found = answer.json
        if found.text("archetype") == "private_message" or found.text("deleted_at"):
            raise NoAnswer("Discourse has this topic for a few people only, or it was deleted.")
        stream = found.need("post_stream")
        posts = {post.whole("id"): post for post in stream.items("posts")}
        wanted = [number for number in _numbers(stream) if number not in posts]
        is_all = not wanted
        for _ in range(PAGES):
            if not wanted:
                if not any(post.number("post_number") == 1 for post in posts.values()):
                    raise NoAnswer("Discourse does not tell this topic's first post, and so not all of it.")
                said = tuple(self._said(list(posts.values())))
                if is_all:
                    answer.keep()
                return Fetched(story.slug, said)
            asked = wanted[:AT_A_TIME]
            query = "&".join(f"post_ids%5B%5D={number}" for number in asked)
            more = await asking.ask(
                f"{self.url}/t/{topic}/posts.json?{query}", headers=headers, advice=_ADVICE
            )
            told = {post.whole("id"): post for post in more.json.need("post_stream").items("posts")}
            posts |= told
            # What was asked for and not told was taken away in between; unless a part is all we get.
            few = bool(told) and len(told) < len(asked)
            wanted = [number for number in wanted if number not in (told if few else asked)]
        raise NoAnswer(f"Discourse's topic has more posts than we read ({PAGES * AT_A_TIME:,}).")

    def _topic(self, place: str) -> str:
        """A topic's number, from that or from its address on this forum; or ""."""
        place = place.strip()
        if place.isdecimal() and place.isascii() and len(place) <= 12:
            return place if self.url else ""
        path = place.removeprefix(self.url) if self.url else place
        found = _TOPIC.fullmatch(path.partition("?")[0].partition("#")[0])
        return found[1] if found and path != place else ""

    def _said(self, posts: list[Json]) -> Iterator[Said]:
        """The replies: the first post is about the story, or is it.

        Source: https://docs.discourse.org/#tag/Topics/operation/getTopic
        """
        answered = {post.number("reply_to_post_number") for post in posts}
        for post in posts:
            number, kind = post.whole("post_number"), post.number("post_type")
            if number == 1 or kind not in (_REGULAR, _BY_A_MODERATOR):
                continue
            gone = post.flag("hidden") or post.flag("user_deleted") or bool(post.text("deleted_at"))
            text = "" if gone else from_root(as_words(post.words("cooked")), self.url)
            if (gone or (kind == _BY_A_MODERATOR and not text.strip())) and number not in answered:
                continue
            yield self._one(post, number, text, gone=gone)

    def _one(self, post: Json, number: int, text: str, *, gone: bool) -> Said:
        to = post.number("reply_to_post_number")
        name, parent, published = str(number), str(to) if to and to > 1 else None, post.time("created_at")
        if gone:
            return Said(name, parent, "", "", published, "", gone=True)
        username = post.id("username")
        return Said(
            id=name,
            parent=parent,
            author=post.text("name").strip() or username,
            url=f"{self.url}/u/{quote(username)}",
            published=published,
            html=text,
            account=username,
            official=post.flag("staff"),
            place=f"{self.url}/t/{post.id('topic_id')}/{number}",
            avatar=self._avatar(post.text("avatar_template")),
        )

    def _avatar(self, template: str) -> str:
        """The picture's address; a letter on a colour is no picture."""
        if not template or "letter_avatar" in template:
            return ""
        return _joined(self.url + "/", template.replace("{size}", str(AVATAR)))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _numbers(stream: Json) -> list[int]:
    """The ids of all the posts of a topic. A topic of more than 10,000 does not tell them."""
    listed = stream.inner("stream").value
    if not isinstance(listed, list):
        raise NoAnswer("Discourse does not tell which posts this topic has; it may have more than 10,000.")
    return [number for number in listed if isinstance(number, int) and not isinstance(number, bool)]


def _headers(environ: Mapping[str, str]) -> dict[str, str]:
    key = environ.get(KEY, "").strip()
    return {"Api-Key": key, "Api-Username": environ.get(USER, "").strip() or "system"} if key else {}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
    return whole and safe_link(url, "https://site.invalid/") is not None
