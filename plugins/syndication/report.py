"""What a pull says: a line an entry, a digest a source, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from plugins.guard.text import one_line

Say = Callable[[str], None]
Kind = Literal["new", "changed", "same", "skipped", "gone"]

SHOWN = 3  # stories named with one question
ALIKE = 10  # entries of a feed that are left out for one reason and get a line each
_SUMMED = (("new", "new"), ("same", "the same"), ("changed", "changed"), ("skipped", "skipped"))


@dataclass(frozen=True)
class Outcome:
    """What was done with one entry, and why."""

    kind: Kind
    title: str
    why: str
    slug: str = ""  # the story it is about, where there is one
    wrote: bool = False  # that story was made, or follows
    asks: tuple[str, ...] = ()  # what only an editor can decide, in words; the same words are said once

    def line(self) -> str:
        """`  new     The pump that sang: a draft in stories/the-pump-that-sang`."""
        title = one_line(self.title)[:100] or "(no title)"
        return f"  {self.kind:<7} {title}: {self.why}"


@dataclass
class Lines:
    """A line for every entry of a feed; of those left out for one and the same reason the first ten."""

    say: Say
    _alike: Counter[str] = field(default_factory=Counter)

    def tell(self, outcome: Outcome) -> None:
        """Say one entry's line, or count it."""
        if outcome.kind == "skipped":
            self._alike[outcome.why] += 1
            if self._alike[outcome.why] > ALIKE:
                return
        self.say(outcome.line())

    def end(self) -> None:
        """Say how many more there were."""
        for why, times in self._alike.items():
            if times > ALIKE:
                self.say(f"  skipped {times - ALIKE} more: {why}")


@dataclass
class PullReport:
    """What a pull did: how many entries of each kind, the stories written, the feeds that failed."""

    counts: Counter[str] = field(default_factory=Counter)  # new, same, changed, skipped, gone
    written: list[str] = field(default_factory=list)  # slugs, in order
    failed: dict[str, str] = field(default_factory=dict)  # feed: why
    comments: int = 0  # brought into conversations
    stopped: bool = False  # by Ctrl-C: what was done is kept

    def note(self, outcome: Outcome) -> None:
        """Count one entry."""
        self.counts[outcome.kind] += 1
        if outcome.wrote:
            self.written.append(outcome.slug)

    def summary(self, *, dry_run: bool = False) -> str:
        """One line: "3 new, 20 the same, 1 changed, 0 skipped; 1 feed could not be read."."""
        parts = [", ".join(f"{self.counts[kind]} {words}" for kind, words in _SUMMED)]
        if gone := self.counts["gone"]:
            parts.append(f"{gone} gone from {'its' if gone == 1 else 'their'} feed")
        if self.comments:
            parts.append(f"{self.comments} comment{'s' if self.comments != 1 else ''} brought")
        if lost := len(self.failed):
            parts.append(f"{lost} feed{'s' if lost != 1 else ''} could not be read")
        after = " Nothing was written: this was a dry run." if dry_run else ""
        if self.stopped:
            after += " Stopped before the end: what was done is kept, and the next pull does the rest."
        return "; ".join(parts) + f".{after}"


def digest(person: str, outcomes: Sequence[Outcome], *, dry_run: bool = False) -> list[str]:
    """What one source leaves to its editor, all of it at once; nothing where there is nothing to do."""
    made = [outcome.slug for outcome in outcomes if outcome.kind == "new"]
    asked: dict[str, list[str]] = {}
    for outcome in outcomes:
        for question in outcome.asks:
            asked.setdefault(question, []).append(outcome.slug)
    if not made and not asked:
        return []
    parts = []
    if made:
        parts.append(f"{len(made)} new stor{'y' if len(made) == 1 else 'ies'} to read")
    if asked:
        parts.append(f"{len(asked)} question{'s' if len(asked) != 1 else ''}")
    would = "would leave" if dry_run else "leaves"
    lines = [f"  {person} {would} you {' and '.join(parts)}."]
    return lines + [f"    {_stories(slugs)}: {question}" for question, slugs in asked.items()]


def _stories(slugs: Sequence[str]) -> str:
    shown = ", ".join(f"stories/{slug}" for slug in slugs[:SHOWN])
    more = len(slugs) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
