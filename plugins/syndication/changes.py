"""An entry that says something else now: what becomes of its story, and the difference in words."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal

from plugins.guard.document import Document
from plugins.guard.html import plain_text
from plugins.guard.text import one_line

from .compose import Composed, pulled
from .decide import Existing
from .entry import Entry
from .source import Source

PLACES = 3  # places of a text that are shown
AROUND = 3  # words before and after each
LONGEST = 8  # words shown of what went and of what came
_COMPARED = 1_500  # words: difflib is quadratic, and the text is somebody else's
_MARK = re.compile(r"^<!--.*?-->\s*", re.MULTILINE)
# What changes with every fetch and says nothing new.
_NO_NEWS = ("published", "updated", "comments", "comments_count", "comments_feed", "base")

Verdict = Literal["same", "follow", "locked", "edited", "published"]


@dataclass(frozen=True)
class Change:
    """What becomes of a story whose entry was read again."""

    verdict: Verdict
    difference: str = ""  # in words, for whoever decides

    @property
    def waits(self) -> bool:
        """True where only an editor may bring the other text in."""
        return self.verdict in ("edited", "published")


def judge(story: Existing, made: Composed) -> Change:
    """Whether the story stays, follows the feed, or waits for an editor.

    Our own composing may change from one version to the next, so for a story that an editor has
    touched or published it is the words that count.
    """
    was, untouched = pulled(story.document)
    if was == made.digest:
        return Change("same")
    if story.is_locked:
        return Change("locked")
    difference = difference_of(story.document, made.fields["title"], made.body)
    if story.is_draft and untouched:
        return Change("follow", difference)
    if not difference:
        return Change("same")
    return Change("edited" if story.is_draft else "published", difference)


def is_ours_still(story: Existing) -> bool:
    """True for a draft that no editor has changed or locked."""
    return story.is_draft and not story.is_locked and pulled(story.document)[1]


def difference_of(document: Document, title: str, body: str) -> str:
    """A story's difference from another title and text, in words; "" where they say the same."""
    found = []
    was, now = one_line(str(document.front.get("title", ""))), one_line(title)
    if was != now:
        found.append(f"title: {in_words(was, now)}")
    said = in_words(words_of(document.body), words_of(body))
    return "; ".join([*found, said] if said else found)


def words_of(body: str) -> str:
    """The words of a story's body, one blank between them, without our mark at its end."""
    return one_line(plain_text(_MARK.sub("", body)))


def in_words(before: str, after: str) -> str:
    """A short difference: `sang at about [two -> three] in the morning`; "" where there is none."""
    if before == after:
        return ""
    old, new = before.split(), after.split()
    if old == new:
        return ""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(left), len(right)) > _COMPARED:
        return _shown(old, start, len(old) - end, left, right)
    changes = [
        (start + i, start + j, left[i:j], right[k:m])
        for kind, i, j, k, m in difflib.SequenceMatcher(None, left, right).get_opcodes()
        if kind != "equal"
    ]
    shown = " … ".join(_shown(old, *change) for change in changes[:PLACES])
    more = len(changes) - PLACES
    return f"{shown} … and {more} more place{'s' if more > 1 else ''}" if more > 0 else shown


def telling(entry: Entry, source: Source) -> str:
    """A digest of what an entry says and its author agreed to; no dates, no count of comments, and not
    where the feed was found, which changes when it moves.

    Equal digests spare the composing, and the asking for every picture again.
    """
    said = {name: value for name, value in entry.as_json().items() if name not in _NO_NEWS}
    agreed = [source.mode, source.category, source.name, list(source.known_as), list(source.consent)]
    text = json.dumps([said, agreed], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _shown(words: list[str], start: int, end: int, left: list[str], right: list[str]) -> str:
    before = words[max(0, start - AROUND) : start]
    after = words[end : end + AROUND]
    change = f"[{_short(left) or 'nothing'} -> {_short(right) or 'nothing'}]"
    return " ".join([*before, change, *after])


def _short(words: list[str]) -> str:
    cut = [word[:40] for word in words[:LONGEST]]
    left_out = len(words) - LONGEST
    return " ".join(cut) + (f" … {left_out} more words" if left_out > 0 else "")
