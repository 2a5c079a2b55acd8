"""What YAML says of a front matter that it cannot read, in plain words, with the line to look at."""

from __future__ import annotations

import re
from typing import Any

import yaml

# A quote that is opened after a field's name and not closed on its line.
_OPEN_QUOTE = re.compile(
    r"""\s*(?:- )?[\w-]+:[ ]+(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)""",
)
_NO_BLANK = re.compile(r"\s*(?:- )?[\w-]+:[^\s/]")
_CONFLICT = re.compile(r"^(?:<{7}(?: .*)?|>{7} [\w/.-]+)$", re.MULTILINE)
_QUOTES = "Put the text in double quotes."
_CLOSE = "Close it, or put the text in double quotes."
# PyYAML's problem, by its beginning; what we say, and what to do.
_TABLE = (
    (
        r"(?:day|month|year|hour|minute|second) .*|.*out of range.*",
        "There is no such day.",
        "Correct the date.",
    ),
    (r"found character '\\t'", "There is a tab.", "Use blanks."),
    (r"found character '(.)' that cannot", "A text cannot begin with {0}.", _QUOTES),
    (r"expected alphabetic or numeric character", "A text cannot begin with * or &.", _QUOTES),
    (
        r"found unknown escape character",
        "A backslash in double quotes begins a sign.",
        "Write two backslashes.",
    ),
    (r"(an anchor .*)", "The front matter cannot be read: {0}.", _QUOTES),
    (r"sequence entries are not allowed", "A list begins on the line of its field.", "Write `[one, two]`."),
    (r"expected ',' or '\]'", "The list that begins here lacks its `]` or a comma.", "Write `[one, two]`."),
    (
        r"expected ',' or '\}'",
        "The fields that begin here lack their `}}` or a comma.",
        "Write `{name: value, name: value}`.",
    ),
    (r"expected the node content, but found '(.+)'", "A text cannot begin with {0}.", _QUOTES),
    (
        r"expected <block end>, but found '-'",
        "A list begins here that has no field.",
        "Write `field: [one, two]`.",
    ),
    (
        r"expected (?:<block end>|'<document start>'), but found '<block mapping start>'",
        "This line does not begin below the one that it belongs to.",
        "Give lines that belong together the same number of blanks.",
    ),
)


def merge_conflict(text: str) -> int | None:
    """The line of a mark that git leaves in a file where two people changed the same words."""
    if "<<<<<<<" not in text and ">>>>>>> " not in text:
        return None
    found = _CONFLICT.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def explain(error: Exception, text: str) -> tuple[int, str, str]:
    """Where the front matter's text is wrong (its first line is 0), what is, and what to do."""
    problem = getattr(error, "problem", None) or (str(error).splitlines() or ["it is not YAML"])[0]
    context = str(getattr(error, "context", None))
    at, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    rows = text.split("\n")
    line = at.line if at else 0
    if "quoted scalar" in context and begun and "end of stream" in problem:
        line = _open_quote(rows, begun.line) or begun.line
        return line, "The quote that begins here has no end.", _CLOSE
    if problem.startswith("could not find expected ':'") and begun:
        if _NO_BLANK.match(rows[begun.line]):
            return begun.line, "There is no blank after the colon.", "Write `key: value`."
        return begun.line, "This line has no field's name.", "Write `key: value`."
    if problem.startswith("mapping values are not allowed") and at:
        return line, *_second_colon(rows[line], at)
    if "flow" in context and problem.endswith("got '<scalar>'"):
        fix = "Write `{name: value, name: value}`, and single quotes within double ones."
        return line, "Here a comma is missing, or a quote stands within a text in quotes.", fix
    if problem.endswith("found '<scalar>'"):
        if (quote := _open_quote(rows, line)) is not None and quote != line:
            return quote, "The quote that begins here has no end.", _CLOSE
        if re.match(r"\s*(?:- )?[\w-]+: *\[", rows[line]):
            return line, "There is text after the closing bracket.", _QUOTES
        return line, "There is text after the closing quote.", f"{_QUOTES[:-1]}, with no such quote within."
    if "flow" in context and begun:
        line = begun.line  # what lacks its end is told where it begins
    for pattern, message, fix in _TABLE:
        if found := re.match(pattern, problem):
            return line, message.format(*found.groups()), fix
    return line, f"The front matter cannot be read: {problem}.", "Put texts with a colon or quote in quotes."


def _open_quote(rows: list[str], until: int) -> int | None:
    """The line, up to this one, that opens the first quote which it does not close."""
    return next((n for n, row in enumerate(rows[: until + 1]) if _OPEN_QUOTE.fullmatch(row)), None)


def _second_colon(row: str, at: yaml.Mark) -> tuple[str, str]:
    if row[:1].isspace() and ":" not in row[: at.column]:
        return "This line begins with blanks, below a field that has its text.", "Take the blanks away."
    return "There is a second colon in this line.", _QUOTES


# The fields whose text may hold " #".
TEXTS = frozenset("title summary name category credit alt portrait_credit portrait_alt".split())
_REMARK = re.compile(r"[ \t]+#")


def left_out(node: Any, text: str) -> list[int]:
    """The lines on which a text of a page loses its end, because YAML takes ` #` for a remark."""
    rows = text.split("\n")
    found = []
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(value, yaml.MappingNode) and not value.flow_style:
            found += left_out(value, text)
        elif key.value in TEXTS and isinstance(value, yaml.ScalarNode) and loses_its_end(value, rows):
            found.append(value.end_mark.line)
    return found


def loses_its_end(value: Any, rows: list[str]) -> bool:
    """Whether a remark follows a text (a scalar's node or event) that stands in no quotes."""
    end = value.end_mark
    return not value.style and _REMARK.match(rows[end.line], end.column) is not None
