"""Where a story sounds like advertising, whatever the case and wherever in it."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.stories import promotion
from plugins.stories.promotion import promotion_hints

WORDS = st.one_of(
    st.from_regex(promotion._SELLING, fullmatch=True).map(lambda words: words[:80]),
    st.sampled_from(
        ["now", "order", "special", "world", "class", "code", "% off", "9% off", "a", "é", "\u017f"]
    ),
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "-", ""])), max_size=6).map(
    lambda pairs: "".join(map("".join, pairs))
)


def hints(body: str) -> list[tuple[int, str]]:
    file, document = SimpleNamespace(shown="a.md"), SimpleNamespace(body=body, body_line=5)
    return [(finding.line, finding.message) for finding in promotion_hints(file, document)]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("AN UNBEATABLE\nmoney-back")
@example("cla\u017f\u017f\nworld-cla\u017f\u017f and l\u0131mited t\u0130me")
def test_a_line_is_hinted_at_where_the_pattern_finds_it(body):
    rows = enumerate(body.split("\n"), start=5)
    found = [(line, promotion._SELLING.search(row)) for line, row in rows]
    assert hints(body) == [
        (line, f"{match[0]!r} sounds like advertising.") for line, match in found if match is not None
    ]


def test_a_story_that_sells_nothing_is_left_alone():
    assert hints("I limited the time\nof the special, now and then.") == []
