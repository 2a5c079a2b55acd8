"""Our Markdown is the library's, byte for byte, whatever the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.inlinepatterns import HTML_RE
from markdown.util import INLINE_PLACEHOLDER, STX

from plugins.guard import markdown as ours
from plugins.guard.markdown import MARKDOWN, NEEDED, Converter, converter

PROJECT = Path(__file__).parents[2]
WRITTEN = sorted([*PROJECT.glob("content/**/*.md"), *PROJECT.glob("tests/sites/**/*.md")])
STOCK, CONVERTER = Markdown(**MARKDOWN), Converter()

# What stands alone, what opens and closes, what begins a line, and what the library itself puts in.
MARKS = [
    *r"""` `` ``` ~~~ * ** *** _ __ ___ \ [ ] ![ ( ) ]( ][ < > <b> </b> <div> </div> <br/> <!-- --> <? ?>
    <![CDATA[ ]]> & &amp; &nbsp; &mdash; &#8212; &#x26; &# ; ' " '" "' 's '80s - -- --- . ... .... – — ! # | :
    @ :// a word é 漢字 9 1. http me@example.org javascript: klzzwxh:0000 wzxhzdk:0 amp""".split(),
    *("\n", "\n\n", "  \n", "\t", "    ", " ", "b c", "'s ", "\r", "\xa0"),
    *(STX, "\x03", "\x0292\x03", INLINE_PLACEHOLDER % "0000"),
]
WHOLE = [
    *r"""`code` *em* **strong** ***both*** _em_ __strong__ a_b_c \* \\` [text](/x/) [text][ref] [ref] [ref][]
    ![alt](p.jpg) ![alt][ref] ![ref] <https://example.org/a_b*c> <me@example.org> <i>*x*</i> ("x") don't
    ''x'' **a_b** "*a*" '**a**'""".split(),
    *(
        "``a ` b``",
        '[text](<x y> "title")',
        "[text](x 'it''s')",
        '<a href="x">',
        "[a [b](c) d](e)",
        "<!-- x -->",
    ),
    *("*a **b* c**", "**a _b** c_", "\"'a' b\"", "'\"a\" b'", "--- --"),
]
LINES = [
    *("\n\n[ref]: https://example.org/a_b 'A title'\n\n", "\n\n[ref]: <x>\n", "\n\n# ", "\n## a ##\n"),
    *("\n===\n", "\n---\n", "\n- ", "\n* ", "\n    - ", "\n1. ", "\n\n> ", "\n> > ", "\n\n    code *x*\n\n"),
    *("\n```\n", "\n```py\n", "\n~~~ {.x}\n", "\n\na | b\n--|:-:\nc | *d*\n", "\n\n* * *\n\n", "\n<div>\n"),
    *("\n</div>\n\n", "\n\n<p>*x*</p>\n\n", "\n<script>\n", "\n  \n"),
]
PIECES = st.sampled_from(MARKS) | st.sampled_from(WHOLE) | st.sampled_from(LINES) | st.text(max_size=3)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def stock(text: str) -> str:
    return STOCK.reset().convert(text)


@settings(max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXTS)
@example("[a *b* 'c'][ref] -- `x`\n\n[ref]: /y/ \"T\"")
@example('*a `b` [c](d "e") <b>f</b>* & &amp; \\*g\\* it\'s \'so\'...\n\n> - "h"  \ni')
def test_any_text_becomes_what_the_library_makes_of_it(text):
    assert CONVERTER.convert(text) == stock(text)


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: str(file.relative_to(PROJECT)))
def test_what_is_written_here_becomes_what_the_library_makes_of_it(file):
    text = file.read_text(encoding="utf-8", errors="replace")
    html = CONVERTER.convert(text)
    assert html == stock(text)
    assert html


def test_every_pattern_of_the_library_is_known():
    md = Markdown(**MARKDOWN)
    patterns = {
        pattern.pattern for name in ("inline", "smarty") for pattern in md.treeprocessors[name].inlinePatterns
    }
    assert patterns == set(NEEDED), "look at what a new pattern needs; until then it is always tried"
    assert HTML_RE.startswith("(<("), "the one that is not written out in the table"


def test_a_pattern_that_is_not_known_is_always_tried(monkeypatch):
    monkeypatch.setattr(ours, "NEEDED", {})
    texts = [*WHOLE, *("".join(WHOLE), " ".join(MARKS), "plain words")]
    converter = Converter()
    assert [converter.convert(text) for text in texts] == [stock(text) for text in texts]


def test_our_processors_stand_where_the_library_has_its_own():
    md = CONVERTER._md
    for one, other in (
        (md.preprocessors, STOCK.preprocessors),
        (md.parser.blockprocessors, STOCK.parser.blockprocessors),
        (md.treeprocessors, STOCK.treeprocessors),
    ):
        for mine, library in zip(one, other, strict=True):
            assert isinstance(mine, type(library))
    assert type(md.treeprocessors["inline"]) is type(md.treeprocessors["smarty"]) is ours.InlineProcessor


def test_patterns_that_ask_for_more_are_left_to_the_library(monkeypatch):
    monkeypatch.setattr("markdown.inlinepatterns.EscapeInlineProcessor.ANCESTOR_EXCLUDES", ("em",))
    assert type(Converter()._md.treeprocessors["inline"]) is not ours.InlineProcessor


def test_what_pelican_appends_to_the_setting_is_not_ours(monkeypatch):
    appended = [*MARKDOWN["extensions"], "markdown.extensions.meta"]
    monkeypatch.setitem(MARKDOWN, "extensions", appended)
    assert Converter().convert("Note: a < b") == "<p>Note: a &lt; b</p>"


def test_a_process_has_one_converter():
    assert converter() is converter()


def test_a_text_leaves_nothing_behind_for_the_next():
    converter = Converter()
    converter.convert("[ref]: /x/\n\n*a **b `c")
    assert converter.convert("[ref] *d*") == "<p>[ref] <em>d</em></p>"


def test_a_text_that_fails_leaves_nothing_behind_either(monkeypatch):
    converter = Converter()
    failing = converter._md.parser
    monkeypatch.setattr(failing, "parseDocument", lambda lines: (_ for _ in ()).throw(RecursionError))
    with pytest.raises(RecursionError):
        converter.convert("a <")
    assert converter.convert("*a*") == "<p><em>a</em></p>"
