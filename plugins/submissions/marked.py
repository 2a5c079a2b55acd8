"""Two texts side by side, paragraph by paragraph, with what was taken out and put in marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 4_000  # words of one paragraph, beyond which it is shown as taken out and put in whole


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph; `changed` where the other text has not got them."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """A paragraph as it was sent and as it is now; either may be empty."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """True where the two say different things."""
        return any(piece.changed for piece in (*self.before, *self.after))


def marked(before: str, after: str) -> list[Row]:
    """The paragraphs of two texts beside each other."""
    old, new = _paragraphs(before), _paragraphs(after)
    rows = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [Row((Piece(text, False),), (Piece(text, False),)) for text in old[a:b]]
        else:
            rows += _changed(old[a:b], new[c:d])
    return rows


def _paragraphs(text: str) -> list[str]:
    return [found for part in re.split(r"\n[ \t]*\n", text) if (found := " ".join(part.split()))]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Paragraphs that follow each other on both sides stand beside each other."""
    for place in range(max(len(old), len(new))):
        left = old[place] if place < len(old) else ""
        right = new[place] if place < len(new) else ""
        yield _row(left, right)


def _row(left: str, right: str) -> Row:
    old, new = left.split(" "), right.split(" ")
    if not left or not right or max(len(old), len(new)) > LONGEST:
        return Row(_whole(left), _whole(right))
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            before.append(Piece(" ".join(old[a:b]), kind != "equal"))
        if c < d:
            after.append(Piece(" ".join(new[c:d]), kind != "equal"))
    return Row(tuple(before), tuple(after))


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, True),) if text else ()
