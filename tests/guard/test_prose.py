"""What is said of ordinary prose without the library is what the library says, byte for byte."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from plugins.guard.markdown import MARKDOWN
from plugins.guard.prose import prose_html

STOCK = Markdown(**MARKDOWN)

WORDS = [
    "a",
    "s",
    "s b",
    "word",
    "é",
    "漢字",
    "9",
    "80s",
    "1984",
    "3.5",
    "Two words",
    "¿Qué",
    "\xa0",
    "C#",
    "snake",
]
STRESSED = ["*em*", "**strong**", "*two words*", "`code`", "` a_b *c* `", "*it's*", '**"x"**', "*a -- b...*"]
LINKS = [
    "[text](/x/)",
    "[it's](https://example.org/a_b?c=d#e)",
    "[](/x)",
    '[a "b" c](x)',
    '![a "b" c](p_1.jpg)',
]
PUNCTUATION = [*".,;:!?()–—-", "--", "---", "...", ". ", "'s ", "'t ", " 'a", ' "a', "b' ", 'b" ', "b'", 'b"']
SEAMS = [" "] * 8 + ["", "\n"]
# What the grammar ends at: with one of these, many a text is for the library.
EDGES = [
    "*",
    "**",
    "_",
    "`",
    "[",
    "]",
    "](",
    "!",
    "#",
    "- ",
    "> ",
    "1. ",
    ">",
    "  ",
    "|",
    "``",
    "----",
    "....",
    "\t",
]
EDGES += [
    "'",
    '"',
    "'\"",
    "''",
    '""',
    "'s\"",
    "<",
    "&",
    "&amp;",
    "\\*",
    "\x02",
    "\r",
    "\x0c",
    "\u2028",
    "=",
    "~",
    "+",
    " \n",
    "\n\n",
]

INLINE = st.sampled_from(WORDS) | st.sampled_from(STRESSED + LINKS) | st.sampled_from(PUNCTUATION)


def joined(pieces: st.SearchStrategy[str], most: int = 5) -> st.SearchStrategy[str]:
    pair = st.tuples(pieces, st.sampled_from(SEAMS))
    return st.lists(pair, min_size=1, max_size=most).map(lambda pairs: "".join(map("".join, pairs)))


BEGINNINGS = st.sampled_from([*WORDS, *STRESSED, *LINKS, '"a', "'a", "...", "("])
TEXT = st.tuples(BEGINNINGS, joined(INLINE)).map(" ".join)
LINE = TEXT.map(lambda text: text.replace("\n", " ").strip() or "a")
BLOCKS = st.one_of(
    TEXT,
    TEXT,
    TEXT,
    LINE.map("# {}".format),
    LINE.map("## {}".format),
    st.tuples(st.sampled_from(["###### ", "#", "## a\n", "- ", "-", "> ", ">", "1. "]), LINE).map("".join),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"> {line}" for line in lines)),
)
GAPS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n\n\n", "\n\n\n\n"])
ORDINARY = st.lists(st.tuples(BLOCKS, GAPS), min_size=1, max_size=3).map(
    lambda pairs: "".join(map("".join, pairs))
)
EDGED = joined(INLINE | INLINE | st.sampled_from(EDGES), 7)


def stock(text: str) -> str:
    return STOCK.reset().convert(text)


def compared(texts: st.SearchStrategy[str], examples: int) -> Counter[bool]:
    """How many of the texts were taken for prose, where all that were are as the library has them."""
    taken: Counter[bool] = Counter()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts)
    def compare(text: str) -> None:
        html = prose_html(text)
        taken[html is not None] += 1
        assert html is None or html == stock(text)

    compare()
    return taken


def test_blocks_of_prose_are_as_the_library_has_them():
    taken = compared(ORDINARY, 700)
    assert taken[True] > taken[False]


def test_at_the_edges_of_the_grammar_as_well():
    taken = compared(EDGED, 400)
    assert all(taken[answer] > 40 for answer in (True, False))
