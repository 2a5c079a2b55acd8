"""A comment's HTML as the Markdown that Isso makes the same HTML of."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "code": "`"}
_BLOCKS = frozenset({"p", "ul", "ol", "pre", "blockquote"})
_SPECIAL = re.compile(r"([\\`*_\[\]<>~^#|])")
_LINE = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)  # what would begin a list, or a rule


def as_markdown(html: str) -> str:
    """The text with its paragraphs, emphasis, links, lists, quotations and code; of other tags the words."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return reading.text()


class _Reading(HTMLParser):
    """One comment on its way to Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = [""]  # the innermost quotation last
        self._links: list[str] = []
        self._lists: list[int] = []  # 0 in a list of dots, else the next number
        self._code = 0
        self._broken = False  # a line has ended, and the end of it in the HTML means nothing

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag begins."""
        found = dict(attrs)
        if tag in _BLOCKS and not (tag == "p" and self._lists):
            self._block()
        if tag == "blockquote":
            self._parts.append("")
        elif tag in ("ul", "ol"):
            self._lists.append(int(tag == "ol"))
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            self._lists[-1] += bool(number)
            self._parts[-1] = self._parts[-1].rstrip("\n") + "\n" + (f"{number}. " if number else "- ")
        elif tag == "pre":
            self._code += 1
            self._parts[-1] += "```\n"
        elif tag == "a":
            self._links.append(found.get("href") or "")
            self._parts[-1] += "["
        elif tag == "br":
            self._parts[-1] += "\n"
            self._broken = True
        elif tag in _MARKS and not (tag == "code" and self._code):
            self._parts[-1] += _MARKS[tag]
            self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        if tag == "blockquote" and len(self._parts) > 1:
            quoted = self._parts.pop().strip("\n")
            self._parts[-1] += re.sub(r"^", "> ", quoted, flags=re.MULTILINE)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "pre":
            self._code = 0
            self._parts[-1] = self._parts[-1].rstrip("\n") + "\n```"
        elif tag == "a" and self._links:
            self._parts[-1] += f"]({self._links.pop()})"
        elif tag in _MARKS and not (tag == "code" and self._parts[-1].count("```") % 2):
            self._parts[-1] += _MARKS[tag]
            self._code -= tag == "code" and self._code > 0
        if tag in _BLOCKS and not (tag == "p" and self._lists):
            self._block()

    def handle_data(self, data: str) -> None:
        """Words, which mean nothing to Markdown but themselves."""
        if self._broken:
            data, self._broken = data.removeprefix("\n"), False
        self._parts[-1] += data if self._code else _LINE.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", data))

    def text(self) -> str:
        """All of it."""
        return "\n\n".join(self._parts).strip()

    def _block(self) -> None:
        if self._parts[-1]:
            self._parts[-1] = self._parts[-1].rstrip("\n") + "\n\n"
