"""Photographs of a built site: clean copies beside the pages, and those that cannot be shown."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from plugins.guard.finding import ContentRefused
from plugins.stories import check_content

from .test_clean_photo import SECRET, SIZE, TOLD, exif, picture, saved

PHOTOS = "{photo.jpg: {alt: A field, credit: Ruth Keel}}"


def test_what_is_published_tells_nothing(site):
    site.write("stories/a-test/photo.jpg", saved(picture(), "JPEG", **TOLD["JPEG"] | {"exif": exif(6)}))
    site.write("people/ivo-marsh.png", saved(picture(), "PNG", **TOLD["PNG"]))
    site.story(body="![x]({attach}photo.jpg)\n", photos=PHOTOS, cover="photo.jpg")
    site.build()
    for path in site.output.rglob("*"):
        assert not path.is_file() or SECRET not in path.read_bytes(), path
    image = Image.open(io.BytesIO((site.output / "stories/a-test/photo.jpg").read_bytes()))
    assert image.size == (SIZE[1], SIZE[0])
    assert 'width="30" height="40"' in site.page("stories/a-test/")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (saved(picture(), "PNG"), "photo.jpg is a PNG in truth. Name it photo.png."),
        (b"<svg onload=alert(1)/>", "photo.jpg is no JPEG, PNG, WebP or AVIF photograph."),
        (b"", "photo.jpg is no JPEG"),
        (saved(Image.new("L", (7_100, 7_100)), "JPEG"), "photo.jpg has 7100 x 7100 pixels."),
    ],
    ids=["another format", "a drawing", "nothing", "too large"],
)
def test_the_check_says_what_is_no_photograph(site, raw, says):
    site.write("stories/a-test/photo.jpg", raw)
    site.story(photos=PHOTOS)
    found = check_content(site.content).findings
    assert [(f.path, f.line) for f in found] == [("content/stories/a-test/index.md", 9)]
    assert says in str(found[0])


def test_a_portrait_that_is_none_is_refused(site):
    site.write("people/ivo-marsh.png", saved(picture(), "JPEG"))
    with pytest.raises(ContentRefused, match=r"content/people/ivo-marsh.md:4: .*Name it ivo-marsh.jpg"):
        site.build()


def test_a_photograph_that_breaks_off_stops_the_build_before_it_writes(site):
    site.build()
    before = {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()}
    noise = saved(Image.effect_noise((400, 300), 60), "JPEG")
    site.write("stories/a-test/photo.jpg", noise[: len(noise) // 2])
    site.story(photos=PHOTOS)
    with pytest.raises(ContentRefused, match=r"a-test/index.md:9: .*photo.jpg.*Export it again"):
        site.build()
    assert {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()} == before
