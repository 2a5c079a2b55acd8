"""Atom feeds of what was said: one a conversation, whole, and one of the latest words under all stories.

Each comment names what it answers, so that a feed reader can thread them. Sources: RFC 4287, RFC 4685.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from plugins.guard.html import from_root
from plugins.guard.template import Words
from plugins.stories.card import Card
from plugins.stories.feeds import ALL, EPOCH, Head, Replies, beginning, entry_id, host_of

from .thread import Comment, Thread, flat

LATEST = "feeds/conversations.atom.xml"
_FILE = "conversation.atom.xml"


@dataclass(frozen=True)
class Remark:
    """A comment in a feed; `answers` is the comment that it answers, or None for the story itself."""

    card: Card
    title: str
    comment: Comment
    answers: Comment | None


def replies_of(thread: Thread, url: str) -> Replies:
    """What a story's entry says of its conversation; `url` is the story's own address."""
    said = [comment for comment in flat(thread.comments) if not comment.gone]
    return Replies(f"{url}{_FILE}", len(said), max((one.published for one in said), default=None))


def remarks(card: Card, thread: Thread, words: Words) -> list[Remark]:
    """The comments under one story, the latest first; what was taken away is left out."""
    top = {comment.anchor for comment in thread.comments}
    by_id: dict[str, Comment] = {}
    for comment in flat(thread.comments):
        by_id.setdefault(comment.id, replace(comment, replies=()))

    def remark(comment: Comment) -> Remark:
        answers = None if comment.anchor in top else by_id.get(comment.parent or "")
        title = words.say("said_under", card.lang, name=comment.author, title=card.title)
        return Remark(card, title, replace(comment, replies=()), answers)

    said = [remark(comment) for comment in flat(thread.comments) if not comment.gone]
    return latest_first(said)


def latest_first(said: Iterable[Remark]) -> list[Remark]:
    """In a feed's order; of one moment, by their anchors."""
    return sorted(said, key=lambda one: (one.comment.published, one.comment.anchor), reverse=True)


def feed_text(site: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """A feed as XML, from a Head and its remarks."""
    head: Head = values["head"]
    said: tuple[Remark, ...] = values["remarks"]
    lines = beginning(head, max((one.comment.published for one in said), default=EPOCH))
    for one in said:
        lines += _entry(one, head)
    return "\n".join([*lines, "</feed>", ""])


def _entry(one: Remark, head: Head) -> Iterator[str]:
    comment, card, root = one.comment, one.card, head.root
    parts = urlsplit(root)
    when = comment.published.isoformat()
    yield "<entry>" if card.lang == head.lang else f"<entry xml:lang={quoteattr(card.lang)}>"
    yield f"<title>{escape(one.title)}</title>"
    yield f'<link href={quoteattr(_address(comment, card, root))} rel="alternate" type="text/html"/>'
    yield f"<published>{when}</published>"
    yield f"<updated>{when}</updated>"
    page = f"{root}/{comment.person.url}" if comment.person and comment.person.url else comment.url
    uri = f"<uri>{escape(page)}</uri>" if page else ""
    yield f"<author><name>{escape(comment.author)}</name>{uri}</author>"
    yield f"<id>{escape(_id(comment, card, root))}</id>"
    if comment.place:
        yield f'<link rel="via" href={quoteattr(comment.place)}/>'
    if one.answers:
        ref, href, source = _id(one.answers, card, root), _address(one.answers, card, root), ""
    else:
        ref, href = entry_id(card, root), f"{root}/{card.url}"
        source = f" source={quoteattr(f'{root}/{ALL}')}"
    yield f'<thr:in-reply-to ref={quoteattr(ref)} href={quoteattr(href)} type="text/html"{source}/>'
    html = from_root(str(comment.html), f"{parts.scheme}://{parts.netloc}")
    yield f'<content type="html">{escape(html)}</content>'
    yield "</entry>"


def _address(comment: Comment, card: Card, root: str) -> str:
    return f"{root}/{card.url}#{comment.anchor}"


def _id(comment: Comment, card: Card, root: str) -> str:
    """Of the anchor and the comment's own day, which no edit changes. Source: RFC 4151"""
    return f"tag:{host_of(root)},{comment.published:%Y-%m-%d}:/{card.url}{comment.anchor}"
