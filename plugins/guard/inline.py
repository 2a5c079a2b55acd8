"""What stands within a line of ordinary prose: code, pictures, links, and words that are stressed.

As the library does it: code, pictures and links first, each of which is one character to the rest of
the text from then on; then `*` and `**`; then what a printer sets otherwise.
"""

from __future__ import annotations

import re

from .typography import set_marks

# One for each whole element, and for where stressed words begin and end. The text has none of its own.
_ELEMENT = "\x02"
_EM, _EM_END, _STRONG, _STRONG_END = "\x04\x05\x06\x07"
OWN = (_ELEMENT, "\x03", _EM, _EM_END, _STRONG, _STRONG_END)  # and one of the library's
_TAGS = ((_EM, "<em>"), (_EM_END, "</em>"), (_STRONG, "<strong>"), (_STRONG_END, "</strong>"))

# Code; a picture's text and address; a link's, whose text may hold code. None goes over the end of a
# line. Each begins with a plain character and not with a group: the search is twice as quick for it.
_TOKEN = re.compile(
    r"`([^`\n]++)`"
    r"|!\[([^][`*_\n]*+)\]\(([^][`*()<>\"'\s]++)\)"
    r"|\[(?<!!\[)([^][`_\n]*+(?:`[^`\n]++`[^][`_\n]*+)*+)\]\(([^][`*()<>\"'\s]++)\)"
)
_STEP = _TOKEN.groups + 1  # from one text between tokens to the next, in what split() makes
_MARKS = "`_[]"  # what is left of them between the tokens is for the library
_MEANING = re.compile(r"[`*\"'!]|--|\.\.\.")  # what makes a link's text more than words

_STRONG_WORDS = re.compile(r"\*\*(?![\s*])([^*\n]++)(?<!\s)\*\*(?!\*)")
_EM_WORDS = re.compile(rf"\*(?![\s*])([^*\n{_STRONG}{_STRONG_END}]++)(?<!\s)\*(?!\*)")
_RUN = re.compile(r"(\*++)")
# Stressed words end where these do: paragraphs, and the lines of a list.
_SEAM = re.compile(r"(\n\n+|\n(?=- |\d+\. ))")


def mark_elements(text: str) -> tuple[str, list[str]] | None:
    """The text with characters in the places of elements, and the elements; None if it is not for us."""
    parts = _TOKEN.split(text)
    between = parts[::_STEP]
    marked = _ELEMENT.join(between)
    for mark in _MARKS:
        if mark in marked:
            return None
    elements = []
    for place in range(1, len(parts), _STEP):
        code, alt, source, label, address = parts[place : place + _STEP - 1]
        if code:
            elements.append(f"<code>{code.strip()}</code>")
        elif source:
            alt = alt.replace('"', "&quot;")
            elements.append(f'<img alt="{alt}" src="{source}">')
        else:
            words = _label(label) if _MEANING.search(label) else label
            if words is None:
                return None
            elements.append(f'<a href="{address}">{words}</a>')
    stressed = _stressed(marked) if "*" in marked else marked
    made = None if stressed is None else set_marks(stressed)
    return None if made is None else (made, elements)


def with_elements(text: str, elements: list[str]) -> str:
    """The text with its elements in their places."""
    for mark, tag in _TAGS:
        text = text.replace(mark, tag)
    parts = [*elements, *elements, ""]
    parts[::2] = text.split(_ELEMENT)
    parts[1::2] = elements
    return "".join(parts)


def _label(text: str) -> str | None:
    found = mark_elements(text)
    return with_elements(*found) if found else None


def _stressed(text: str) -> str | None:
    """The text with its stressed words; None where it is not certain which they are."""
    stressed = _STRONG_WORDS.sub(rf"{_STRONG}\1{_STRONG_END}", text)
    stressed = _EM_WORDS.sub(rf"{_EM}\1{_EM_END}", stressed)
    return _crossed(text) if "*" in stressed else stressed


def _crossed(text: str) -> str | None:
    """The text with its stressed words, where a `*` may also be one that nothing opens or closes."""
    parts = _SEAM.split(text)
    for place in range(0, len(parts), 2):
        if "*" in parts[place]:
            unit = _paired(parts[place])
            if unit is None:
                return None
            parts[place] = unit
    return "".join(parts)


def _paired(text: str) -> str | None:
    parts = _RUN.split(text)
    opened: list[int] = []
    first = last = 0  # where the first pair behind a mark that is still open ended, and the last of all
    for place in range(1, len(parts), 2):
        size, before, after = len(parts[place]), parts[place - 1][-1:], parts[place + 1][:1]
        begins, ends = not (after.isspace() or not after), not (before.isspace() or not before)
        if size > 2 or not (begins or ends):
            return None
        if ends and opened:
            start = opened.pop()
            if len(parts[start]) != size or start < last:
                return None  # one within the other, or some of the marks left over
            if opened:
                first = first or place
                if opened[-1] > first:
                    return None  # the library loses count where pairs lie between marks that nothing closes
            parts[start], parts[place] = (_EM, _EM_END) if size == 1 else (_STRONG, _STRONG_END)
            last = place
        elif begins:
            opened.append(place)
    return "".join(parts)
