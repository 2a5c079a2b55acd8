"""Bluesky: a story's conversation are the replies to a post about it (https://docs.bsky.app).

`conversation: {bluesky: "https://bsky.app/profile/mara.example/post/3kabc"}`. Readers write there; a
link leads to it. Bluesky's public answers need no token. An account is its DID: a handle can pass on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import PAGES, Asking, NoAnswer, each
from ..heard import Json
from ..opening import Linked, link_box
from ..provider import Failed, Fetched, Reach, Said, Same, Subject, Wanted
from .bluesky_post import html_of, place_of

SETTINGS = (
    Setting(
        "FIRSTHAND_BLUESKY_URL",
        "https://public.api.bsky.app",
        "The server of Bluesky's public answers (an AppView), a whole address.",
    ),
)
# Levels asked for at a time: Bluesky gives up to 1,000, nested, which no reader of JSON here goes down;
# of a large thread it gives fewer than asked. A post at the edge has no list of replies, not an empty one.
DEPTH = 100
_SHOWN = "app.bsky.feed.defs#threadViewPost"
# Authors who do not want to be shown to people without an account, and what Bluesky shows to nobody
# or only behind a warning. Source: https://docs.bsky.app/docs/advanced-guides/moderation
_NOT_HERE = frozenset(
    "!no-unauthenticated !hide !takedown !suspend spam scam impersonation porn sexual graphic-media gore"
    " intolerant threat".split()
)
_POST = re.compile(
    r"(?:https?://[^/\s?#@]+/profile|at:/)/([\w.:%-]{1,253})/(?:app\.bsky\.feed\.)?post/([\w.:~-]{1,512})/?"
)
_LONGEST_ID = 180


def from_settings(settings: dict[str, Any]) -> Bluesky:
    """Bluesky as the settings have it."""
    return Bluesky(settings["FIRSTHAND_BLUESKY_URL"].rstrip("/"))


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Bluesky's settings."""
    url = settings["FIRSTHAND_BLUESKY_URL"]
    if not url.startswith(("http://", "https://")) or not urlsplit(url).hostname:
        return [f"FIRSTHAND_BLUESKY_URL is {url!r}. {SETTINGS[0].help}"]
    return []


@dataclass(frozen=True)
class Bluesky(Linked):
    """Posts on Bluesky, read at `url`."""

    url: str = "https://public.api.bsky.app"

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A link to the post; nothing where the story names none."""
        post = _post(subject.place)
        if post is None:
            return Markup("")
        place = subject.place if subject.place.startswith("http") else place_of(post)
        return link_box(place, subject, words)

    def problem(self, place: str) -> str | None:
        """A post's own address is needed."""
        if _post(place):
            return None
        return (
            "Bluesky needs the address of the post about this story: write"
            ' `conversation: {bluesky: "https://bsky.app/profile/mara.example/post/3kabc"}`.'
        )

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request a thread, and one more for each hundred levels that it is deep."""
        asking = Asking("Bluesky", reach)
        return each(wanted, asking, lambda story: self._thread(story, asking))

    async def _thread(self, story: Wanted, asking: Asking) -> Fetched | Same:
        root = _post(story.place)
        if root is None:
            return Same(story.slug)  # the site's own choice, and no post about this story
        said: dict[str, Said] = {}
        ahead: list[tuple[str, str | None]] = [(root, None)]
        hidden: set[str] = set()
        for count in range(PAGES):
            if not ahead:
                return Fetched(story.slug, tuple(said.values()))
            uri, parent = ahead.pop()
            answer = await asking.ask(
                f"{self.url}/xrpc/app.bsky.feed.getPostThread?uri={quote(uri, safe='')}"
                f"&depth={DEPTH}&parentHeight=0",
                through=(400,),
            )
            if answer.status == 400:
                raise NoAnswer(f"Bluesky does not show this post: {_why(answer.json)}")
            if not count:
                hidden.update(_hidden(answer.json))
            thread = answer.json.need("thread")
            if thread.text("$type") != _SHOWN:
                if count:
                    continue  # gone between two questions
                raise NoAnswer("Bluesky does not show this post: it was deleted, or its author is hidden.")
            untold = not count and thread.inner("replies").value is None
            if untold and thread.inner("post").number("replyCount"):
                raise NoAnswer("Bluesky counts replies to this post and tells none of them.")
            for one, edge in _walk(thread, parent, hidden):
                if one.id in said:
                    continue
                said[one.id] = one
                ahead += [(edge, one.id)] if edge else []
        raise NoAnswer("Bluesky's thread does not end.")


def _walk(thread: Json, top: str | None, hidden: set[str]) -> Iterator[tuple[Said, str]]:
    """The replies below a post, which is `top`, or None for the story's own; each with the address to
    read on at where its own replies were left out, else "".
    """
    ahead = [(reply, top) for reply in reversed(thread.some("replies"))]
    while ahead:
        node, parent = ahead.pop()
        if node.text("$type") != _SHOWN:
            continue  # deleted, or blocked
        post = node.need("post")
        uri = post.id("uri")
        if uri in hidden:
            continue  # the thread's author hid it, with all that is under it
        name, replies = _id(uri), node.some("replies")
        is_edge = node.inner("replies").value is None and bool(post.number("replyCount"))
        said = _said(post, name, parent, answered=bool(replies) or is_edge)
        if said:
            yield said, uri if is_edge else ""
        ahead += [(reply, name) for reply in reversed(replies)]


def _said(post: Json, name: str, parent: str | None, *, answered: bool) -> Said | None:
    """A reply; its place alone where it may not be shown here and somebody answered, else None."""
    author, record = post.need("author"), post.need("record")
    did = author.id("did")
    labels = [*post.some("labels"), *author.some("labels")]
    gone = any(label.text("val") in _NOT_HERE and not label.flag("neg") for label in labels)
    if gone and not answered:
        return None
    indexed = post.time("indexedAt")
    # An author can write any time; Bluesky says when it heard of it.
    published = min(record.time_or_none("createdAt") or indexed, indexed)
    if gone:
        return Said(name, parent, "", "", published, "", gone=True)
    handle = author.text("handle")
    return Said(
        id=name,
        parent=parent,
        author=author.text("displayName").strip() or (handle if handle != "handle.invalid" else did),
        url=f"https://bsky.app/profile/{did}",
        published=published,
        html=html_of(record, post.inner("embed")),
        account=did,
        place=place_of(post.id("uri")),
        avatar=author.text("avatar"),
    )


def _post(place: str) -> str | None:
    """The at:// address of a post, from the one that people know."""
    found = _POST.fullmatch(place.strip())
    return f"at://{found[1]}/app.bsky.feed.post/{found[2]}" if found else None


def _hidden(answer: Json) -> list[str]:
    """What the thread's author hid. Source: the lexicon app.bsky.feed.threadgate."""
    gates = (answer.inner("threadgate"), answer.inner("thread").inner("post").inner("threadgate"))
    return [uri for gate in gates for uri in gate.inner("record").texts("hiddenReplies")]


def _id(uri: str) -> str:
    """A post's whole address: its last part alone is whatever an author chose."""
    return uri if len(uri) <= _LONGEST_ID else hashlib.sha256(uri.encode()).hexdigest()


def _why(answer: Json) -> str:
    return (answer.text("message") or answer.text("error") or "it says no more").rstrip(".")[:200] + "."
