"""Photographs are made elsewhere, in little memory; what cannot be made is told by the story's line."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from plugins.guard.finding import ContentRefused
from plugins.guard.photo import PhotoRefused
from plugins.photos import making
from plugins.photos.derivatives import Made, make
from plugins.photos.making import make_all
from tests.photos import jobs

from .test_clean_photo import chunk, picture, png_of, saved

SMALL = saved(picture(), "JPEG")


@pytest.fixture(scope="module")
def unfolding() -> bytes:
    """Fifty megapixels in 150 KB: as many as a photograph may have."""
    return saved(Image.new("RGB", (10_000, 5_000)), "PNG")


def told(site, raw: bytes, name: str = "photo.png") -> str:
    site.write(f"stories/a-test/{name}", raw)
    site.story(photos=f"{{{name}: {{alt: A field, credit: Ruth Keel}}}}")
    with pytest.raises(ContentRefused) as refused:
        site.build()
    return str(refused.value)


def test_where_there_is_nothing_to_make_no_process_is_started(monkeypatch):
    monkeypatch.setattr(making, "executor", None)
    assert list(make_all(iter([]))) == []


def test_one_small_photograph_is_made_in_another_process_too(monkeypatch):
    monkeypatch.setattr(making, "make", jobs.where)
    [(name, made)] = make_all([("a", SMALL, False)])
    assert name == "a"
    assert isinstance(made, Made)
    assert made.versions[0].width != os.getpid()


def test_all_come_back_with_their_names(monkeypatch):
    monkeypatch.setattr(making, "READY", 3)
    monkeypatch.setattr(making, "READY_BYTES", 2 * len(SMALL))
    begun = []

    def work():
        for name in range(9):
            begun.append(name)
            yield name, SMALL if name != 4 else SMALL[:300], False

    got = {}
    for name, made in make_all(work()):
        assert len(begun) - len(got) <= 4
        got[name] = made
    assert got.pop(4).startswith("The photograph is broken")
    assert got == dict.fromkeys([0, 1, 2, 3, 5, 6, 7, 8], make(SMALL))


def test_the_largest_that_is_allowed_can_be_made(unfolding):
    [(_, made)] = make_all([("a", unfolding, False)])
    assert isinstance(made, Made)


def test_what_takes_more_memory_than_it_may_is_told_and_the_next_is_made(unfolding, monkeypatch):
    monkeypatch.setattr(making, "MEMORY", 400_000_000)
    got = dict(make_all([("large", unfolding, False), ("small", SMALL, False)]))
    assert "memory" in got["large"]
    assert isinstance(got["small"], Made)


def test_a_decoder_that_asks_for_too_much_is_told(monkeypatch):
    monkeypatch.setattr(making, "make", jobs.unfold)
    assert dict(make_all([("a", b"12", False)])) == {"a": making.TOO_MUCH}


def test_a_photograph_that_unfolds_is_told_by_its_story_and_line(site, unfolding, monkeypatch):
    monkeypatch.setattr(making, "MEMORY", 400_000_000)
    said = told(site, unfolding)
    assert said.startswith("content/stories/a-test/index.md:9: The photograph photo.png cannot be shown. ")
    assert "memory" in said


def test_a_photograph_that_ends_its_process_is_told_by_its_story_and_line(site, monkeypatch):
    site.build()
    monkeypatch.setattr(making, "make", jobs.die)
    said = told(site, SMALL, "photo.jpg")
    assert said.startswith("content/stories/a-test/index.md:9: The photograph photo.jpg cannot be shown. ")
    assert "ended its process" in said


LYING = {
    "a header of 40 by 30 before ten bytes of pixels": png_of(40, 30),
    "pixels of another checksum": saved(picture(), "PNG").replace(b"IDAT", b"IDAT\0", 1)[:-13]
    + chunk(b"IEND", b""),
    "a palette that is missing": saved(picture().quantize(4), "PNG").replace(b"PLTE", b"pLTE"),
}


@pytest.mark.parametrize("raw", LYING.values(), ids=LYING)
def test_a_file_whose_header_lies_is_told_by_its_story_and_line(site, raw):
    with pytest.raises(PhotoRefused):
        make(raw)
    assert told(site, raw).startswith("content/stories/a-test/index.md:9: ")


def test_a_jpeg_whose_header_lies_is_told_by_its_story_and_line(site):
    """48 megapixels by its header, and a few bytes of them."""
    at = SMALL.index(b"\xff\xc0") + 5
    raw = SMALL[:at] + (6_000).to_bytes(2, "big") + (8_000).to_bytes(2, "big") + SMALL[at + 4 :]
    with pytest.raises(PhotoRefused, match="breaks off"):
        make(raw)
    assert told(site, raw, "photo.jpg").startswith("content/stories/a-test/index.md:9: ")
