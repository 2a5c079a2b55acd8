"""What is said of ordinary prose without the library is what the library says, byte for byte."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from plugins.guard.html import Prose, clean_html
from plugins.guard.markdown import MARKDOWN
from plugins.guard.prose import prose_html

STOCK = Markdown(**MARKDOWN)

WORDS = ["Two words", "s b", "\xa0", *"a s word é 漢字 9 80s 1984 3.5 ¿Qué C# it's don't".split()]
STRESSED = ["*em*", "**strong**", "*two words*", "`code`", "` a_b *c* `", "*it's*", '**"x"**', "*a -- b...*"]
LINKS = [
    *("[text](/x/)", "[it's](https://example.org/a_b?c=d#e)", "[](/x)", '[a "b" c](x)'),
    '![a "b" c](p_1.jpg)',
]
# Marks that cross a link's, that nothing closes or opens, and that stand within quotation marks or hold them.
CROSSED = [
    *("**a [b**](x)", "[**a](x) b**", "[*a*](x)", "[`a_b`](x)", '[`a` "b" *c* -- d](x)', "*a [b](x) `c`*"),
    *("*a", "**a", "b*", "b**", "*a\nb*", "a**b", '"*a*"', "'**a**'", '"`a`"', "'[a](x)'", '**"a** b"'),
    *('"**a" b**', "*a*'s", "`a`'s", '**a "b**"', "[a *b](x) c* d *e*", "**a [b**](x) **c** *d*"),
]
PUNCTUATION = [*".,;:!?()–—-", "--", "---", "...", ". ", " 'a", ' "a', "b' ", 'b" ', "b'", 'b"']
SEAMS = [" "] * 8 + ["", "\n"]
# What the grammar ends at: with one of these, many a text is for the library.
EDGES = [
    *r"""* ** _ ` [ ] ]( ! # > | `` ---- .... ' " '" '' "" 's" < & &amp; \* = ~ +""".split(),
    *("- ", "> ", "1. ", "  ", "\t", "\r", "\x02", "\x0c", "\u2028", " \n", "\n\n"),
]

INLINE = st.sampled_from(WORDS) | st.sampled_from(STRESSED + LINKS) | st.sampled_from(PUNCTUATION)
MARKED = INLINE | st.sampled_from(CROSSED) | st.sampled_from(CROSSED) | st.sampled_from(["*", "**", '"', "'"])


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
    st.tuples(st.sampled_from(["###### ", "#", "> ", "-", "1. "]), LINE).map("".join),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "1. " + "\n2. ".join(lines)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"> {line}" for line in lines)),
)
GAPS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n\n\n", "\n\n\n\n"])
ORDINARY = st.lists(st.tuples(BLOCKS, GAPS), min_size=1, max_size=3).map(
    lambda pairs: "".join(map("".join, pairs))
)
# A list and a quotation among them: what crosses ends with a line there, or goes on in the next.
TANGLED = st.lists(joined(MARKED), min_size=1, max_size=3).flatmap(
    lambda texts: st.sampled_from(["\n\n", "\n", "\n- ", "\n2. ", "\n> "]).flatmap(
        lambda seam: st.sampled_from([seam.strip("\n").replace("2", "1") + seam.join(texts)])
    )
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


def test_marks_that_cross_are_as_the_library_has_them():
    taken = compared(TANGLED, 1_000)
    assert all(taken[answer] > 100 for answer in (True, False))


def test_at_the_edges_of_the_grammar_as_well():
    taken = compared(EDGED, 400)
    assert all(taken[answer] > 40 for answer in (True, False))


PROSE = [
    "It's \"so\" -- he said 'no'...\n\n# A C\n\n- *a*\n- b\n\n> c\n> d\n\n1. e\n2. f",
    "the '80s, rock 'n' roll, \"a 'b' c\", the cats' -- and a cat's --",
    '![a "b"](c.jpg) `a  b` [](x_y) **a**, (*b*) c*d*e',
    "\n\n\na \n\n\n\n\nb  \n\n",
    "1984 was\n3.5 times\n... as much",
    *("*a", "a* b", "'s", "*a\nb*", "[*a*](b)", '"*a*"', "'`a`'s", '"*a*" [b](c)\''),
    'Said **a [b**](x), *c* and so on.\n\n[**d](y) e**.\n\n- *f\n- g*\n- [`h`](z) **i "j**"',
    "# [a#b](c#d) `#`",
    '*a [b](c) `d*`* "**e" f**',
    "- a\n\n1. b\n\n- c\n\n> d\n\ne\n\n> f",
]
OTHER = [
    *("", "\n \n", "a < b", "AT&T", "a\\*", "a|b\n-|-", "a  \nb", "a\tb", "a\rb", "\x02klzzwxh:0000\x03"),
    *("`a\nb`", "_a_", "*a**b*", "***a***", "[a]", "[a][b]", "![*a*](b)", '[a](b "c")', "[a]: b"),
    *("**a *b* c**", "*a b**", "**a b*", "a * b", "* * *", "[a ![b](c)](d)", "[a_b](c)", "[*a**b*](c)"),
    *("- a\n\n- b", "> a\n\n> b", "> a\nb", "- a\nb", "- - a", "2. a", "* a", "+ a", " a", "    a"),
    *(
        "# a #",
        "#a",
        "a\n# b",
        "a\n> b",
        "a > b",
        "a\n===",
        "a\n--",
        "---",
        "- --",
        "- a\n- ---",
        "~~~\na\n~~~",
    ),
    *("\"'a' b\"", "''", "a cat's\".", "a ' b", 'a " b', '*a*" "b', "a9'9", '*a*" \nb', '–" a'),
]


@pytest.mark.parametrize("text", PROSE)
def test_what_is_known_here(text):
    assert prose_html(text) == stock(text)


@pytest.mark.parametrize("text", OTHER)
def test_what_is_left_to_the_library(text):
    assert prose_html(text) is None


@pytest.mark.parametrize("texts", [ORDINARY, TANGLED, EDGED], ids=["ordinary", "tangled", "edged"])
def test_prose_that_needs_no_cleaning_is_as_cleaning_leaves_it(texts):
    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts, st.sampled_from(["/stories/x/", "/a/stories/x/", "https://a.example/x/"]))
    def compare(text: str, place: str) -> None:
        html = prose_html(text)
        if html is not None:
            assert clean_html(Prose(html), place) == clean_html(html, place)

    compare()
