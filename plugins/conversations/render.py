"""A thread as data for machines: JSON-LD's Comment objects."""

from __future__ import annotations

from typing import Any

from plugins.guard.html import plain_text

from .thread import Comment, Thread


def comments_ld(thread: Thread, page_url: str = "") -> list[dict[str, Any]]:
    """The thread as a list of schema.org Comments, nested. `page_url` is the story's address.

    Source: https://schema.org/Comment, and Google's DiscussionForumPosting guide.
    """
    return [_comment(comment, page_url) for comment in thread.comments]


def _comment(comment: Comment, page_url: str) -> dict[str, Any]:
    author: dict[str, Any] = {"@type": "Person", "name": comment.author}
    if comment.url:
        author["url"] = comment.url
    data: dict[str, Any] = {
        "@type": "Comment",
        "@id": f"{page_url}#{comment.anchor}",
        "text": plain_text(comment.html),
        "datePublished": comment.published.isoformat(),
        "author": author,
    }
    if comment.replies:
        data["comment"] = [_comment(reply, page_url) for reply in comment.replies]
    return data
