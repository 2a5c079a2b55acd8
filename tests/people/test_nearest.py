"""Whom a slug that nobody has may have meant."""

import pytest

from plugins.people import did_you_mean, nearest

KNOWN = {"mara-lind": "mara-lind", "marie-linde": "marie-linde", "walt-okafor": "walt-okafor"}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("mara-lindt", ["mara-lind", "marie-linde"]),
        ("okafor", ["walt-okafor"]),
        ("xyz", []),
        ("", []),
    ],
)
def test_the_nearest_come_first_and_strangers_not_at_all(written, found):
    assert nearest(written, KNOWN) == found


def test_a_person_with_two_ways_to_write_them_is_named_once():
    assert nearest("mara-lint", {"mara-lind": "mara-lind", "mara-linth": "mara-lind"}) == ["mara-lind"]


def test_the_question_names_them_all():
    assert did_you_mean(["mara-lind"]) == "Did you mean mara-lind?"
    assert did_you_mean(["mara-lind", "walt-okafor"]) == "Did you mean mara-lind or walt-okafor?"
