"""Photographs at the form: cleaned at once, limited, and never a reason to lose what was written."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, features

from plugins.guard.heic import readable
from plugins.submissions.photographs import called

from .teller import MAKER, photograph, upload

WORDS = {"alt-1": "A bench", "credit-1": "Greta"}


def sent(teller, data, name="bench.jpg"):
    teller.tell(**{"photo-1": upload(data, name)}, **WORDS)
    return teller.faults()


def heic(size=(64, 48)):
    if not readable():
        pytest.skip("pillow-heif is not installed: pip install pillow-heif")
    return photograph("HEIF", size)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_place_and_no_maker_stay_in_any_format(teller, kind):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("Pillow was built without AVIF.")
    raw = photograph(kind)
    assert MAKER.encode() in raw
    assert not sent(teller, raw, f"bench.{kind.lower()}")
    teller.confirm()
    (photo,) = teller.sent().photos
    assert MAKER.encode() not in photo.data
    with Image.open(io.BytesIO(photo.data)) as image:
        assert image.format == kind
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(0x8825) == {}


def test_a_heic_photograph_becomes_a_jpeg_without_its_place(teller):
    raw = heic()
    assert MAKER.encode() in raw
    assert not sent(teller, raw, "IMG_0001.HEIC")
    teller.confirm()
    (photo,) = teller.sent().photos
    with Image.open(io.BytesIO(photo.data)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))
        assert dict(image.getexif()) == {}
    assert MAKER.encode() not in photo.data


def test_the_page_offers_what_this_installation_reads(teller):
    teller.tell(name="")
    assert ("HEIC" in teller.page) is readable()


def test_heic_is_refused_with_what_to_do_where_nothing_reads_it(teller, monkeypatch):
    raw = heic()
    monkeypatch.setattr("plugins.submissions.photographs.limited", lambda work, parcel, limits: work(parcel))
    monkeypatch.setattr("plugins.guard.photo.readable", lambda: False)
    assert "Export it as JPEG" in sent(teller, raw, "IMG_0001.HEIC")["photo-1"]


def test_a_jpeg_comment_and_a_thumbnail_do_not_stay(teller):
    raw = photograph(comment=b"HOME: Sallow Lane 3")
    assert b"HOME" in raw
    assert not sent(teller, raw)
    teller.confirm()
    assert b"HOME" not in teller.sent().photos[0].data


def bomb():
    """A PNG of 100 megapixels in a few kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1251 * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        pytest.param(bomb, "bomb.png", "megapixels", id="a bomb"),
        pytest.param(lambda: photograph()[:-200], "half.jpg", "breaks off", id="half a photograph"),
        pytest.param(lambda: b"<svg onload='alert(1)'/>", "x.svg", "no JPEG", id="SVG"),
        pytest.param(lambda: b"<?php system($_GET[0]); ?>", "x.jpg", "no JPEG", id="PHP by another name"),
        pytest.param(lambda: b"GIF89a" + b"\x00" * 100, "x.gif", "no JPEG", id="GIF"),
        pytest.param(lambda: b"Options +Indexes", ".htaccess", "no JPEG", id="htaccess"),
        pytest.param(lambda: b"", "empty.jpg", "no JPEG", id="nothing"),
        pytest.param(lambda: b"\xff\xd8" + b"x" * 30_000_000, "big.jpg", "30 MB", id="too large"),
    ],
)
def test_what_is_no_photograph_is_said_beside_it_and_all_else_stays(teller, data, name, says):
    faults = sent(teller, data(), name)
    assert list(faults) == ["photo-1"]
    assert says in faults["photo-1"]
    assert name in faults["photo-1"]
    assert teller.fields()["alt-1"] == "A bench"
    teller.again(**{"photo-1": upload(photograph())})
    assert teller.status == 200


def test_what_is_no_photograph_is_said_in_the_language_of_the_page(teller):
    teller.tell(page="es", **{"photo-1": upload(b"no", "dos.jpg")}, **WORDS)
    assert teller.faults()["photo-1"].startswith("dos.jpg no es una fotografía JPEG")


def test_one_bad_photograph_loses_no_good_one(teller):
    files = {
        "photo-1": upload(photograph(), "one.jpg"),
        "photo-2": upload(b"no", "two.jpg"),
        "photo-3": upload(photograph(), "three.jpg"),
    }
    teller.tell(**files, **{f"{name}-{place}": "Words" for name in ("alt", "credit") for place in (1, 2, 3)})
    assert list(teller.faults()) == ["photo-2"]
    assert "one.jpg is here already" in teller.page
    assert "three.jpg is here already" in teller.page


@pytest.mark.parametrize("field", ["photo-7", "photo-0", "photo", "file", "photo-1/../../x"])
def test_files_that_the_form_has_no_place_for_are_left_out(teller, field):
    teller.tell(**{field: upload(photograph())})
    assert "6 photographs at most" in teller.faults()["photo-1"]
    assert not list(teller.site.drafts.folder.glob("*/photo-*"))


def test_a_file_is_known_by_its_own_name_and_lies_under_ours(teller):
    teller.tell(name="", **{"photo-1": upload(photograph(), "../../../etc/<b>pass\u202ewd.jpg")})
    assert "&lt;b&gt;passwd.jpg is here already" in teller.page
    (kept,) = teller.site.drafts.folder.glob("*/photo-*")
    assert kept.name.startswith("photo-1-")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("C:\\fakepath\\a.jpg", "a.jpg"), ("/etc/passwd", "passwd"), ("", "photograph"), (None, "photograph")],
)
def test_only_the_last_part_of_a_name_is_kept(name, shown):
    assert called(name) == shown
    assert len(called("x" * 500)) == 80


def test_a_drafts_photograph_shows_to_whoever_has_its_number(teller):
    teller.tell(name="", **{"photo-1": upload(photograph())}, **WORDS)
    address = teller.page.partition('src="/submit/photo/')[2].partition('"')[0]
    answer = teller.client.get(f"/photo/{address}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert teller.client.get(f"/photo/{address.rpartition('/')[0]}/draft.json").status_code == 404
    assert teller.client.get(f"/photo/x{address}").status_code == 404
