"""WordPress's own export (WXR) as a feed: the posts that were published, with their comments.

Left out are drafts, private posts, those behind a password, and pages; of comments what nobody
approved, spam, pingbacks and trackbacks, and every e-mail and IP address.
"""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Iterable

from plugins.guard.exports import Fields, answered, pieces
from plugins.guard.wpautop import left_out, paragraphs
from plugins.guard.wxr import REMARKS, Item, Wxr, moment, read_wxr

from .address import absolute
from .entry import Entry, Feed, Remark

_THUMBNAIL, _ALT = "_thumbnail_id", "_wp_attachment_image_alt"


def read_wordpress(data: bytes, limit: int) -> Feed:
    """The published posts of an export, at most `limit`, in its order.

    Raises ValueError, in words, where it is broken.
    """
    return _feed(read_wxr(pieces(data)), limit)


def _feed(export: Wxr, limit: int) -> Feed:
    pictures = {
        item.fields.get("wp:post_id", ""): item
        for item in export.items
        if item.fields.get("wp:post_type") == "attachment"
    }
    names = {
        author.get("wp:author_login", ""): author.get("wp:author_display_name", "")
        for author in export.authors
    }
    posts = [item for item in export.items if item.is_public]
    home = absolute(export.channel.get("link", ""))
    lang = export.channel.get("language", "")
    entries = tuple(
        _entry(item, pictures.get(item.meta.get(_THUMBNAIL, "-")), names, home, lang)
        for item in posts[:limit]
    )
    title, left_out = export.channel.get("title", ""), max(0, len(posts) - limit)
    return Feed(title, home, "", lang, entries, left_out)


def _entry(item: Item, picture: Item | None, names: Fields, home: str, lang: str) -> Entry:
    fields = item.fields
    url = absolute(fields.get("link", ""))
    login = fields.get("dc:creator", "")
    comments = tuple(_remarks(item.comments, url, fields.get("guid", "") or url))
    return Entry(
        id=fields.get("guid", ""),
        url=url,
        title=fields.get("title", ""),
        author=names.get(login) or login,
        published=moment(fields.get("wp:post_date_gmt", "")) or _rfc822(fields.get("pubDate", "")),
        updated=moment(fields.get("wp:post_modified_gmt", "")),
        html=paragraphs(fields.get("content:encoded", "")),
        tags=tuple(dict.fromkeys(item.tags)),
        lang=lang,
        image=absolute(picture.fields.get("wp:attachment_url", "")) if picture else "",
        image_alt=picture.meta.get(_ALT, "") if picture else "",
        base=url or home,
        comments_count=len(comments),
        comments=comments,
        left_out=left_out(fields.get("content:encoded", "")),
    )


def _remarks(comments: Iterable[Fields], url: str, post: str) -> Iterable[Remark]:
    """What people wrote and the blog showed, under the guids that its feeds of comments give them."""
    known = {one.get("wp:comment_id", ""): one for one in comments}
    shown = {
        key
        for key, one in known.items()
        if key and one.get("wp:comment_approved") == "1" and one.get("wp:comment_type", "") in REMARKS
    }
    parents = answered({key: one.get("wp:comment_parent", "") for key, one in known.items()}, shown)
    for key, one in known.items():
        if key in shown:
            yield Remark(
                id=_guid(post, key),
                parent=_guid(post, parents[key]) if parents[key] else "",
                author=one.get("wp:comment_author", ""),
                url=f"{url}#comment-{key}" if url and key.isdigit() else url,
                published=moment(one.get("wp:comment_date_gmt", "")),
                html=paragraphs(one.get("wp:comment_content", "")),
            )


def _guid(post: str, key: str) -> str:
    """As WordPress makes it (get_comment_guid in wp-includes/feed.php); `post` is the guid of the post."""
    return f"{post}#comment-{key}" if post else key


def _rfc822(text: str) -> datetime.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None
