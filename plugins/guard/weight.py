"""What would cost Markdown minutes: refused before it sees a text, since it is superlinear in much.

The limits are far above what people write. Worst cases within them were measured: about two seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_BODY = 100_000  # characters
MAX_LINES = 3_000
MAX_LINE = 20_000  # characters
MAX_RUN = 200  # one mark repeated; a rule or a table line is shorter
MAX_SPACES = 200  # within a line: a fence followed by thousands of them takes minutes
MAX_DEPTH = 12  # of quotations and lists begun in one line
# Of one paragraph: what stands between two empty lines.
MAX_PARAGRAPH = 12_000  # characters
MAX_PARAGRAPH_LINES = 400
MAX_OPEN = 20  # brackets, parentheses of links, or tags that are never closed: each is looked for to the end
MAX_WORK = 60_000_000  # marks times characters, over all paragraphs

Problem = tuple[int, str, str]  # offset in the body, what is wrong, what to do

_RUN = re.compile(rf"([^\w\s])\1{{{MAX_RUN},}}")
_SPACES = re.compile(rf"[ \t]{{{MAX_SPACES},}}")
MAX_INDENT = 120
_INDENT = re.compile(rf"^[ \t]{{{MAX_INDENT},}}\S", re.MULTILINE)
_RULE = r"(?![ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)$)"
# Of a line, with the end of the line before it: an expression that begins with a character is found sooner.
_NESTED = re.compile(
    rf"\n{_RULE}(?:[ \t]{{0,3}}(?:>|(?:[-+*]|\d{{1,9}}[.)])[ \t])[ \t]{{0,3}}){{{MAX_DEPTH + 1},}}",
    re.MULTILINE,
)
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
_MARKS = re.compile(r"[`*_|]")
_PAIRS = (("[", "]", "["), ("](", ")", "("), ("<", ">", "<"))


def too_heavy(body: str) -> Iterator[Problem]:
    """Everything in the text that Markdown would take too long over."""
    if len(body) > MAX_BODY:
        yield 0, f"The text has {len(body):,} characters.", f"Keep it under {MAX_BODY:,}."
    elif body.count("\n") > MAX_LINES:
        yield (
            0,
            f"The text has more than {MAX_LINES:,} lines.",
            "Make paragraphs longer, or the story shorter.",
        )
    else:
        yield from _patterns(body)
        if not _is_light(body):
            yield from _paragraphs(body)


def _patterns(body: str) -> Iterator[Problem]:
    # What no text of a person has is first looked for in a cheaper way, which misses none of it.
    spaced = body.replace("\t", " ")
    if _may_hold_run(body) and (run := _RUN.search(body)):
        yield run.start(), f"The mark {run[1]!r} is repeated more than {MAX_RUN} times.", "Shorten it."
    if " " * MAX_SPACES in spaced and (spaces := _SPACES.search(body)):
        yield spaces.start(), f"There are more than {MAX_SPACES} spaces in a row.", "Take them out."
    if " " * MAX_INDENT in spaced and (indent := _INDENT.search(body)):
        yield indent.start(), "A line is indented by more than 120 spaces.", "Indent it less."
    if nested := _NESTED.search(f"\n{body}"):
        message = f"A line begins more than {MAX_DEPTH} quotations or lists within each other."
        yield nested.start(), message, "Nest less deeply."


def _may_hold_run(body: str) -> bool:
    """True where half a run, begun at each place that is a multiple of it, is one mark: a run holds one."""
    half = MAX_RUN // 2
    return any(body[place] * half == body[place : place + half] for place in range(0, len(body), half))


def _is_light(body: str) -> bool:
    """True where the whole text, were it one paragraph, would not be too heavy: no part of it is then."""
    if len(body) > min(MAX_PARAGRAPH, MAX_LINE) or body.count("\n") > MAX_PARAGRAPH_LINES:
        return False
    brackets = body.count("[")
    if brackets > MAX_OPEN or body.count("](") > MAX_OPEN or body.count("<") > MAX_OPEN:
        return False
    marks = sum(map(body.count, "`*_|")) + brackets * 10
    return marks * len(body) <= MAX_WORK


def _paragraphs(body: str) -> Iterator[Problem]:
    work = 0
    for found in _PARAGRAPH.finditer(body):
        text, place = found[0], found.start()
        is_html = text.lstrip().startswith("<")  # one line or one block of it passes Markdown as it is
        if not is_html and max(map(len, text.split("\n"))) > MAX_LINE:
            yield place, f"A line has more than {MAX_LINE:,} characters.", "Break it into paragraphs."
        elif not is_html and len(text) > MAX_PARAGRAPH:
            yield place, f"A paragraph has {len(text):,} characters.", "Break it with empty lines."
        if not is_html and text.count("\n") > MAX_PARAGRAPH_LINES:
            yield place, f"There are more than {MAX_PARAGRAPH_LINES} lines without an empty one.", "Add some."
        for opening, closing, shown in _PAIRS:
            at = _unclosed(text, opening, closing)
            if at is not None:
                yield place + at, f"More than {MAX_OPEN} {shown!r} are not closed.", "Close or remove them."
        # A bracket is looked for several times over, and code or an escape may hide where it closes.
        marks = len(_MARKS.findall(text)) + text.count("[") * (2 if is_html else 10)
        work += marks * len(text)
        if work > MAX_WORK:
            yield place, "There are too many marks (` * _ | [) in long paragraphs.", "Break or simplify them."
            return


def _unclosed(text: str, opening: str, closing: str) -> int | None:
    """Where one mark more is open than may be, however many are closed before it or after all."""
    if text.count(opening) <= MAX_OPEN:
        return None
    depth = 0
    for mark in re.finditer(f"{re.escape(opening)}|{re.escape(closing)}", text):
        depth = depth + 1 if mark[0] == opening else max(0, depth - 1)
        if depth > MAX_OPEN:
            return mark.start()
    return None
