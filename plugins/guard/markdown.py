"""Markdown to HTML as the library makes it, byte for byte, in a fraction of its time.

Python-Markdown tries each of some thirty patterns on every piece of text. Here a pattern is tried
only where the text holds what the pattern cannot match without, and ordinary prose (see prose.py)
does not come to the library at all.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns, treeprocessors
from markdown.util import INLINE_PLACEHOLDER_PREFIX, AtomicString, Registry

from .blocks import use_blocks
from .html import Prose
from .prose import prose_html

MARKDOWN: dict[str, Any] = {
    "extensions": ["fenced_code", "tables", "sane_lists", "smarty"],
    "extension_configs": {},
    "output_format": "html5",
}
# Pelican, which gets the above as a setting, appends an extension to its list that takes a first line
# with a colon for metadata.
_OWN = {**MARKDOWN, "extensions": tuple(MARKDOWN["extensions"])}
_CLOSE = r"(?<=[^\ \t\r\n\[\{\(\-\u0002\u0003])"
_OPEN = r"(\s|&nbsp;|--|–|—|&[mn]dash;|&#8211;|&#8212;)"
_PUNCTUATION = r"""[!"#\$\%'()*+,-.\/:;<=>?\@\[\\\]\^_`{|}~]"""
# By a pattern's source, what a text holds wherever the pattern matches in it: one of these. The sources
# are written out, so that a pattern which the library changes is one that is not known here.
NEEDED: dict[str, tuple[str, ...]] = {
    r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<!\\)`)": ("`",),
    r"\\(.)": ("\\",),
    r"(?<!\!)\[": ("[",),
    r"\!\[": ("![",),
    r"<([A-Za-z][A-Za-z0-9+.-]*://[^<>]*)>": ("<",),
    r"<([^<> !]+@[^@<> ]+)>": ("<",),
    r"  \n": ("  \n",),
    inlinepatterns.HTML_RE: ("<",),
    r"(&(?:\#[0-9]+|\#x[0-9a-fA-F]+|[a-zA-Z0-9]+);)": ("&",),
    r"\*|_": ("*", "_"),
    r"(?<!-)---(?!-)": ("---",),
    r"(?<!-)--(?!-)": ("--",),
    r"(?<!\.)\.{3}(?!\.)": ("...",),
    rf"^'(?={_PUNCTUATION}\B)": ("'",),
    rf'^"(?={_PUNCTUATION}\B)': ('"',),
    r""""'(?=\w)""": ("\"'",),
    r"""'"(?=\w)""": ("'\"",),
    _CLOSE + "\\'\"": ("'\"",),
    _CLOSE + "\\\"'": ("\"'",),
    r"(?<!\w)'(?=\d{2}s)": ("'",),
    rf"{_OPEN}'(?=\w)": ("'",),
    rf"{_CLOSE}'(?!\s|s\b|\d)": ("'",),
    r"'(\s|s\b)": ("'",),
    r"'": ("'",),
    rf'{_OPEN}"(?=\w)': ('"',),
    r'"(?=\s)': ('"',),
    rf'{_CLOSE}"': ('"',),
    r'"': ('"',),
}
_ALWAYS = ("",)


