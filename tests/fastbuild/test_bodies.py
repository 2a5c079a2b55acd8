"""Kept texts: each as it was given, or told to be gone."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.fastbuild.bodies import Bodies

TEXTS = {bytes([number]) * 16: f"<p>Text {number} äöü</p>\n" * (number + 1) for number in range(40)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "bodies"


@pytest.fixture
def places(path):
    return put(path, TEXTS)


def put(path, texts):
    bodies = Bodies(path)
    places = {key: bodies.put(key, text) for key, text in texts.items()}
    bodies.flush()
    bodies.close()
    return places


def found(path, places):
    """What is there, by key; a wrong text fails the test."""
    bodies = Bodies(path)
    there = {}
    for key, place in places.items():
        try:
            there[key] = bodies.get(key, place)
        except KeyError:
            continue
        assert there[key] == TEXTS[key]
    bodies.close()
    return there


def test_what_was_kept_comes_back(path, places):
    assert found(path, places) == TEXTS


@given(st.lists(st.text()))
def test_any_texts_come_back_before_they_are_written_and_after(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("any") / "bodies"
    bodies = Bodies(path)
    places = [bodies.put(b"key", text) for text in texts]
    for _ in range(2):
        assert [bodies.get(b"key", place) for place in places] == texts
        bodies.close()


def test_what_comes_later_stands_beside_what_was_there(path, places):
    new = put(path, {b"new": "new"})
    bodies = Bodies(path)
    assert bodies.get(b"new", new[b"new"]) == "new"
    bodies.close()
    assert found(path, places) == TEXTS


def test_a_key_and_a_place_that_do_not_belong_together_are_told(path, places):
    bodies = Bodies(path)
    one, other = list(places)[:2]
    offset, length = places[one]
    for key, place in [
        (one, places[other]),
        (other, places[one]),
        (one, (offset, length - 1)),
        (one, (bodies.size, 99)),
    ]:
        with pytest.raises(KeyError):
            bodies.get(key, place)
    bodies.close()


def test_a_new_file_has_what_is_wanted_and_no_more(path, places):
    bodies = Bodies(path)
    wanted = list(TEXTS)[5:20:3]
    kept = bodies.begin_anew([places[key] for key in wanted])
    assert [bodies.get(key, place) for key, place in zip(wanted, kept, strict=True)] == [
        TEXTS[key] for key in wanted
    ]
    assert bodies.size == sum(length for _, length in kept) == path.stat().st_size
    assert bodies.begin_anew() == []
    assert bodies.size == 0
    bodies.close()
    assert [path] == list(path.parent.iterdir())


@pytest.mark.parametrize("number", range(25))
def test_whatever_a_disk_altered_no_wrong_text_comes_back_and_others_can_be_put(path, places, number):
    chance, raw = Random(number), bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 5, 200])):
        raw[chance.randrange(len(raw))] ^= 1 + chance.randrange(255)
    path.write_bytes(raw[: chance.choice([len(raw), len(raw), len(raw) // 2, 50, 0])])
    assert found(path, places) != TEXTS
    bodies = Bodies(path)
    wanted = dict(zip(places, bodies.begin_anew(places.values()), strict=True))
    bodies.close()
    assert found(path, wanted) != TEXTS
    assert found(path, put(path, TEXTS)) == TEXTS


def test_a_text_that_was_cut_is_gone_and_those_before_it_are_not(path, places):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1)
    assert TEXTS.keys() - found(path, places).keys() == {list(TEXTS)[-1]}
