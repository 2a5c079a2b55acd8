"""Photographs that break off, as uploads do: found without decoding, and nothing whole is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plugins.guard.photo import PhotoRefused, measure
from plugins.guard.whole import breaks_off
from plugins.stories import check_content


def saved(kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((90, 60), 50).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def with_thumbnail() -> Image.Exif:
    """EXIF holding another whole JPEG, as cameras write it, with an end of its own."""
    exif = Image.Exif()
    exif[0x927C] = saved("JPEG")
    return exif


WHOLE = {
    "JPEG": saved("JPEG"),
    "JPEG progressive": saved("JPEG", progressive=True),
    "JPEG with a thumbnail": saved("JPEG", exif=with_thumbnail()),
    "PNG": saved("PNG"),
    "WEBP": saved("WEBP"),
    "WEBP lossless": saved("WEBP", lossless=True),
    "WEBP with EXIF": saved("WEBP", exif=with_thumbnail()),
    "AVIF": saved("AVIF"),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("more", [b"", b"\0" * 40, b"a film\xff\xd8 and more", saved("JPEG")], ids=len)
def test_a_whole_file_is_whole_whatever_follows_it(name, more):
    raw = WHOLE[name] + (more if not name.startswith("AVIF") else b"")
    assert not breaks_off(io.BytesIO(raw), name.split()[0])


@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1))
def test_it_breaks_off_anywhere(name, part):
    raw = WHOLE[name]
    at = min(12 + int(part * (len(raw) - 12)), len(raw) - 2)
    assert breaks_off(io.BytesIO(raw[:at]), name.split()[0])


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]), st.binary(max_size=300))
def test_any_bytes_give_an_answer(kind, raw):
    assert breaks_off(io.BytesIO(raw), kind) in (True, False)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
def test_an_even_sheet_is_no_lie(options):
    out = io.BytesIO()
    Image.new("L", (4000, 3000)).save(out, "JPEG", quality=1, **options)
    assert not breaks_off(out, "JPEG", 12_000_000)
    assert breaks_off(out, "JPEG", 1_000 * 12_000_000)


def test_where_the_file_was_read_is_where_it_is_read_on():
    file = io.BytesIO(WHOLE["PNG"])
    file.seek(33)
    breaks_off(file, "PNG")
    assert file.tell() == 33


@pytest.mark.parametrize("name", WHOLE)
def test_what_breaks_off_is_refused_by_its_header_alone(tmp_path, name):
    kind = name.split()[0]
    file = tmp_path / f"x.{ {'JPEG': 'jpg'}.get(kind, kind.lower()) }"
    file.write_bytes(WHOLE[name])
    assert measure(file) == (90, 60)
    file.write_bytes(WHOLE[name][: len(WHOLE[name]) * 2 // 3])
    with pytest.raises(PhotoRefused, match=r"(Export|Send) "):
        measure(file)


def test_the_check_names_the_story_and_the_line_before_any_build(site):
    site.write("stories/a-test/photo.jpg", WHOLE["JPEG"][:2000])
    site.story(photos="{photo.jpg: {alt: A field, credit: Ruth Keel}}")
    assert [str(found) for found in check_content(site.content).findings] == [
        "content/stories/a-test/index.md:9: A photograph cannot be shown."
        " photo.jpg breaks off in the middle. Export it again and send that."
    ]