class InlineProcessor(treeprocessors.InlineProcessor):
    """The library's own, which passes over the patterns that cannot match and the texts without any.

    It has its parent's name, because it uses what the library keeps private there under that name.
    """

    def __init__(self, md: Markdown, patterns: Registry[Any]) -> None:
        super().__init__(md)
        self.inlinePatterns = patterns
        needed = [NEEDED.get(pattern.pattern, _ALWAYS) for pattern in patterns]
        self._patterns = [
            (place, marks[0], marks[-1], pattern.getCompiledRegExp().finditer, pattern)
            for place, (marks, pattern) in enumerate(zip(needed, patterns, strict=True))
        ]
        # Where none of these is, no other is.
        every = {mark for marks in needed for mark in marks}
        self._marks = [mark for mark in sorted(every) if not any(less in mark for less in every - {mark})]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """The tree with its marks made elements, in the order in which the library does it."""
        self.stashed_nodes = {}
        waiting = deque([(tree, [*(ancestors or ())])])
        while waiting:
            current, self.ancestors = waiting.popleft()
            self.ancestors.append(current.tag.lower())
            made_within = []
            for child in current:  # what is inserted behind it comes next
                text = child.text
                if text and not isinstance(text, AtomicString):
                    self.ancestors.append(child.tag.lower())
                    marked = self._marked(text)
                    if INLINE_PLACEHOLDER_PREFIX in marked:
                        child.text = None
                        made = self.__processPlaceholders(marked, child)  # type: ignore[attr-defined]
                        waiting += made
                        made_within.append((child, made))
                    self.ancestors.pop()
                if child.tail:
                    marked = self._marked(child.tail)
                    if INLINE_PLACEHOLDER_PREFIX in marked:
                        self._place_behind(current, child, marked)
                if len(child):
                    waiting.append((child, self.ancestors[:]))
            for child, made in made_within:
                for place, (element, _) in enumerate(made):
                    child.insert(place, element)
        return tree

    def _place_behind(self, parent: Element, child: Element, tail: str) -> None:
        holder = Element("d")
        child.tail = None
        made = self.__processPlaceholders(tail, holder, False)  # type: ignore[attr-defined]
        if holder.tail:
            child.tail = holder.tail
        place = list(parent).index(child) + 1
        for element, _ in reversed(made):
            parent.insert(place, element)

    def _marked(self, text: str, first: int = 0) -> str:
        """The text with a placeholder for each mark that a pattern finds, beginning with one of them."""
        if isinstance(text, AtomicString):
            return text
        for mark in self._marks:
            if mark in text:
                break
        else:
            return text
        for index, one, other, found_in, pattern in self._patterns[first:]:
            if one not in text and other not in text:
                continue
            start = 0
            while True:
                for match in found_in(text, start):
                    node, begin, end = pattern.handleMatch(match, text)
                    if begin is not None and end is not None:
                        break
                else:
                    break
                if node is None:
                    start = end
                    continue
                if not isinstance(node, str) and not isinstance(node.text, AtomicString):
                    self._mark_within(node, index)
                placeholder = self.__stashNode(node, pattern.type())  # type: ignore[attr-defined]
                text = f"{text[:begin]}{placeholder}{text[end:]}"
                start = begin + len(placeholder)
        return text

    def _mark_within(self, node: Element, index: int) -> None:
        for part in [node, *node]:
            if part.text:
                self.ancestors.append(part.tag.lower())
                part.text = self._marked(part.text, index + 1)
                self.ancestors.pop()
            if part.tail:
                part.tail = self._marked(part.tail, index)


class Converter:
    """One Markdown object for many texts; to be used by one thread at a time."""

    def __init__(self) -> None:
        self._md = _markdown()

    def convert(self, body: str) -> str:
        """The text as HTML, not cleaned. Raises RecursionError where it is nested too deeply."""
        html = prose_html(body)
        if html is not None:
            return Prose(html)
        try:
            return self._md.reset().convert(body)
        except BaseException:
            self._md = _markdown()  # what was under way is in it still
            raise


@cache
def converter() -> Converter:
    """This process's own converter: making one takes as long as a story."""
    return Converter()


def _markdown() -> Markdown:
    md = Markdown(**_OWN)
    for name, priority in (("inline", 20), ("smarty", 6)):
        processor = md.treeprocessors[name]
        if isinstance(processor, treeprocessors.InlineProcessor) and all(
            isinstance(pattern, inlinepatterns.InlineProcessor) and not pattern.ANCESTOR_EXCLUDES
            for pattern in processor.inlinePatterns
        ):
            md.treeprocessors.register(InlineProcessor(md, processor.inlinePatterns), name, priority)
    use_blocks(md)
    return md
