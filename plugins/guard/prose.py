"""Ordinary prose as HTML, as the Markdown library makes it, without asking the library.

Most stories are paragraphs, headings, short lists and quotations with a few links and stressed words.
Their HTML follows from the text by a handful of rules. Where a text holds anything else, nothing is
said here, and the library reads all of it. tests/guard/test_prose.py compares the two.
"""

from __future__ import annotations

import re

from .inline import OWN, mark_elements, with_elements

# Any of these may mean something that is not known here.
_FOREIGN = ("<", "&", "\\", "|", "``", "  \n", "\t", "\r", *OWN)

# How a line begins that is text and nothing else; "&" is by now of our own making.
_TEXT = r"(?:[^\s#>\-+=|~:!\d&]|\d+(?!\d|\.\s|\.$)|&(?![mn]dash)).*+"
_PARAGRAPH = re.compile(rf"{_TEXT}(?:\n{_TEXT})*+")
_HEADING = re.compile(rf"(#{{1,6}}) (?=[^#\n]*+\Z)({_TEXT})")


def _lines(first: str, further: str, *html: str) -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    return re.compile(rf"{first}({_TEXT}(?:\n{further}{_TEXT})*+)"), re.compile(rf"\n{further}"), html


# By the first two characters of a block: what the whole of it is, what lies between its lines, and the
# HTML before it, between its lines and after it.
_LINES = {
    "- ": _lines("- ", "- ", "<ul>\n<li>", "</li>\n<li>", "</li>\n</ul>"),
    "1.": _lines(r"1\. ", r"\d+\. ", "<ol>\n<li>", "</li>\n<li>", "</li>\n</ol>"),
    "> ": _lines("> ", "> ", "<blockquote>\n<p>", "\n", "</p>\n</blockquote>"),
}


def prose_html(body: str) -> str | None:
    """The text as HTML, not cleaned; None where it is for the library to read."""
    body = body.strip("\n")
    for mark in _FOREIGN:
        if mark in body:
            return None
    if ">" in body and body.count(">") != body.count("\n> ") + body.startswith("> "):
        return None
    found = mark_elements(body)
    if not found:
        return None
    marked, elements = found
    blocks = []
    before = ""
    for block in marked.split("\n\n"):
        block = block.strip("\n")
        if not block:
            continue
        start = block[:2]
        if start in _LINES:
            html = None if start == before else _with_lines(block, start)  # two of a kind become one
        elif start[0] == "#":
            html = _heading(block)
        else:
            html = f"<p>{block}</p>" if _PARAGRAPH.fullmatch(block) else None
        if html is None:
            return None
        blocks.append(html)
        before = start
    return with_elements("\n".join(blocks), elements) if blocks else None


def _heading(block: str) -> str | None:
    found = _HEADING.fullmatch(block)
    if found is None:
        return None
    level = len(found[1])
    return f"<h{level}>{found[2].strip()}</h{level}>"


def _with_lines(block: str, start: str) -> str | None:
    pattern, seam, (before, between, after) = _LINES[start]
    found = pattern.fullmatch(block)
    return f"{before}{seam.sub(between, found[1])}{after}" if found else None
