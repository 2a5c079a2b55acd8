"""A comment as its provider told it, made into what a conversation's file holds: nothing of it is trusted."""

from __future__ import annotations

import datetime
from html import escape

from plugins.guard.html import plain_text, safe_link
from plugins.guard.mailboxes import has_mailbox, name_alone, without_mailboxes
from plugins.guard.text import body_text, one_line

from .markup import comment_html
from .names import name_of
from .provider import Said
from .written import Written, moment

NAME_LENGTH = 80
ADDRESS_LENGTH = 2_000
TEXT_LENGTH = 50_000  # characters of HTML; of a longer text the words are kept, as far as that
# Where an account is written like an e-mail address, and is none.
_ADDRESSED = frozenset({"mastodon"})
_EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)
_CLOCKS = datetime.timedelta(hours=1)  # by which another's may be ahead of ours


def cleaned(said: Said, provider: str, own: str, base: str, now: datetime.datetime) -> Written | None:
    """The comment for a file whose own provider is `own`; None for one without an id.

    `base` is the address that its relative links start from. `staff` is not decided here.
    """
    raw = one_line(said.id)
    if not raw:
        return None
    name = name_of(provider, raw, own)
    parent = one_line(said.parent) if said.parent else ""
    answered = name_of(provider, parent, own) if parent else None
    comment: Written = {
        "id": name,
        "parent": None if answered == name else answered,
        "author": None if said.gone else _author(said.author) or None,
        "url": None if said.gone else _own_page(said.url, provider) or None,
        "published": moment(_dated(said.published, now)),
        "html": "" if said.gone else _text(said.html, base, provider),
        "staff": None,
    }
    if place := _address(said.place):
        comment["place"] = place
    if said.gone:
        comment["gone"] = True
    return comment


def _author(said: str) -> str:
    """A name alone: whoever typed their e-mail address in its place meant it for us."""
    return name_alone(said)[:NAME_LENGTH].strip()


def _own_page(said: str, provider: str) -> str:
    """The author's own page; nothing where they typed their e-mail address as it: http://bob@example.org."""
    url = _address(said)
    return "" if provider not in _ADDRESSED and has_mailbox(url) else url


def _address(said: str) -> str:
    """A whole web address, or nothing."""
    url = one_line(said)
    if len(url) > ADDRESS_LENGTH or not url.lower().startswith(("http://", "https://")):
        return ""
    return safe_link(url, "https://site.invalid/") or ""


def _dated(told: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    time = told if told.tzinfo else told.replace(tzinfo=datetime.UTC)
    return max(time, _EARLIEST) if time <= now + _CLOCKS else now


def _text(html: str, base: str, provider: str) -> str:
    if len(html) > TEXT_LENGTH:
        html = f"<p>{escape(plain_text(html[: 4 * TEXT_LENGTH])[:TEXT_LENGTH])}…</p>"
    clean = str(comment_html(body_text(html), base))
    if provider not in _ADDRESSED and (without := without_mailboxes(clean)) != clean:
        clean = str(comment_html(without, base))  # tags within an address went with it
    return body_text(clean).strip()
