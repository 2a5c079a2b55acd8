"""Quotation marks, dashes and dots as a printer sets them, by the rules of the library's `smarty`.

One look over a whole text: where an element begins or ends in it stands one of EDGES, at which the
library has the end of a text of its own.
"""

from __future__ import annotations

import re

EDGES = "\x02-\x07"  # a range for a set of characters

# Where two marks are as close to each other as here, the library's patterns swallow one another's
# neighbours, and that decides how the second of them turns.
_CROWDED = ('""', "''", "\"'", "'\"", "'s\"")
_OPENING = rf"(?<![^\s(\[{{\-–—{EDGES}]"  # nothing is before it either at the beginning of a text
_CLOSING = rf"(?<=[^\s(\[{{\-–—{EDGES}]"
_FIRST = rf"(?<![^{EDGES}]"  # of what follows an element, or of all
_APART = rf"(?<![^ \n(\[{{\-{EDGES}]"
# Behind a mark that closes: a word, and neither the end of a paragraph nor another mark (by now an entity),
# which may take the blank for its own; or a point, and no dash, which the library sets first.
_BEHIND = r""" [^\s"'&]|[!"#$%'()*+,./:;<=>?@\[\\\]^`{|}~]\B"""
_LAST = rf"(?=[{EDGES}]|\n\n|\Z)"


def _rules(mark: str, *rules: tuple[str, str, str]) -> tuple[str, tuple[tuple[re.Pattern[str], str], ...]]:
    # The mark comes first in each, and what is before it after that: a search for it is the quickest.
    made = tuple((re.compile(f"{mark}{before}{mark}){behind}"), entity) for before, behind, entity in rules)
    return mark, made


# What none of a mark's rules finds is for the library. The first two find nearly all.
_QUOTES = (
    _rules(
        '"',
        (_OPENING, r"(?=\w)", "&ldquo;"),
        (_CLOSING, "", "&rdquo;"),
        (_FIRST, rf"(?={_BEHIND})", "&rdquo;"),
        (_APART, _LAST, "&ldquo;"),
    ),
    _rules(
        "'",
        (_OPENING, r"(?=\d\ds)", "&rsquo;"),
        (_OPENING, r"(?=\w)(?!s\b)", "&lsquo;"),
        (_CLOSING, r"(?!\d)", "&rsquo;"),
        (_FIRST, rf"(?=s\b|{_BEHIND})", "&rsquo;"),
        (_APART, _LAST, "&lsquo;"),
    ),
)
_EM_DASH = re.compile(r"---(?<!----)(?!-)")
_EN_DASH = re.compile(r"--(?<!---)(?!-)")
_ELLIPSIS = re.compile(r"\.\.\.(?<!\.\.\.\.)(?!\.)")


def set_marks(text: str) -> str | None:
    """The text with entities for its marks; None where a quotation mark is for the library to turn."""
    if '"' in text or "'" in text:
        for crowded in _CROWDED:
            if crowded in text:
                return None
        for mark, rules in _QUOTES:
            for pattern, entity in rules:
                if mark not in text:
                    break
                text = pattern.sub(entity, text)
            else:
                if mark in text:
                    return None
    if "--" in text:
        text = _EN_DASH.sub("&ndash;", _EM_DASH.sub("&mdash;", text))
    if "..." in text:
        text = _ELLIPSIS.sub("&hellip;", text)
    return text
