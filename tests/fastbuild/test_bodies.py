"""Kept texts: each as it was given, or told to be gone."""

from __future__ import annotations

import sqlite3
from random import Random

import pytest

from plugins.fastbuild.bodies import Bodies

TEXTS = {bytes([number]) * 16: f"<p>Text {number} äöü</p>\n" * (number + 1) for number in range(40)}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "cache" / "bodies.sqlite"
    keep(path, TEXTS)
    return path


def keep(path, texts):
    bodies = Bodies(path)
    for key, text in texts.items():
        bodies[key] = text
    bodies.save(texts)
    bodies.close()


def found(path):
    """What is there, by key; a wrong text fails the test."""
    bodies = Bodies(path)
    there = {}
    for key in TEXTS:
        try:
            there[key] = bodies[key]
        except KeyError:
            continue
        assert there[key] == TEXTS[key]
    bodies.close()
    return there


def test_what_was_kept_comes_back(path):
    assert found(path) == TEXTS
    bodies = Bodies(path)
    assert bodies.keys() == set(TEXTS)
    bodies.close()


def test_what_is_not_saved_yet_is_at_hand(path):
    bodies = Bodies(path)
    bodies[b"new"] = "new"
    assert bodies[b"new"] == "new"
    with pytest.raises(KeyError):
        bodies[b"other"]
    bodies.close()
    assert found(path) == TEXTS


def test_what_nobody_wants_goes(path):
    bodies = Bodies(path)
    wanted = list(TEXTS)[:3]
    bodies.save(wanted)
    assert bodies.keys() == set(wanted)
    bodies.close()


@pytest.mark.parametrize("number", range(25))
def test_whatever_a_disk_altered_no_wrong_text_comes_back_and_saving_mends_it(path, number):
    chance, raw = Random(number), bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 5, 200])):
        raw[chance.randrange(len(raw))] ^= 1 + chance.randrange(255)
    path.write_bytes(raw[: chance.choice([len(raw), len(raw), len(raw) // 2, 50, 0])])
    bodies = Bodies(path)
    assert bodies.keys() is not None
    bodies.close()
    found(path)
    keep(path, TEXTS)
    keep(path, TEXTS)  # the first may have begun a new file
    assert found(path) == TEXTS


def test_a_text_altered_in_its_row_is_gone(path):
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE bodies SET body = 'altered' WHERE key = ?", (bytes([3]) * 16,))
        database.execute("UPDATE bodies SET body = x'ff' WHERE key = ?", (bytes([4]) * 16,))
    database.close()
    assert TEXTS.keys() - found(path).keys() == {bytes([3]) * 16, bytes([4]) * 16}
