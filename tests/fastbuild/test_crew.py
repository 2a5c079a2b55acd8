"""The crew: work done in order, here or in other processes; what goes wrong there is told here."""

from __future__ import annotations

import os

import pytest

from plugins.fastbuild.crew import AHEAD, Crew

from .jobs import double, slow, who, wrong


@pytest.fixture
def crew():
    crew = Crew()
    yield crew
    crew.close()


def test_answers_come_in_the_order_of_the_parcels(crew):
    parcels = [str(number).encode() for number in range(3 * AHEAD)]
    assert list(crew.each(double, parcels)) == [parcel * 2 for parcel in parcels]


def test_nothing_to_do_is_nothing(crew):
    assert list(crew.each(double, [])) == []


def test_one_parcel_is_worked_on_here_and_several_elsewhere(crew):
    here = str(os.getpid()).encode()
    assert list(crew.each(who, [b""])) == [here]
    assert here not in list(crew.each(who, [b"", b""]))
    assert here not in list(crew.each(who, [b""]))  # the workers are there already


def test_parcels_are_made_when_they_are_needed(crew):
    made = []

    def parcels():
        for number in range(4 * AHEAD):
            made.append(number)
            yield b"x"

    answers = crew.each(slow, parcels())
    next(answers)
    assert len(made) <= AHEAD + 2
    answers.close()


@pytest.mark.parametrize("count", [1, 5])
def test_what_the_work_raises_is_raised_here(crew, count):
    with pytest.raises(ValueError, match="wrong"):
        list(crew.each(wrong, [b"x"] * count))
    assert list(crew.each(double, [b"a", b"b"])) == [b"aa", b"bb"]


def test_what_goes_wrong_while_parcels_are_made_is_raised_here(crew):
    def parcels():
        yield from [b"a"] * 5
        raise OSError("unreadable")

    with pytest.raises(OSError, match="unreadable"):
        list(crew.each(slow, parcels()))
    assert list(crew.each(double, [b"a", b"b"])) == [b"aa", b"bb"]


def test_a_closed_crew_begins_again(crew):
    assert list(crew.each(double, [b"a", b"b"])) == [b"aa", b"bb"]
    crew.close()
    assert list(crew.each(double, [b"c", b"d"])) == [b"cc", b"dd"]
