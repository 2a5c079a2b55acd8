"""Reading Disqus's export: what people wrote and a moderator did not take away.

An account is Disqus's own word for who wrote a comment; the name beside it is typed. Left out are
e-mail and IP addresses, and the address that counts every click on a link.
Source: https://help.disqus.com/en/articles/1717164-comments-export (threads and posts tell each other's
`dsq:id`; times are in UTC).
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote

from plugins.guard.exports import Fields, answered, read_xml

from ..provider import Said
from .exported import Export, Exported

_NAMESPACE = b"http://disqus.com"
_ID = "http://disqus.com/disqus-internals id"
_COUNTED = re.compile(r'(?<=href=")https?://disq\.us/url\?url=([^"&]{1,4000})(?:&[^"]{0,500})?(?=")')
_SIGNED = re.compile(r":[\w-]{27}$")  # what Disqus puts behind the address that a counted link leads to
_NAMED = re.compile(r"@([\w-]{1,80}):disqus\b")


def is_disqus(head: bytes) -> bool:
    """True where the head of a file names Disqus's format, and not WordPress's with Disqus's additions."""
    return b"<disqus" in head[:20_000] and _NAMESPACE in head[:20_000]


def read_disqus(chunks: Iterable[bytes]) -> Export:
    """The threads of an export. Raises ValueError, in words, where it is broken."""
    reading = _Reading()
    read_xml(chunks, reading, "the export")
    left_out: Counter[str] = Counter()
    shown: dict[str, Fields] = {}
    for post in reading.posts:
        why = _why_not(post, reading.threads.get(post.get("thread.id", "")))
        if why:
            left_out[why] += 1
        else:
            shown.setdefault(post["dsq:id"], post)
    parents = answered({post["dsq:id"]: post.get("parent.id", "") for post in reading.posts}, shown)
    said: dict[str, list[Said]] = {name: [] for name in reading.threads}
    for name, post in shown.items():
        parent = parents[name]
        if parent and shown[parent]["thread.id"] != post["thread.id"]:
            parent = ""
        said[post["thread.id"]].append(_said(post, parent))
    threads = (
        Exported(thread.get("link", ""), thread.get("id", ""), tuple(said[name]))
        for name, thread in reading.threads.items()
    )
    return Export(tuple(thread for thread in threads if thread.said), left_out)


def _why_not(post: Fields, thread: Fields | None) -> str:
    """Why a comment is left out, or "" where it is not; the words follow a number."""
    if post.get("isSpam") == "true":
        return "spam"
    if post.get("isDeleted") == "true" or (thread and thread.get("isDeleted") == "true"):
        return "deleted"
    if post.get("isApproved") == "false":
        return "not approved"
    if thread is None or not post["dsq:id"]:
        return "in no thread"
    if _time(post) is None:
        return "without a time"
    return "" if post.get("message") else "without words"


def _said(post: Fields, parent: str) -> Said:
    published = _time(post)
    assert published is not None  # noqa: S101 - _why_not has looked
    anonymous = post.get("author.isAnonymous") == "true"
    return Said(
        id=post["dsq:id"],
        parent=parent or None,
        author=post.get("author.name", ""),
        url="",
        published=published,
        html=_NAMED.sub(r"@\1", _COUNTED.sub(_uncounted, post["message"])),
        account="" if anonymous else post.get("author.username", ""),
    )


def _uncounted(link: re.Match[str]) -> str:
    return _SIGNED.sub("", unquote(link[1])).replace('"', "%22").replace("<", "%3C")


def _time(post: Fields) -> datetime.datetime | None:
    try:
        time = datetime.datetime.fromisoformat(post.get("createdAt", ""))
        return (time if time.tzinfo else time.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


class _Reading:
    """What expat tells, put together."""

    def __init__(self) -> None:
        self.threads: dict[str, Fields] = {}
        self.posts: list[Fields] = []
        self._open: Fields = {}

    def begin(self, path: list[str], attributes: dict[str, str]) -> None:
        name = path[-1] = path[-1].rpartition(" ")[2]
        if len(path) == 2:
            self._open = {"dsq:id": attributes.get(_ID, "")}
        elif len(path) == 3 and name in ("thread", "parent"):
            self._open[f"{name}.id"] = attributes.get(_ID, "")

    def end(self, path: list[str], text: str) -> None:
        name = path[-1]
        if len(path) == 2 and name == "thread":
            self.threads.setdefault(self._open["dsq:id"], self._open)
        elif len(path) == 2 and name == "post":
            self.posts.append(self._open)
        elif len(path) == 3:
            self._open.setdefault(name, text)
        elif len(path) == 4 and path[2] == "author":
            self._open.setdefault(f"author.{name}", text)
