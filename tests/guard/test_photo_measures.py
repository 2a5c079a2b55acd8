"""A photograph's size is read once, and again only where the file may be another one."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plugins.guard import photo, seen
from plugins.guard.photo import PhotoRefused, known_measures, measure, remember_measures
from plugins.guard.seen import TICK, Stamp, stamp


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A photograph, and a process that has seen none and whose disk's clock is exact."""
    monkeypatch.setattr(photo, "_measured", {})
    monkeypatch.setattr(photo, "_asked", set())
    monkeypatch.setattr(seen, "TICK", 0)
    path = tmp_path / "x.png"
    Image.new("RGB", (40, 30)).save(path)
    return path


@pytest.fixture
def opened(monkeypatch):
    """The photographs that are opened from here on."""
    found = []
    real = photo._measure
    monkeypatch.setattr(photo, "_measure", lambda path, size: found.append(path.name) or real(path, size))
    return found


def test_an_unchanged_file_is_opened_once(file, opened):
    assert [measure(file), measure(file)] == [(40, 30)] * 2
    assert opened == ["x.png"]


def test_another_process_need_not_open_it_either(file, opened, monkeypatch):
    measure(file)
    kept = known_measures()
    monkeypatch.setattr(photo, "_measured", {})
    monkeypatch.setattr(photo, "_asked", set())
    remember_measures(kept)
    assert measure(file) == (40, 30)
    assert opened == ["x.png"]
    assert known_measures() == kept


def test_a_file_of_the_same_size_and_time_is_another_one(file):
    measure(file)
    before = file.stat()
    raw = file.read_bytes()
    Image.new("RGB", (30, 40)).save(file)
    file.write_bytes(file.read_bytes()[: len(raw)].ljust(len(raw), b"\0"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert measure(file) == (30, 40)


def test_a_file_that_is_none_any_more_is_refused(file):
    measure(file)
    file.write_bytes(b"<svg/>")
    with pytest.raises(PhotoRefused):
        measure(file)
    file.unlink()
    with pytest.raises(PhotoRefused):
        measure(file)


def test_what_changed_just_before_it_was_read_is_not_trusted():
    old, fresh = Stamp(9, 5, 5, 1, 6 + TICK), Stamp(9, 5, 6, 1, 6 + TICK)
    assert old.stands(Stamp(9, 5, 5, 1, 10 * TICK))
    assert not fresh.stands(Stamp(9, 5, 6, 1, 10 * TICK))
    assert not old.stands(Stamp(9, 5, 5, 2, 10 * TICK))


def test_a_file_just_written_is_not_trusted(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"1")
    assert not stamp(file).stands(stamp(file))


def test_only_what_was_asked_for_is_told_to_the_next(file):
    measure(file)
    measure(file.with_name("x.png"))
    remember_measures(json.dumps({"/gone/y.png": [[1, 2, 3, 4, 5], 6, 7]}).encode())
    assert list(json.loads(known_measures())) == [str(file)]


ANY = st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda some: st.lists(some, max_size=6))


@given(
    st.binary(max_size=50) | st.dictionaries(st.text(max_size=3), ANY).map(lambda it: json.dumps(it).encode())
)
def test_what_makes_no_sense_is_passed_over(raw):
    remember_measures(raw)
    assert json.loads(known_measures()) is not None
