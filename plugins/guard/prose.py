"""Ordinary prose as HTML, as the Markdown library makes it, without asking the library.

Most stories are paragraphs, headings, short lists and quotations with a few links and stressed words.
Their HTML follows from the text by a handful of rules. Where a text holds anything else, nothing is
said here, and the library reads all of it. tests/guard/test_prose.py compares the two.
"""

from __future__ import annotations

import re

# Any of these may mean something that is not known here; so may a control character of the library's own.
_FOREIGN = ("<", "&", "\\", "|", "``", "  \n", "\t", "\r", "\x02", "\x03")
# Code; an image's text and address; a link's; strong; em. None goes over the end of a line or holds
# another. Each begins with a plain character and not with a group: the search is twice as quick for it.
_TOKEN = re.compile(
    r"`([^`\n]++)`"
    r"|!\[([^][`*_\n]*+)\]\(([^][`*()<>\"'\s]++)\)"
    r"|\[([^][`*_\n]*+)\]\(([^][`*()<>\"'\s]++)\)"
    r"|\*\*(?![\s*])([^][`*_\n]++)(?<!\s)\*\*(?!\*)"
    r"|\*(?![\s*])([^][`*_\n]++)(?<!\s)\*(?!\*)"
)
_STEP = _TOKEN.groups + 1  # from one text between tokens to the next, in what split() makes
_MARKS = "`*_[]"  # what is left of them between the tokens is for the library

# Quotation marks whose direction follows from the character before them and the one behind. The library
# replaces them one pattern after the other, and a pattern may swallow a neighbour of the mark; where two
# are as close to each other as here, that decides how the second of them turns.
_CROWDED = re.compile(r"""["']["']|'s\"""")
_BEFORE_OPENING = r"(?<![^\s(\[{\-–—]"  # nothing is before it either at the beginning of a text
_BEFORE_CLOSING = r"(?<=[^\s(\[{\-–—]"
_QUOTES = tuple(
    (mark, tuple((re.compile(pattern), entity) for pattern, entity in patterns))
    for mark, patterns in (
        ('"', ((rf'"{_BEFORE_OPENING}")(?=\w)', "&ldquo;"), (rf'"{_BEFORE_CLOSING}")', "&rdquo;"))),
        (
            "'",
            (
                (rf"'{_BEFORE_OPENING}')(?=\d\ds)", "&rsquo;"),
                (rf"'{_BEFORE_OPENING}')(?=\w)(?!s\b)", "&lsquo;"),
                (rf"'{_BEFORE_CLOSING}')(?!\d)", "&rsquo;"),
            ),
        ),
    )
)
_EM_DASH = re.compile(r"---(?<!----)(?!-)")
_EN_DASH = re.compile(r"--(?<!---)(?!-)")
_ELLIPSIS = re.compile(r"\.\.\.(?<!\.\.\.\.)(?!\.)")

# How a line begins that is text and nothing else; "&" and "<" are by now of our own making.
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
    marked = _with_tokens(_TOKEN.split(body))
    if not marked:
        return None
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
    return "\n".join(blocks)


def _with_tokens(parts: list[str]) -> str | None:
    """The text with its tokens made elements, from what lies between them and what they hold."""
    between = "".join(parts[::_STEP])
    for mark in _MARKS:
        if mark in between:
            return None
    made = [_smart(parts[0])]
    for place in range(1, len(parts), _STEP):
        code, alt, source, label, address, strong, em, text = parts[place : place + _STEP]
        if code:
            made.append(f"<code>{code.strip()}</code>")
        elif source:
            made.append(f'<img alt="{_attribute(alt)}" src="{source}">')
        elif address:
            made += (f'<a href="{address}">', _smart(label), "</a>")
        elif strong:
            made += ("<strong>", _smart(strong), "</strong>")
        else:
            made += ("<em>", _smart(em), "</em>")
        made.append(_smart(text))
    html = [text for text in made if text is not None]
    return "".join(html) if len(html) == len(made) else None


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;")


def _smart(text: str) -> str | None:
    """The text of one element with its quotation marks, dashes and dots as a printer sets them."""
    if '"' in text or "'" in text:
        if _CROWDED.search(text):
            return None
        for mark, patterns in _QUOTES:
            if mark in text:
                for pattern, entity in patterns:
                    text = pattern.sub(entity, text)
                if mark in text:
                    return None
    if "--" in text:
        text = _EN_DASH.sub("&ndash;", _EM_DASH.sub("&mdash;", text))
    if "..." in text:
        text = _ELLIPSIS.sub("&hellip;", text)
    return text


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
