"""Every size and format: what is made of a photograph, kept, shown and found again."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageDraw

from plugins.guard.finding import ContentRefused
from plugins.guard.photo import PhotoRefused, decode
from plugins.photos.derivatives import PALETTE, WIDTHS, cascade, make, nearest, widths_of
from plugins.photos.formats import JPEG, WEBP
from plugins.photos.picture import Picture, Source, picture_of, version_url

from .test_clean_photo import exif, saved

PHOTOS = "{photo.jpg: {alt: A field, credit: Ruth Keel}}"
PROFILE = b"a profile of colours" * 20


def field(width: int, height: int) -> Image.Image:
    noise = Image.effect_noise((width, height), 40).convert("RGB")
    return Image.blend(noise, Image.new("RGB", (width, height), (60, 110, 70)), 0.6)


def drawing() -> Image.Image:
    image = Image.new("RGB", (900, 900), "#d9d5ea")
    ImageDraw.Draw(image).ellipse((200, 200, 700, 700), fill="white", outline="black", width=12)
    return image


@pytest.mark.parametrize(
    ("own", "made"),
    [(300, [300]), (480, [480]), (1000, [1000, 960, 720, 480]), (4000, sorted(WIDTHS, reverse=True))],
)
def test_nothing_is_enlarged(own, made):
    assert widths_of(own) == made


def test_small_faces_have_small_files():
    assert widths_of(900, face=True) == [900, 720, 480, 288, 192, 96]


def test_versions_are_upright_and_tell_nothing():
    raw = saved(field(1000, 600), "JPEG", exif=exif(6), comment=b"SERIAL-12345", icc_profile=PROFILE)
    made = make(raw)
    sizes = {(version.suffix, version.width) for version in made.versions}
    assert sizes == {(suffix, width) for suffix in (".avif", ".jpg") for width in (480, 600)}
    for version in made.versions:
        image = Image.open(io.BytesIO(version.data))
        assert image.size == (version.width, round(version.width * 1000 / 600))
        assert not image.getexif()
        assert image.info["icc_profile"] == PROFILE
        assert "comment" not in image.info
        assert b"SERIAL" not in version.data


def owns(made):
    return [(version.suffix, version.width) for version in made.versions if version.own]


@pytest.mark.parametrize(
    ("kind", "mode", "own", "plain"),
    [
        ("JPEG", "RGB", ".jpg", ".jpg"),
        ("JPEG", "L", ".jpg", ".jpg"),
        ("JPEG", "CMYK", ".jpg", ".jpg"),
        ("PNG", "RGB", ".png", ".jpg"),
        ("PNG", "RGBA", ".png", ".png"),
        ("WEBP", "RGB", ".webp", ".jpg"),
        ("WEBP", "RGBA", ".webp", ".png"),
        ("AVIF", "RGB", ".avif", ".jpg"),
    ],
)
def test_its_own_name_holds_the_largest_of_its_own_format(kind, mode, own, plain):
    image = Image.merge("RGB", [Image.effect_noise((2100, 300), 90) for _ in range(3)]).convert(mode)
    if mode == "RGBA":
        image.putalpha(128)
    made = make(saved(image, kind))
    assert owns(made) == [(own, 1920)]
    for version in made.versions:
        image = Image.open(io.BytesIO(version.data))
        assert {".jpg": "JPEG"}.get(version.suffix, version.suffix[1:].upper()) == image.format
        assert image.size == (version.width, round(version.width * 300 / 2100))
    picture = picture_of(f"a/p{own}", 1, [(v.suffix, v.width, v.own) for v in made.versions])
    assert [source.type for source in picture.sources] == [
        "image/avif",
        "image/jpeg" if plain == ".jpg" else "image/png",
    ]
    assert all([width for _, width in source.files] == sorted(WIDTHS) for source in picture.sources)


def test_a_small_one_is_saved_once_a_format():
    made = make(saved(field(300, 200), "JPEG"))
    assert [(v.suffix, v.width, v.own) for v in made.versions] == [(".jpg", 300, True), (".avif", 300, False)]
    sources = (
        Source("image/avif", (("a/p.300.avif", 300),)),
        Source("image/jpeg", (("a/p.jpg", 300),)),
    )
    assert picture_of("a/p.jpg", 3, [(".jpg", 300, True), (".avif", 300, False)]) == Picture(sources, "ph-3")


def test_a_large_photograph_on_its_side_is_read_small_and_stands_upright():
    image = Image.new("RGB", (4200, 3000), (20, 120, 60))
    image.paste((255, 0, 0), (0, 0, 400, 400))
    photo = decode(saved(image, "JPEG", exif=exif(6)), 1400)
    assert (photo.width, photo.height, photo.image.size) == (3000, 4200, (1500, 2100))
    corner = photo.image.getpixel((1490, 5))
    assert corner[0] > 180
    assert corner[1] < 90


def test_no_reading_is_smaller_than_what_is_asked_for():
    raw = saved(field(1000, 800), "JPEG")
    sizes = {width: decode(raw, width).image.width for width in (2000, 1000, 501, 500, 251, 250, 1)}
    assert sizes == {2000: 1000, 1000: 1000, 501: 1000, 500: 500, 251: 500, 250: 250, 1: 125}


def test_other_formats_and_widths_come_from_the_same_cascade():
    made = cascade(decode(saved(field(1000, 600), "JPEG"), 960), (960, 480), (JPEG, WEBP))
    assert [(version.suffix, version.width) for version in made] == [
        (".jpg", 960),
        (".webp", 960),
        (".jpg", 480),
        (".webp", 480),
    ]


def test_a_profile_of_shades_does_not_stay_with_colours():
    shades = PROFILE[:16] + b"GRAY" + PROFILE[20:]
    image = Image.new("LA", (60, 40), (90, 128))
    assert decode(saved(image, "PNG", icc_profile=shades)).profile is None
    assert decode(saved(image.convert("L"), "PNG", icc_profile=shades)).profile == shades


def test_a_drawing_s_transparent_colour_stays_one():
    image = drawing().quantize(16)
    see_through = image.getpixel((450, 450))
    made = make(saved(image, "PNG", transparency=see_through))
    largest = next(version for version in made.versions if version.own)
    again = Image.open(io.BytesIO(largest.data))
    assert again.mode == "P"
    assert again.convert("RGBA").getpixel((450, 450))[3] == 0
    assert again.convert("RGBA").getpixel((5, 5))[3] == 255


def test_the_same_bytes_each_time():
    raw = saved(field(700, 500), "JPEG")
    assert make(raw) == make(raw)


def test_a_drawing_keeps_its_colours_and_gets_no_jpeg():
    for image in (drawing(), drawing().quantize(32)):
        made = make(saved(image, "PNG"))
        assert {version.suffix for version in made.versions} == {".avif", ".png"}
        smallest = next(v for v in made.versions if v.suffix == ".png" and v.width == 480)
        assert Image.open(io.BytesIO(smallest.data)).convert("RGB").getpixel((5, 5)) == (0xD9, 0xD5, 0xEA)


def test_transparency_stays_and_has_no_placeholder():
    image = Image.new("RGBA", (600, 400), (10, 20, 30, 0))
    made = make(saved(image, "PNG"))
    assert made.placeholder == 0
    for version in made.versions:
        assert Image.open(io.BytesIO(version.data)).convert("RGBA").getpixel((9, 9))[3] == 0


@pytest.mark.parametrize("number", range(1, len(PALETTE) + 1))
def test_a_placeholder_is_the_nearest_class(number):
    assert nearest(Image.new("RGB", (40, 30), PALETTE[number - 1])) == number


def test_every_placeholder_is_in_the_stylesheet(site):
    site.build()
    css = site.page("theme/site.css")
    for number, colour in enumerate(PALETTE, 1):
        assert ".ph-{} {{ background-color: #{:02x}{:02x}{:02x}; }}".format(number, *colour) in css


def test_too_large_is_refused_before_it_is_decoded():
    with pytest.raises(PhotoRefused, match="megapixels"):
        make(saved(Image.new("L", (9_100, 9_010)), "JPEG"))


def test_pages_show_pictures_with_avif_first(site):
    site.write("stories/a-test/photo.jpg", saved(field(1000, 600), "JPEG"))
    site.story(body="![x]({attach}photo.jpg)\n", photos=PHOTOS, cover="photo.jpg")
    site.build()
    page = site.page("stories/a-test/")
    pictures = re.findall(r"<picture>.*?</picture>", page, re.DOTALL)
    ours = [picture for picture in pictures if "a-test/photo.jpg" in picture]
    assert len(ours) == 2
    for picture in ours:
        assert picture.index("image/avif") < picture.index("<img")
        assert "/stories/a-test/photo.480.avif 480w, /stories/a-test/photo.720.avif 720w" in picture
        assert "/stories/a-test/photo.480.jpg 480w" in picture
        assert 'width="1000" height="600"' in picture
        assert picture.count("sizes=") == 2
        assert re.search(r'class="[^"]*\bph-\d+', picture)
        assert "style=" not in picture
    feed = site.page("feeds/all.atom.xml")
    assert "photo.jpg" in feed
    assert "srcset" not in feed
    for url in re.findall(r"/(stories/a-test/\S+?) \d+w", page):
        assert (site.output / url).is_file()


def test_many_photographs_are_made_in_other_processes_alike(site):
    names = [f"photo{number}.jpg" for number in range(5)]
    for number, name in enumerate(names):
        site.write(f"stories/a-test/{name}", saved(field(500 + number, 400), "JPEG"))
    notes = ", ".join(f"{name}: {{alt: A field, credit: Ruth Keel}}" for name in names)
    site.story(photos=f"{{{notes}}}")
    site.build()
    for name in names:
        raw = (site.content / "stories/a-test" / name).read_bytes()
        for version in make(raw).versions:
            url = version_url(f"stories/a-test/{name}", version.suffix, version.width, version.own)
            assert (site.output / url).read_bytes() == version.data


def test_one_broken_photograph_among_many_is_named(site):
    for number in range(5):
        raw = saved(field(500, 400), "JPEG")
        site.write(f"stories/a-test/p{number}.jpg", raw[: len(raw) // 2] if number == 3 else raw)
    notes = ", ".join(f"p{number}.jpg: {{alt: A field, credit: Ruth Keel}}" for number in range(5))
    site.story(photos=f"{{{notes}}}")
    with pytest.raises(ContentRefused, match=r"stories/a-test/index\.md:9: .*p3\.jpg"):
        site.build()


def test_two_photographs_that_differ_by_their_ending_are_named(site):
    site.write("stories/a-test/p.jpg", saved(field(50, 40), "JPEG"))
    site.write("stories/a-test/p.png", saved(field(50, 40), "PNG"))
    site.story(photos="{p.jpg: {alt: A, credit: B}, p.png: {alt: A, credit: B}}")
    with pytest.raises(ContentRefused, match=r"index\.md:9: The photograph p\.png .*Rename one"):
        site.build()
