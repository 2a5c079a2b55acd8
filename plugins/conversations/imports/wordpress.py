"""Reading the comments of WordPress's own export: what people wrote and somebody approved.

The login of a registered author is the blog's own word for who wrote a comment; the name is typed.
Left out are e-mail and IP addresses, and what other blogs sent by themselves.
Source: wp-admin/includes/export.php; `comment_approved` is 1, 0, spam, trash or post-trashed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from plugins.guard.exports import Fields, answered
from plugins.guard.wpautop import paragraphs
from plugins.guard.wxr import REMARKS, Item, is_wxr, moment, read_wxr

from ..provider import Said
from .exported import Export, Exported

__all__ = ["is_wxr", "read_comments"]

_LEFT_OUT = {"0": "not approved", "spam": "spam", "trash": "deleted", "post-trashed": "deleted"}


def read_comments(chunks: Iterable[bytes]) -> Export:
    """The threads of an export. Raises ValueError, in words, where it is broken."""
    export = read_wxr(chunks)
    logins = {one.get("wp:author_id", ""): one.get("wp:author_login", "") for one in export.authors}
    left_out: Counter[str] = Counter()
    threads = (
        Exported(
            item.fields.get("link", ""),
            item.fields.get("wp:post_name", ""),
            tuple(_thread(item, logins, left_out)),
        )
        for item in export.items
    )
    return Export(tuple(thread for thread in threads if thread.said), left_out)


def _thread(item: Item, logins: Fields, left_out: Counter[str]) -> Iterator[Said]:
    known = {one.get("wp:comment_id", ""): one for one in item.comments}
    shown = set()
    for name, one in known.items():
        why = _why_not(one, item)
        if why:
            left_out[why] += 1
        else:
            shown.add(name)
    parents = answered({name: one.get("wp:comment_parent", "") for name, one in known.items()}, shown)
    for name, one in known.items():
        if name in shown:
            yield _said(name, one, parents[name], logins)


def _why_not(one: Fields, item: Item) -> str:
    """Why a comment is left out, or "" where it is not; the words follow a number."""
    approved = one.get("wp:comment_approved", "")
    if approved != "1":
        return _LEFT_OUT.get(approved, "not approved")
    if one.get("wp:comment_type", "") not in REMARKS:
        return "sent by other blogs"
    if not item.is_published:
        return "under what is not published"
    if not one.get("wp:comment_id"):
        return "without an id"
    if _time(one) is None:
        return "without a time"
    return "" if one.get("wp:comment_content") else "without words"


def _said(name: str, one: Fields, parent: str, logins: Fields) -> Said:
    published = _time(one)
    assert published is not None  # noqa: S101 - _why_not has looked
    return Said(
        id=name,
        parent=parent or None,
        author=one.get("wp:comment_author", ""),
        url=one.get("wp:comment_author_url", ""),
        published=published,
        html=paragraphs(one["wp:comment_content"]),
        account=logins.get(one.get("wp:comment_user_id", ""), ""),
    )


def _time(one: Fields) -> datetime.datetime | None:
    """In UTC. Very old comments have only the blog's own time, which is hours away at the most."""
    return moment(one.get("wp:comment_date_gmt", "")) or moment(one.get("wp:comment_date", ""))
