"""Reading WordPress's own export (WXR): the posts that were published, with their comments.

feedparser keeps one comment of a post and none of its parts, so the file is read with expat here.
Left out are drafts, private posts, those behind a password, and pages; of comments what nobody
approved, spam, pingbacks and trackbacks, and every e-mail and IP address.
Source: https://wordpress.org/documentation/article/tools-export-screen/, wp-admin/includes/export.php
"""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from .address import absolute
from .entry import Entry, Feed, Remark
from .wpautop import paragraphs

_MARK = b"//wordpress.org/export/"
_CHUNK = 1 << 16
# XML knows none of these, and old comments are full of them.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_CREATOR = "http://purl.org/dc/elements/1.1/ creator"
_REMARKS = frozenset({"", "comment"})  # of the types a comment can have, those that people write
_THUMBNAIL, _ALT = "_thumbnail_id", "_wp_attachment_image_alt"

Fields = dict[str, str]


@dataclass
class _Item:
    """An item: its own fields, and those of what it has several of."""

    fields: Fields = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    comments: list[Fields] = field(default_factory=list)
    meta: Fields = field(default_factory=dict)


def is_export(data: bytes) -> bool:
    """True where the head names WordPress's export format."""
    return _MARK in data[:20_000]


def read_wordpress(data: bytes, limit: int) -> Feed:
    """The published posts of an export, at most `limit`, in its order.

    Raises ValueError, in words, where it is broken.
    """
    export = _Export()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = export.start
    parser.EndElementHandler = export.end
    parser.CharacterDataHandler = export.say
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for at in range(0, len(data), _CHUNK):
            parser.Parse(data[at : at + _CHUNK].translate(None, _CONTROLS), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(
            f"the export breaks off or is damaged at line {error.lineno}; save it anew"
        ) from error
    return export.feed(limit)


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no export of WordPress does")


class _Export:
    """What expat tells, put together: channel, authors, items."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._part: Fields = {}  # the comment, author or postmeta that is open
        self._item = _Item()
        self._channel: Fields = {}
        self._names: Fields = {}  # a login's name
        self._items: list[_Item] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        """An element opens."""
        self._path.append(_short(name))
        self._text.clear()
        if self._path[-1] in ("item", "wp:comment", "wp:author", "wp:postmeta") and len(self._path) in (3, 4):
            self._part = {}
            if self._path[-1] == "item":
                self._item = _Item()

    def say(self, text: str) -> None:
        """A piece of text."""
        self._text.append(text)

    def end(self, _: str) -> None:
        """An element is whole."""
        name, text = self._path[-1], "".join(self._text).strip()
        self._text.clear()
        inside, depth = self._path[2:-1], len(self._path)
        self._path.pop()
        if name == "item" and depth == 3:
            self._items.append(self._item)
        elif name == "wp:comment" and inside == ["item"]:
            self._item.comments.append(self._part)
        elif name == "wp:postmeta" and inside == ["item"]:
            self._item.meta[self._part.get("wp:meta_key", "")] = self._part.get("wp:meta_value", "")
        elif name == "wp:author" and depth == 3:
            self._names[self._part.get("wp:author_login", "")] = self._part.get("wp:author_display_name", "")
        elif inside == ["item"]:
            if name == "category" and text:
                self._item.tags.append(text)
            self._item.fields.setdefault(name, text)
        elif inside and inside[-1] in ("wp:comment", "wp:author", "wp:postmeta"):
            self._part.setdefault(name, text)
        elif depth == 3:
            self._channel.setdefault(name, text)

    def feed(self, limit: int) -> Feed:
        """All of it as a feed."""
        pictures = {
            item.fields.get("wp:post_id", ""): item
            for item in self._items
            if item.fields.get("wp:post_type") == "attachment"
        }
        posts = [item for item in self._items if _is_public(item.fields)]
        home = absolute(self._channel.get("link", ""))
        lang = self._channel.get("language", "")
        entries = tuple(
            self._entry(item, pictures.get(item.meta.get(_THUMBNAIL, "-")), home, lang)
            for item in posts[:limit]
        )
        title, left_out = self._channel.get("title", ""), max(0, len(posts) - limit)
        return Feed(title, home, "", lang, entries, left_out)

    def _entry(self, item: _Item, picture: _Item | None, home: str, lang: str) -> Entry:
        fields = item.fields
        url = absolute(fields.get("link", ""))
        login = fields.get("dc:creator", "")
        comments = tuple(_remarks(item.comments, url))
        return Entry(
            id=fields.get("guid", ""),
            url=url,
            title=fields.get("title", ""),
            author=self._names.get(login) or login,
            published=_moment(fields.get("wp:post_date_gmt", "")) or _rfc822(fields.get("pubDate", "")),
            updated=_moment(fields.get("wp:post_modified_gmt", "")),
            html=paragraphs(fields.get("content:encoded", "")),
            tags=tuple(dict.fromkeys(item.tags)),
            lang=lang,
            image=absolute(picture.fields.get("wp:attachment_url", "")) if picture else "",
            image_alt=picture.meta.get(_ALT, "") if picture else "",
            base=url or home,
            comments_count=len(comments),
            comments=comments,
        )


def _short(name: str) -> str:
    """An expanded name as the format's own documents write it, whatever prefix and version the file has."""
    space, _, local = name.rpartition(" ")
    if "//wordpress.org/export/" in space:
        return f"excerpt:{local}" if space.rstrip("/").endswith("excerpt") else f"wp:{local}"
    return {_CONTENT: "content:encoded", _CREATOR: "dc:creator"}.get(
        name, f"{space} {local}" if space else local
    )


def _is_public(fields: Fields) -> bool:
    return (
        fields.get("wp:post_type", "post") == "post"
        and fields.get("wp:status", "publish") == "publish"
        and not fields.get("wp:post_password")
    )


def _remarks(comments: Iterable[Fields], url: str) -> Iterable[Remark]:
    """What people wrote and the blog showed; who answered what was left out answers what that answered."""
    known = {one.get("wp:comment_id", ""): one for one in comments}
    shown = {
        key
        for key, one in known.items()
        if key and one.get("wp:comment_approved") == "1" and one.get("wp:comment_type", "") in _REMARKS
    }
    for key in known:
        if key not in shown:
            continue
        one, passed = known[key], {key}
        parent = one.get("wp:comment_parent", "")
        while parent in known and parent not in shown and parent not in passed:
            passed.add(parent)
            parent = known[parent].get("wp:comment_parent", "")
        yield Remark(
            id=key,
            parent=parent if parent in shown and parent not in passed else "",
            author=one.get("wp:comment_author", ""),
            url=f"{url}#comment-{key}" if url and key.isdigit() else url,
            published=_moment(one.get("wp:comment_date_gmt", "")),
            html=paragraphs(one.get("wp:comment_content", "")),
        )


def _moment(text: str) -> datetime.datetime | None:
    """MySQL's way to write a time in UTC; it writes zeros where there is none."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None
