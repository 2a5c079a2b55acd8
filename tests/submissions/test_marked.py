"""Two texts side by side: nothing of either is lost, and only what differs is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.submissions.marked import marked

words = st.lists(st.sampled_from(["it", "rained", "and", "Walt", "came"]), max_size=8).map(" ".join)
texts = st.lists(words, max_size=5).map("\n\n".join)


def side(rows, name):
    paragraphs = [" ".join(piece.text for piece in getattr(row, name)) for row in rows]
    return "\n\n".join(filter(None, paragraphs))


def test_only_what_differs_is_marked():
    rows = marked("It rained all day.\n\nWalt came.", "It rained.\n\nWalt came.\n\nHe stayed.")
    assert [row.changed for row in rows] == [True, False, True]
    assert [(piece.text, piece.changed) for piece in rows[0].before] == [
        ("It", False),
        ("rained all day.", True),
    ]
    assert [(piece.text, piece.changed) for piece in rows[0].after] == [("It", False), ("rained.", True)]
    assert rows[2].before == ()


def test_paragraphs_that_are_alike_stand_beside_each_other():
    before = "One of us came.\n\nThe belt went in the night.\n\nWe had it running by six."
    after = "The belt went at night.\n\nNobody slept after that.\n\nWe had it running by six, with tea."
    rows = marked(before, after)
    pairs = [(side([row], "before"), side([row], "after")) for row in rows]
    assert pairs == [
        ("One of us came.", ""),
        ("The belt went in the night.", "The belt went at night."),
        ("", "Nobody slept after that."),
        ("We had it running by six.", "We had it running by six, with tea."),
    ]


def test_very_many_paragraphs_take_no_minutes():
    before = "\n\n".join(f"It rained on day {day}." for day in range(400))
    rows = marked(before, before.replace("rained", "poured"))
    assert side(rows, "after").split() == before.replace("rained", "poured").split()


def test_another_way_to_break_lines_changes_nothing():
    assert not [row for row in marked("It\nrained.", "It rained.") if row.changed]


@given(texts, texts)
def test_both_texts_are_there_whole(before, after):
    rows = marked(before, after)
    assert side(rows, "before").split() == before.split()
    assert side(rows, "after").split() == after.split()
    if before.split("\n\n") == after.split("\n\n"):
        assert not [row for row in rows if row.changed]
