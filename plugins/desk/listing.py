"""What waits, and one proposal, as lines of a terminal. Nobody's text reaches it but as one plain line."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Iterator

from plugins.guard.text import body_text, one_line

from .desk import Shown
from .record import Row

_STATES = {
    "waiting": "waits for you",
    "asked": "waits for its storyteller",
    "agreed": "has its storyteller's yes",
}
_EVENTS = {
    "opened": "came in",
    "edited": "was edited",
    "asked": "its storyteller was asked",
    "agreed": "its storyteller said yes",
    "refused": "its storyteller said no",
    "comment": "its storyteller wrote",
    "published": "was published",
    "declined": "was declined",
    "withdrawn": "was taken back",
    "gone": "its branch was deleted",
}
_MANY = 200  # lines of a difference


def list_lines(rows: Iterable[Row], now: datetime.datetime) -> Iterator[str]:
    """One or two lines a proposal, in the order given."""
    count = 0
    for row in rows:
        count += 1
        days = (now - _moment(row.opened)).days
        since = f"{days} days" if days > 1 else "1 day" if days else "today"
        who = f" by {one_line(row.name)}" if row.name else ""
        yield f"{row.id}  {since:>8}  {one_line(row.title)}{who}"
        yield f"    {row.problem or _standing(row)}{f'  {row.url}' if row.url else ''}"
    yield f"{count} waiting. ./inv desk.show ID says more." if count else "Nothing waits."


def _standing(row: Row) -> str:
    if not row.landed:
        return "is not at the forge yet, and is tried again"
    said = [_STATES.get(row.state, row.state)]
    if row.wrong:
        said.append(f"{row.wrong} to mend")
    if row.hints:
        said.append(f"{row.hints} to look at")
    if row.seen and row.came != row.seen:
        said.append("edited")
    return ", ".join(said)


def show_lines(shown: Shown) -> Iterator[str]:
    """Everything about one proposal: its text, its photographs, the check, what happened, what to do."""
    row, story = shown.row, shown.story
    yield f"{one_line(row.title)}{f', told by {one_line(row.name)}' if row.name else ''}"
    yield f"{row.id} {row.problem or _standing(row)}"
    yield f"branch {row.branch}{f', {row.url}' if row.url else ''}, for stories/{row.slug}"
    yield ""
    if story is not None:
        yield from (f"  {line}" for line in body_text(story.text).split("\n"))
        photographs = [name for name in story.files if not name.endswith(".md")]
        yield f"Photographs: {', '.join(photographs) or 'none'}"
    if row.before and row.after and row.before != row.after:
        yield "\nWhat its storyteller was shown, beside what came:"
        yield from _difference(row.before, row.after)
    yield "\nThe check:"
    yield from [f"  {finding}" for finding in shown.checks] or ["  Nothing is missing."]
    yield "\nSo far:"
    for event in shown.history:
        by = f", by {event.by}" if event.by else ""
        words = f': "{one_line(event.words)}"' if event.words else ""
        yield f"  {event.at:%Y-%m-%d %H:%M} {_EVENTS[event.kind]}{by}{words}"
    if row.state in _STATES:
        yield "\nWhat to do:"
        yield f"  ./inv desk.preview {row.id}      look at it as a page"
        if shown.edited and row.state != "agreed":
            yield f"  ./inv desk.ask {row.id}          show its storyteller the edit, and ask for their yes"
        yield f"  ./inv desk.publish {row.id}      publish it, or merge the branch"
        yield f'  ./inv desk.decline {row.id} --reason "..."'


def _difference(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        body_text(before).split("\n"), body_text(after).split("\n"), "came", "shown", n=1, lineterm=""
    )
    for number, line in enumerate(lines):
        if number == _MANY:
            yield "  ..."
            return
        yield f"  {line}"


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
