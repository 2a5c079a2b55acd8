"""The comments under an entry, from its comment feed or an export, as a story's conversation.

They go into content/conversations/SLUG.json beside what is there from elsewhere, cleaned, each with
where it was written. A comment that a feed no longer shows stays: most show the newest few. One that
went from among others is asked about, as an entry is. Nobody's e-mail address is kept, and nobody is
staff for having typed a name.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from plugins.conversations.markup import comment_html
from plugins.conversations.written import in_order, moment, read_written, text_of
from plugins.guard.html import plain_text
from plugins.guard.mailboxes import has_mailbox, name_alone, without_mailboxes
from plugins.guard.text import body_text, one_line

from .decide import same_key
from .entry import Entry, Remark
from .merging import Comments, Merged, place_of
from .web import web_address

PROVIDER = "feed"
MOST = 1_000  # comments of one story
LONGEST = 20_000  # characters of one comment's HTML
_OURS = f"{PROVIDER}-"
_NAME = re.compile(r"^(?:by|comment (?:on .* )?by):?\s+", re.IGNORECASE)


def remarks(entries: Iterable[Entry], about: Entry) -> tuple[Remark, ...]:
    """The entries of the comment feed of `about`, as remarks; the story itself is none of them."""
    own = {same_key(about.id), same_key(about.url)} - {""}
    return tuple(
        Remark(
            id=entry.id or entry.url,
            parent="" if same_key(entry.in_reply_to) in own else entry.in_reply_to,
            author=entry.author or _NAME.sub("", entry.title) * bool(_NAME.match(entry.title)),
            url=entry.url,
            published=entry.published or entry.updated,
            html=entry.html,
        )
        for entry in entries
        if not own & {same_key(entry.id), same_key(entry.url)}
    )


def as_comments(said: Sequence[Remark], about: Entry, now: datetime.datetime) -> Comments:
    """The remarks as a conversation's file holds them, cleaned, without those that say nothing.

    A missing or future time becomes `now`; `thread` keeps the one that is in the file already.
    """
    found: dict[str, dict[str, Any]] = {}
    for remark in said[:MOST]:
        place = web_address(remark.url)
        if not place or has_mailbox(place):
            place = web_address(about.url)
        html = _cleaned(remark.html, place or "https://site.invalid/")
        if not html:
            continue
        name = _name(remark)
        parent = _hashed(remark.parent) if remark.parent.strip() else None
        when = remark.published if remark.published and remark.published <= now else now
        found.setdefault(
            name,
            {
                "id": name,
                "parent": None if parent == name else parent,
                "author": _author(remark.author) or None,
                "url": place or None,
                "published": when.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z"),
                "html": html,
                "staff": None,
                "_dated": remark.published is not None and remark.published <= now,
                "_place": place_of(remark.url) or place_of(remark.id),
            },
        )
    return list(found.values())


def thread(path: Path, said: Comments, now: datetime.datetime) -> tuple[str | None, int, int, Comments]:
    """The conversation's file with these comments in it, how many are new, how many changed, and those
    that are told no more though older and newer ones are: they stay until an editor decides.

    None in the place of the file where nothing changes. Raises ThreadUnwritable.
    """
    document = read_written(path, PROVIDER)
    there: Comments = document["comments"]
    merged = Merged(MOST)
    merged.keep(comment for comment in there if _is_ours(comment))
    merged.add(said)
    ours = merged.threaded()
    others = [comment for comment in there if not _is_ours(comment)]
    if in_order([*others, *ours]) == in_order(there):
        return None, 0, 0, merged.gone
    document["comments"] = others + ours
    if document["provider"] == PROVIDER:
        document["fetched"] = moment(now.replace(microsecond=0))
    return text_of(document), merged.new, merged.changed, merged.gone


def _is_ours(comment: dict[str, Any]) -> bool:
    return str(comment["id"]).startswith(_OURS)


def _name(remark: Remark) -> str:
    said = remark.id or remark.url
    when = remark.published.isoformat() if remark.published else ""
    return _hashed(said if said.strip() else f"{_author(remark.author)}\n{when}\n{remark.html}")


def _hashed(reference: str) -> str:
    """An id of our own: the feed's may be an address, and would be no name for a place on a page."""
    same = same_key(reference)
    return _OURS + hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:16]


def _author(said: str) -> str:
    return re.sub(r"[<>]", " ", name_alone(said))[:80].strip()


def _cleaned(html: str, base: str) -> str:
    if len(html) > LONGEST:
        return ""
    # Tags may stand within an address, so that it is cleaned before and after.
    cleaned = comment_html(without_mailboxes(str(comment_html(body_text(html), base))), base)
    text = body_text(str(cleaned)).strip()
    return text if one_line(plain_text(text)) else ""
