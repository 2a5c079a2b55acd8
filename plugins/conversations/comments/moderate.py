"""Approving and deleting comments in Isso's database, while Isso runs or not.

What is approved is what was read: where a comment has changed since it was listed, nothing is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.text import one_line

from ..providers.isso_program import open_database
from .held import GONE, SHOWN, WAITS, Held, in_words, one, reading

_REF = re.compile(r"(?:(?P<slug>[a-z0-9-]+)/)?(?P<id>[0-9]{1,15})(?:-(?P<mark>[0-9a-f]{6}))?")
_LOOK = "Look at what waits: ./inv comments"


class NotModerated(FirsthandError):
    """A comment that is not there, or is another one by now; says what to do."""


def approve(database: Path, refs: str) -> Iterator[Held]:
    """Let readers see the comments that `refs` names, with commas between; those that were approved.

    Raises NotModerated, CommentsUnreadable.
    """
    return _each(database, refs, _approved)


def delete(database: Path, refs: str) -> Iterator[Held]:
    """Take comments away, approved ones too. Raises NotModerated, CommentsUnreadable, OtherIsso."""
    with in_words(database):
        isso = open_database(database)

    def by_isso(_: Path, held: Held) -> None:
        with in_words(database):
            isso.comments.delete(held.id)  # which keeps the place of one that was answered

    return _each(database, refs, by_isso)


def _each(database: Path, refs: str, act: Callable[[Path, Held], None]) -> Iterator[Held]:
    """All of them are found before the first is touched."""
    found = [_found(database, ref.strip()) for ref in refs.split(",")]
    for held in found:
        act(database, held)
        yield held


def _found(database: Path, ref: str) -> Held:
    match = _REF.fullmatch(ref)
    if match is None:
        raise NotModerated(f"{one_line(ref)!r} is no comment's number. {_LOOK}")
    held = one(database, int(match["id"]))
    if held is None or held.mode == GONE or match["slug"] not in (None, held.slug):
        raise NotModerated(f"Isso has no comment {ref}. {_LOOK}")
    if match["mark"] not in (None, held.mark):
        raise NotModerated(f"Comment {held.id} is not as it was when {ref} was listed. {_LOOK}")
    return held


def _approved(database: Path, held: Held) -> None:
    if held.mode == SHOWN:
        raise NotModerated(f"Comment {held.id} has been approved before.")
    with reading(database, write=True) as isso:
        found = isso.execute(
            "UPDATE comments SET mode = ? WHERE id = ? AND mode = ?"
            " AND created IS ? AND text IS ? AND author IS ? AND website IS ?",
            (SHOWN, held.id, WAITS, *held.row),
        )
        if found.rowcount != 1:
            raise NotModerated(f"Comment {held.id} has changed at this moment. {_LOOK}")
