"""Two texts side by side, paragraph by paragraph, with what was taken out and put in marked."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_PAIRS = 2_500  # paragraphs times paragraphs, beyond which the first stands beside the first
ALIKE = 0.4  # of the words
LONGEST = 600  # words of one paragraph, beyond which it is shown as taken out and put in whole


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
    """Paragraphs that are alike stand beside each other, in their order; the others stand alone."""
    if len(old) * len(new) > MOST_PAIRS:
        pairs = [(place, place) for place in range(min(len(old), len(new)))]
    else:
        pairs = _pairs(old, new)
    place = later = 0
    for left, right in [*pairs, (len(old), len(new))]:
        alone = max(left - place, right - later)
        for step in range(alone):
            one = old[place + step] if place + step < left else ""
            other = new[later + step] if later + step < right else ""
            yield from (_row(one, ""), _row("", other)) if one and other else (_row(one, other),)
        if (left, right) != (len(old), len(new)):
            yield _row(old[left], new[right])
        place, later = left + 1, right + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of paragraphs that say much the same, so that the likeness of all is the greatest."""
    alike = [[_likeness(left, right) for right in new] for left in old]
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1)]
    for a in range(len(old)):
        row: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
        for b in range(len(new)):
            choices = [best[a][b + 1], row[b]]
            if alike[a][b] >= ALIKE:
                score, pairs = best[a][b]
                choices.append((score + alike[a][b], [*pairs, (a, b)]))
            row.append(max(choices, key=lambda choice: choice[0]))
        best.append(row)
    return best[-1][-1][1]


def _likeness(left: str, right: str) -> float:
    """The part of the words that both have."""
    old, new = (Counter(re.findall(r"\w+", side.casefold())) for side in (left, right))
    return 2 * (old & new).total() / max(1, old.total() + new.total())


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
