"""A thread for machines: schema.org Comments, nested as the page nests them.

Source: https://schema.org/Comment, and Google's guide to DiscussionForumPosting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugins.guard.html import plain_text

from .thread import Comment, Thread


@dataclass(frozen=True)
class Page:
    """Where the comments stand: the story's address, the site's, and its name."""

    url: str
    site_url: str
    site_name: str


def comments_ld(thread: Thread, url: str, site_url: str = "", site_name: str = "") -> list[dict[str, Any]]:
    """The thread's comments with all that answer them; `url` is the story's address."""
    return _all(thread.comments, Page(url, site_url, site_name))


def _all(comments: Iterable[Comment], page: Page) -> list[dict[str, Any]]:
    return [_comment(comment, page) for comment in comments]


def _comment(comment: Comment, page: Page) -> dict[str, Any]:
    address = f"{page.url}#{comment.anchor}"
    data: dict[str, Any] = {
        "@type": "Comment",
        "@id": address,
        "url": address,
        "datePublished": comment.published.isoformat(),
    }
    if comment.gone:
        data["creativeWorkStatus"] = "Deleted"
    else:
        data |= {"text": plain_text(comment.html), "author": _author(comment, page)}
    if comment.place:
        data["sameAs"] = comment.place
    if comment.replies:
        data["comment"] = _all(comment.replies, page)
    return data


def _author(comment: Comment, page: Page) -> dict[str, Any]:
    author: dict[str, Any] = {"@type": "Person", "name": comment.author}
    if comment.person and comment.person.url:
        author["url"] = f"{page.site_url}/{comment.person.url}"
    elif comment.url:
        author["url"] = comment.url
    if comment.avatar:
        author["image"] = f"{page.site_url}/conversations/avatars/{comment.avatar}"
    if comment.staff:
        author["worksFor"] = {"@type": "Organization", "name": page.site_name}
    return author
