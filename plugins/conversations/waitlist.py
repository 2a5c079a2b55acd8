"""Who waits, as lines for a terminal, as Markdown for a forge's issue, and as data for machines."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from plugins.guard.text import one_line

from .listen import Waiting

SHOWN = 300  # characters of a comment
NOBODY = "nobody is named"
_TICKS = re.compile("`+")


def as_lines(waiting: Sequence[Waiting]) -> Iterator[str]:
    """For a terminal: one entry of a few lines each, and a first line with the number."""
    if not waiting:
        yield "Nobody waits for an answer."
        return
    late = sum(one.late is not None for one in waiting)
    if len(waiting) == 1:
        yield f"One waits for an answer{', longer than was promised' if late else ''}."
    else:
        over = f", {late} longer than was promised" if late else ""
        yield f"{len(waiting)} wait for an answer{over}. The longest wait comes first."
    for one in waiting:
        yield ""
        yield one_line(one.title)
        answers = f"{one_line(one.name)} answers" if one.name else f"{NOBODY} to answer"
        yield f"  {how_long(one)}; {answers}"
        yield f"  {who(one)}: {shortened(one.words)}"
        if one.place:
            yield f"  written at {one.place}"
        yield f"  ./inv reply {one.typed}   {one.url}"


def as_markdown(waiting: Sequence[Waiting]) -> Iterator[str]:
    """An issue for a forge, a list for each who answers. What readers wrote stands in code blocks: there no
    mark, no mention of an account and no picture works."""
    if not waiting:
        yield "Nobody waits for an answer."
        return
    by_person = sorted(waiting, key=lambda one: (not one.name, one.name, one.person))
    for number, (name, group) in enumerate(groupby(by_person, key=lambda one: (one.name, one.person))):
        if number:
            yield ""
        yield f"## {_escaped(name[0]) or NOBODY.capitalize()}"
        yield ""
        for one in group:
            yield f"- [ ] [{_escaped(one.title)}](<{one.url}>): {_escaped(how_long(one))}. {_code(one.typed)}"
            yield ""
            yield from (f"  {line}" if line else "" for line in _block(f"{who(one)}: {shortened(one.words)}"))
            yield ""


def as_data(waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
    """For JSON. Times are in UTC; `waits` in whole seconds."""
    return [
        {
            "comment": one.ref,
            "story": one.story,
            "title": one.title,
            "url": one.url,
            "provider": one.kept.provider,
            "id": one.kept.id,
            "place": one.place or None,
            "author": one.author,
            "words": one.words,
            "published": _moment(one.kept.published),
            "since": _moment(one.since),
            "waits": int(one.waited.total_seconds()),
            "others": len(one.others),
            "answers": one.person or None,
            "name": one.name or None,
            "promised": one.promised or None,
            "due": _moment(one.due) if one.due else None,
            "late": one.late is not None,
        }
        for one in waiting
    ]


def how_long(one: Waiting) -> str:
    """ "waits 5 days, promised within 2 days: 3 days late"."""
    words, promised = f"waits {span(one.waited)}", one_line(one.promised)
    if not promised:
        return f"{words}, nothing promised"
    if one.due is None:
        return f"{words}, promised “{promised}”"
    late = f": {span(one.late)} late" if one.late is not None else ""
    return f"{words}, promised within {promised.removeprefix('within ')}{late}"


def span(time: datetime.timedelta) -> str:
    """A length of time in its one largest unit: "3 days", "1 hour", "less than an hour"."""
    hours = int(time.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    count, unit = (hours // 24, "day") if hours >= 24 else (hours, "hour")
    return f"{count} {unit}{'s' * (count != 1)}"


def who(one: Waiting) -> str:
    """The reader's name, and how many words of readers stand beside it."""
    name = one_line(one.author) or "Somebody"
    return f"{name}, and {len(one.others)} more" if one.others else name


def shortened(text: str, length: int = SHOWN) -> str:
    """One line, cut at a word where it is too long."""
    line = one_line(text)
    if len(line) <= length:
        return line
    return f"{line[:length].rsplit(' ', 1)[0]} …"


def _moment(time: datetime.datetime) -> str:
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _escaped(text: str) -> str:
    """Our own words, so that their marks are not read as Markdown's."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~@&])", r"\\\1", one_line(text))


def _code(text: str) -> str:
    return f"`{text}`" if "`" not in text else text.replace("`", "")


def _block(text: str) -> list[str]:
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
    return [f"{fence}text", text, fence]
