"""A reply on Mastodon as a comment: its words, its warning, its pictures as links, and who wrote it.

Sources: https://docs.joinmastodon.org/entities/Status/, .../Account/, .../MediaAttachment/
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import escape

from ..heard import Json
from ..provider import Said

_PUBLIC = ("public", "unlisted")


def said_of(status: Json, root: str, host: str, believed: bool) -> Said | None:
    """A reply to the post `root`, or None for one that its author did not mean for everybody.

    `host` is the server that tells it, or "" where its word does not count for its own accounts;
    `believed` where it counts for other servers' too. Raises Misshapen.
    """
    if status.text("visibility") not in _PUBLIC:
        return None  # a token sees what its owner sees
    author = status.need("account")
    acct = author.id("acct")
    parent = status.id_or_none("in_reply_to_id")
    return Said(
        id=status.id("id"),
        parent=None if parent == root else parent,
        author=author.text("display_name").strip() or author.text("username"),
        url=author.text("url"),
        published=status.time("created_at"),
        html=_warning(status) + status.words("content") + _media(status.some("media_attachments")),
        account=_account(acct, host, believed),
        place=status.text("url") or status.text("uri"),
        avatar=author.text("avatar_static") or author.text("avatar"),
    )


def _account(acct: str, host: str, believed: bool) -> str:
    """`name@host` where the server's word for it counts; a name alone is an account of its own."""
    name, _, elsewhere = acct.partition("@")
    if not elsewhere:
        return f"{name}@{host}" if name and host else ""
    return acct if believed and name and "@" not in elsewhere else ""


def _warning(status: Json) -> str:
    words = status.text("spoiler_text").strip()
    return f"<p><strong>{escape(words)}</strong></p>" if words else ""


def _media(attached: Iterable[Json]) -> str:
    """Pictures and sounds as links: what an author wrote about them, else where they lie."""
    links = []
    for one in attached:
        address = one.text("url")
        words = one.text("description").strip() or address.rpartition("/")[2] or address
        if address:
            links.append(f'<p><a href="{escape(address)}">{escape(words)}</a></p>')
    return "".join(links)
