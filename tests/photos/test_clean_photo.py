"""Photographs as people send them: what is taken out, what stays, what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from plugins.guard.photo import PhotoRefused, clean_photo, measure

SIZE = (40, 30)
SECRET = b"SECRET"


def picture(mode: str = "RGB") -> Image.Image:
    """Wider than high, red in its top left corner."""
    image = Image.new("RGB", SIZE, (40, 90, 160))
    image.paste((255, 0, 0), (0, 0, 10, 10))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "SECRET maker"
    found[0x927C] = SECRET
    found.get_ifd(0x8825).update({1: "N", 2: (51.0, 28.0, 0.0), 29: "SECRET"})
    return found


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SECRET</x:xmpmeta>'
PNG_TEXT = PngImagePlugin.PngInfo()
PNG_TEXT.add_text("Author", "SECRET")
PNG_TEXT.add_itxt("XML:com.adobe.xmp", "SECRET")
TOLD = {
    "JPEG": {"exif": exif(), "comment": SECRET, "xmp": XMP},
    "PNG": {"exif": exif(), "pnginfo": PNG_TEXT},
    "WEBP": {"exif": exif(), "xmp": XMP},
    "AVIF": {"exif": exif(), "xmp": XMP},
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_a_camera_tells_is_gone(kind):
    raw = saved(picture(), kind, **TOLD[kind])
    assert SECRET in raw
    photo = clean_photo(io.BytesIO(raw))
    assert (photo.format, photo.width, photo.height) == (kind, *SIZE)
    assert SECRET not in photo.data
    image = opened(photo.data)
    assert not image.getexif()
    assert not {"exif", "xmp", "comment", "XML:com.adobe.xmp", "Author", "photoshop"} & set(image.info)


@pytest.mark.parametrize("kind", TOLD)
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_it_stands_upright_as_it_was_held(tmp_path, kind, orientation):
    raw = saved(picture(), kind, exif=exif(orientation))
    file = tmp_path / f"x{ {'JPEG': '.jpg'}.get(kind, '.' + kind.lower()) }"
    file.write_bytes(raw)
    photo = clean_photo(io.BytesIO(raw))
    assert (photo.width, photo.height) == measure(file)
    assert (photo.width > photo.height) == (orientation == 3)
    corner = {3: (-1, -1), 6: (-1, 0), 8: (0, -1)}[orientation]
    place = (corner[0] % photo.width, corner[1] % photo.height)
    red, green, _ = opened(photo.data).convert("RGB").getpixel(place)
    assert red > 180
    assert green < 90


@pytest.mark.parametrize("kind", TOLD)
def test_the_colour_profile_stays(kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = clean_photo(io.BytesIO(saved(picture(), kind, icc_profile=profile)))
    assert opened(photo.data).info["icc_profile"] == profile


def test_a_drawing_keeps_its_few_colours_and_its_transparency():
    image = picture().quantize(4)
    see_through = image.getpixel((0, 0))
    photo = clean_photo(io.BytesIO(saved(image, "PNG", transparency=see_through)))
    again = opened(photo.data)
    assert again.mode == "P"
    assert again.convert("RGBA").getpixel((0, 0))[3] == 0
    assert again.convert("RGBA").getpixel((39, 29))[3] == 255


def test_transparency_of_every_kind_stays():
    image = picture("RGBA")
    image.putpixel((0, 0), (1, 2, 3, 0))
    for raw in (
        saved(image, "PNG"),
        saved(image, "WEBP", lossless=True),
        saved(image.convert("LA"), "PNG"),
        saved(picture(), "PNG", transparency=(255, 0, 0)),
    ):
        assert opened(clean_photo(io.BytesIO(raw)).data).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("image", "kind"),
    [(picture("1"), "PNG"), (picture("L"), "PNG"), (picture("L"), "JPEG"), (picture("CMYK"), "JPEG")],
    ids=["1-bit PNG", "grey PNG", "grey JPEG", "CMYK JPEG"],
)
def test_other_modes_become_what_browsers_show(image, kind):
    again = opened(clean_photo(io.BytesIO(saved(image, kind))).data)
    assert again.mode in ("L", "RGB")
    want = image.convert("RGB").getpixel((35, 25))
    assert all(abs(a - b) < 12 for a, b in zip(again.convert("RGB").getpixel((35, 25)), want, strict=True))


def test_sixteen_bits_a_channel_are_no_white_sheet():
    raw = saved(Image.new("I;16", SIZE, 0x8000), "PNG")
    assert abs(opened(clean_photo(io.BytesIO(raw)).data).convert("L").getpixel((5, 5)) - 128) <= 1


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
def test_of_a_moving_picture_the_first_stays(kind):
    raw = saved(picture(), kind, save_all=True, append_images=[Image.new("RGB", SIZE)], duration=100)
    again = opened(clean_photo(io.BytesIO(raw)).data)
    assert getattr(again, "n_frames", 1) == 1
    assert again.convert("RGB").getpixel((2, 2))[0] > 180


def test_a_phone_s_two_pictures_in_one_jpeg_are_the_first(tmp_path):
    raw = saved(picture(), "MPO", save_all=True, append_images=[picture()])
    photo = clean_photo(io.BytesIO(raw))
    assert (photo.format, photo.suffix, opened(photo.data).format) == ("JPEG", ".jpg", "JPEG")
    (tmp_path / "x.jpg").write_bytes(raw)
    assert measure(tmp_path / "x.jpg") == SIZE


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10))
        + chunk(b"IEND", b"")
    )


GOOD = saved(picture(), "JPEG")
BAD = {
    "GIF": saved(picture("P"), "GIF"),
    "TIFF": saved(picture(), "TIFF"),
    "BMP": saved(picture(), "BMP"),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "nothing": b"",
    "truncated JPEG": GOOD[: len(GOOD) // 2],
    "truncated PNG": saved(Image.effect_noise(SIZE, 50), "PNG")[:400],
    "truncated WebP": saved(picture(), "WEBP")[:60],
    "truncated AVIF": saved(picture(), "AVIF")[:200],
    "82 megapixels": png_of(10_000, 8_200),
    "a billion pixels": png_of(2**30, 1),
    "a text that unfolds": png_of(40, 30, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 80_000_000, 1))),
    "a broken palette": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 3, 0, 0, 0)),
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_refused(raw):
    with pytest.raises(PhotoRefused, match=r"(Send|Export) "):
        clean_photo(io.BytesIO(raw))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_its_size_is_looked_at_before_it_is_decoded(monkeypatch, tmp_path, kind):
    raw = saved(Image.new("1" if kind == "PNG" else "L" if kind == "JPEG" else "RGB", (7_100, 7_100)), kind)
    file = tmp_path / f"x.{ {'JPEG': 'jpg'}.get(kind, kind.lower()) }"
    file.write_bytes(raw)

    def load(self):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    monkeypatch.setattr("PIL.WebPImagePlugin.WebPImageFile.load", load)
    for look in (lambda: clean_photo(io.BytesIO(raw)), lambda: measure(file)):
        with pytest.raises(PhotoRefused, match="7100 x 7100"):
            look()


LYING = {
    "x.jpg": ("PNG", "x.png"),
    "x.png": ("JPEG", "x.jpg"),
    "x.webp": ("AVIF", "x.avif"),
    "x.jpeg": ("WEBP", "x.webp"),
}


@pytest.mark.parametrize("name", LYING)
def test_a_name_that_says_another_format_is_refused(tmp_path, name):
    kind, right = LYING[name]
    (tmp_path / name).write_bytes(saved(picture(), kind))
    with pytest.raises(PhotoRefused, match=f"{name} is a {kind} in truth. Name it {right}."):
        measure(tmp_path / name)


EVERY = [saved(picture(), kind, **TOLD[kind]) for kind in TOLD]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(EVERY),
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=8),
    st.integers(1, 900),
)
def test_a_broken_file_is_refused_and_nothing_else_happens(tmp_path, raw, changes, length):
    data = bytearray(raw)
    for place, value in changes:
        data[place % len(data)] = value
    file = tmp_path / "x.jpg"
    file.write_bytes(data[:length] if length < 450 else data)
    for look in (lambda: clean_photo(io.BytesIO(file.read_bytes())), lambda: measure(file)):
        try:
            look()
        except PhotoRefused:
            continue
