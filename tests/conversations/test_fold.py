"""Long threads: what stays in sight, what is folded, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.conversations.fold import ANSWERS, HELD_OPEN, NAMED, THREAD, fold
from plugins.conversations.thread import flat, nest
from tests.conversations.test_thread import comment, threads


def talk(count, answers=0):
    """So many top-level comments, each with so many answers, a minute apart."""
    said = []
    for number in range(count):
        minute = number * (answers + 1)
        said.append(comment(f"q{number}", minute=minute))
        said += [comment(f"q{number}a{n}", f"q{number}", minute=minute + n + 1) for n in range(answers)]
    return nest(said)


def test_a_short_thread_is_in_sight():
    (only,) = fold(talk(THREAD.long), ())
    assert not only.folded
    assert len(only.comments) == THREAD.long


def test_of_a_long_one_the_middle_is_folded_and_says_who_speaks_in_it():
    found = talk(100)
    first, middle, last = fold([replace(one, author=f"Ann {one.id[-1]}") for one in found], ())
    assert [stretch.folded for stretch in (first, middle, last)] == [False, True, False]
    assert (len(first.comments), len(last.comments)) == (THREAD.first, THREAD.last)
    assert middle.names == ("Ann 6", "Ann 7", "Ann 8")
    assert middle.others
    assert (middle.first, middle.last) == (found[6].published, found[90].published)


def test_who_waits_stays_in_sight():
    found = talk(100)
    waits = {found[40].anchor, found[41].anchor}
    stretches = fold(found, waits)
    assert [stretch.folded for stretch in stretches] == [False, True, False, True, False]
    assert {one.anchor for one in stretches[2].comments} == waits
    everybody = fold(found, {one.anchor for one in found})
    assert [stretch.folded for stretch in everybody] == [False, True, False]
    assert len(found) > HELD_OPEN


def test_answers_are_folded_sooner_than_questions():
    (question,) = talk(1, answers=20)
    (whole,) = fold((question,), ())
    assert not whole.folded
    assert [stretch.folded for stretch in fold(question.replies, (), 1)] == [False, True, False]
    assert not fold(question.replies[: ANSWERS.long], (), 1)[0].folded


def test_what_was_taken_away_names_nobody():
    found = [replace(one, gone=True, author="") for one in talk(100)]
    (_, middle, _) = fold(found, ())
    assert middle.names == ()


@settings(deadline=None)
@given(threads, st.sets(st.integers(0, 10)), st.integers(0, 1))
def test_every_comment_is_there_once_and_in_its_order(said, waiting, depth):
    comments = nest([replace(one, id=f"{one.id}-{place}") for place, one in enumerate(said * 3)])
    anchors = [one.anchor for one in flat(comments)]
    waits = {anchors[place] for place in waiting if place < len(anchors)}
    stretches = fold(comments, waits, depth)
    assert tuple(one for stretch in stretches for one in stretch.comments) == comments
    assert all(len(stretch.names) <= NAMED for stretch in stretches)
    assert not any(one.folded and two.folded for one, two in pairwise(stretches))
