"""The cheap look for what is too heavy misses nothing that the expressions find."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.guard import weight
from plugins.guard.text import body_text, one_line
from plugins.guard.weight import MAX_INDENT, MAX_OPEN, MAX_RUN, MAX_SPACES, too_heavy

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
COUNTS = st.sampled_from(
    [1, 2, MAX_OPEN, MAX_OPEN + 1, MAX_INDENT - 1, MAX_INDENT, MAX_INDENT + 1]
) | st.integers(MAX_RUN - 2, MAX_RUN + 2)
RUNS = st.builds(
    lambda mark, count: mark * count, st.sampled_from(["*", "-", " ", "\t", " \t", "a", "é", "\n"]), COUNTS
)
TEXTS = st.lists(RUNS | st.sampled_from(["[", "]", "](", ")", "<", ">", "word", "\n"]), max_size=12).map(
    "".join
)


@QUICK
@given(TEXTS)
def test_runs_and_spaces_are_found_where_they_are(text):
    expected = [
        (found.start(), begins)
        for rule, begins in (
            (weight._RUN, "The mark "),
            (weight._SPACES, f"There are more than {MAX_SPACES} spaces"),
            (weight._INDENT, f"A line is indented by more than {MAX_INDENT}"),
        )
        if (found := rule.search(text))
    ]
    found = [(place, message) for place, message, _ in weight._patterns(text)]
    assert [place for place, _ in found[: len(expected)]] == [place for place, _ in expected]
    assert all(message.startswith(begins) for (_, message), (_, begins) in zip(found, expected, strict=False))
    assert all("within each other" in message for _, message in found[len(expected) :])


@QUICK
@given(st.lists(st.sampled_from("[]x"), max_size=90).map("".join))
def test_one_bracket_too_many_is_told_where_it_opens(text):
    deepest, depth, expected = 0, 0, None
    for place, mark in enumerate(text):
        depth = depth + 1 if mark == "[" else max(0, depth - (mark == "]"))
        deepest = max(deepest, depth)
        if depth > MAX_OPEN and expected is None:
            expected = place
    found = [place for place, message, _ in too_heavy(text) if "are not closed" in message]
    assert found == ([] if expected is None else [expected])


@QUICK
@given(
    st.text(st.characters(codec=None) | st.sampled_from("\u3164\u034f\xa0\xad\u200d\u200bé👩क"), max_size=30)
)
def test_a_text_passed_at_once_holds_nothing_hidden(text):
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown = all(unicodedata.category(mark) not in hidden for mark in text)
    blank = any(mark in text for mark in "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
    if shown and not blank:
        assert body_text(text) == text
        assert one_line(text) == " ".join(text.split())
    elif blank:
        assert body_text(text) != text
