"""What a provider told of a thread, put in the place of what it told before; everybody else's stays.

A comment that is gone there is gone here; where somebody had answered it, its place is kept, so that the
answer still answers something.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .names import teller_of
from .written import Written, in_order


@dataclass(frozen=True)
class Merged:
    """A conversation's comments after a telling, and how many are new, changed and gone."""

    comments: list[Written]
    new: int
    changed: int
    gone: int

    @property
    def is_other(self) -> bool:
        """True where anything is not as it was."""
        return bool(self.new or self.changed or self.gone)

    def __str__(self) -> str:
        counted = ((self.new, "new"), (self.changed, "changed"), (self.gone, "gone"))
        return ", ".join(f"{count} {words}" for count, words in counted if count) or "nothing new"


def of_provider(document: dict[str, Any], provider: str) -> list[Written]:
    """The file's comments that this provider told."""
    own = document["provider"]
    return [one for one in document["comments"] if (teller_of(str(one["id"])) or own) == provider]


def merge(document: dict[str, Any], provider: str, told: Iterable[Written], now_is: str = "") -> Merged:
    """The document's comments with `told` in the place of this provider's; of one id the first counts.

    Whoever is told to have written at the moment `now_is`, or after it, keeps the time in the file.
    """
    before = {str(one["id"]): one for one in of_provider(document, provider)}
    others = [one for one in document["comments"] if str(one["id"]) not in before]
    now: dict[str, Written] = {}
    for one in told:
        now.setdefault(one["id"], one)
    _keep_places(now, before)
    for name, one in now.items():
        if one["published"] == now_is and name in before:
            one["published"] = before[name].get("published") or now_is
    new = sum(name not in before for name in now)
    gone = sum(name not in now for name in before)
    changed = sum(name in before and before[name] != one for name, one in now.items())
    return Merged(in_order([*others, *now.values()]), new, changed, gone)


def is_strange(document: dict[str, Any], provider: str, told: Iterable[Written]) -> bool:
    """True where the file has comments of this provider, and none of them is among those told.

    An id alone is none: two servers both begin with 1.
    """
    before = {(one["id"], str(one.get("published"))) for one in of_provider(document, provider)}
    now = {(one["id"], one["published"]) for one in told}
    now |= {(name, f"{when[:19]}Z") for name, when in now}  # a file may keep whole seconds
    return bool(before) and before.isdisjoint(now)


def _keep_places(now: dict[str, Written], before: dict[str, Written]) -> None:
    """Put back, without author and words, what was taken away and still has an answer."""
    waiting = [one["parent"] for one in now.values()]
    while waiting:
        parent = waiting.pop()
        was = before.get(parent) if parent and parent not in now else None
        if was is not None:
            now[parent] = tombstone(was)
            waiting.append(now[parent]["parent"])


def tombstone(was: Written) -> Written:
    """The place of a comment that was taken away: when it was written, and what it answered."""
    return {
        "id": was["id"],
        "parent": was.get("parent"),
        "author": None,
        "url": None,
        "published": was.get("published"),
        "html": "",
        "staff": None,
        "gone": True,
    }
