"""The library's processors of blocks, asked only where a block holds what they cannot do without.

Each looks through the whole of every paragraph otherwise; most paragraphs hold nothing for them.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import (
    BlockQuoteProcessor,
    HashHeaderProcessor,
    HRProcessor,
    ReferenceProcessor,
    SetextHeaderProcessor,
)
from markdown.preprocessors import HtmlBlockPreprocessor


class _Headings(HashHeaderProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return "#" in block and super().test(parent, block)


class _Underlined(SetextHeaderProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return ("\n=" in block or "\n-" in block) and super().test(parent, block)


class _Rules(HRProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return any(block.count(mark) > 2 for mark in "-*_") and super().test(parent, block)


class _Quotations(BlockQuoteProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return ">" in block and super().test(parent, block)


class _References(ReferenceProcessor):
    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        return "]:" in blocks[0] and super().run(parent, blocks)


class _Html(HtmlBlockPreprocessor):
    """Nothing to take out of a text without tags and entities."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines)
        return super().run(lines) if "<" in source or "&" in source else lines


def use_blocks(md: Markdown) -> None:
    """Put these in the places of the library's own."""
    parser = md.parser
    for processor, name, priority in (
        (_Headings(parser), "hashheader", 70),
        (_Underlined(parser), "setextheader", 60),
        (_Rules(parser), "hr", 50),
        (_Quotations(parser), "quote", 20),
        (_References(parser), "reference", 15),
    ):
        parser.blockprocessors.register(processor, name, priority)
    md.preprocessors.register(_Html(md), "html_block", 20)
