"""The comments that wait for a moderator, as lines for a terminal."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Sequence

from plugins.guard.text import body_text, one_line

from ..waitlist import span
from .held import Held

MOST = 1_500  # characters of a comment, unless the whole is asked for


def as_lines(held: Sequence[Held], now: datetime.datetime, *, whole: bool) -> Iterator[str]:
    """An entry of a few lines each, and a first line with the number."""
    if not held:
        yield "No comment waits for a moderator."
        return
    many = len(held) > 1
    yield f"{len(held)} comment{'s wait' if many else ' waits'} for a moderator{', the oldest first' * many}."
    for one in held:
        yield ""
        yield f"{one.ref}  {one_line(one.title) or one_line(one.uri)}, {_span(now - one.created)} ago"
        yield f"  {_who(one)}:"
        yield from textwrap.indent(_words(one.text, whole), "    ").split("\n")
        yield f"  ./inv comments.approve {one.ref}   ./inv comments.delete {one.ref}"


def in_short(one: Held) -> str:
    """ "12, by Jo under the-borrowed-van: First words." """
    return f"{one.id}, by {_name(one.author)} under {one_line(one.slug)}: {_cut(one_line(one.text), 200)}"


def _who(one: Held) -> str:
    to = f", in answer to {_name(one.answered)}" if one.answered is not None else ""
    site = f", whose name leads to {one_line(one.website)}" if one.website else ""
    return f"{_name(one.author)}{to}{site}"


def _name(author: str) -> str:
    return one_line(author)[:80] or "somebody"


def _words(text: str, whole: bool) -> str:
    said = body_text(text).strip()
    if whole or len(said) <= MOST:
        return said
    return f"{said[:MOST]} …\n({len(said):,} characters. All of them: ./inv comments --whole)"


def _cut(line: str, length: int) -> str:
    return line if len(line) <= length else f"{line[:length]} …"


def _span(time: datetime.timedelta) -> str:
    return span(max(time, datetime.timedelta(0)))
