"""Somebody else's photograph: its size checked before it is loaded, its metadata gone."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from plugins import FirsthandError

MAX_PIXELS = 50_000_000
MAX_BYTES = 30_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
# What a file may be called for each format it may hold.
NAMED = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}


# What Pillow raises for files that are broken in one way or another (found by mutating good ones).
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)


HEIC = "This is a HEIC photograph, as iPhones make them. Export it as JPEG."
_HEIC_BEGINS = re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)


class PhotoRefused(FirsthandError):
    """A file that cannot be shown as a photograph, and why."""


@dataclass(frozen=True)
class Photo:
    """A cleaned photograph: upright, without metadata but the colour profile."""

    data: bytes
    format: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The file name's ending for the format, with its dot."""
        return SUFFIXES[self.format]


@dataclass(frozen=True)
class Photograph:
    """A photograph as a page shows it; `url` is the path on the site without a leading slash."""

    url: str
    width: int
    height: int
    alt: str
    credit: str = ""
    focal: str = ""
    source: Path | None = field(default=None, compare=False)


def clean_photo(source: BinaryIO) -> Photo:
    """Read, check and save again without metadata (GPS, serial numbers, comments, thumbnails).

    Raises PhotoRefused for what is no JPEG, PNG, WebP or AVIF, is broken, has more than
    50 megapixels or 30 MB. The size is checked before any pixel is decoded: an 82-megapixel
    WebP of 146 KB takes 1.6 GB otherwise.
    """
    raw = source.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PhotoRefused(f"The file has more than {MAX_BYTES // 1_000_000} MB. Send a smaller one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which goes anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(raw), formats=FORMATS)
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise PhotoRefused(
                    f"The photograph has {width} x {height} pixels, more than"
                    f" {MAX_PIXELS // 1_000_000} megapixels. Send a smaller one."
                )
            image.load()
            return _saved_again(image, _format(image))
    except UnidentifiedImageError as error:
        if _HEIC_BEGINS.match(raw):
            raise PhotoRefused(HEIC) from error
        raise PhotoRefused("The file is no JPEG, PNG, WebP or AVIF photograph. Send one of these.") from error
    except _BROKEN as error:
        raise PhotoRefused(f"The photograph is broken ({error}). Export it again and send that.") from error


def measure(path: Path) -> tuple[int, int]:
    """Width and height as the photograph will be shown, from its header alone.

    Raises PhotoRefused as `clean_photo` does, and for a name that says another format.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PhotoRefused(f"{path.name} has more than {MAX_BYTES // 1_000_000} MB. Make it smaller.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise PhotoRefused(f"{path.name} has {width} x {height} pixels. Make it smaller.")
                if (kind := _format(image)) != NAMED.get(path.suffix.lower(), kind):
                    # A server tells a browser the format by the name, and it must not be a guess.
                    raise PhotoRefused(
                        f"{path.name} is a {kind} in truth. Name it {path.stem}{SUFFIXES[kind]}."
                    )
                # After the size: a PNG's EXIF may lie behind its pixels, which are decoded then.
                turned = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    except UnidentifiedImageError as error:
        with path.open("rb") as file:
            heic = _HEIC_BEGINS.match(file.read(12))
        other = f"{path.name} is no JPEG, PNG, WebP or AVIF photograph. Send one of these."
        raise PhotoRefused(HEIC if heic else other) from error
    except _BROKEN as error:
        message = f"{path.name} is no JPEG, PNG, WebP or AVIF photograph. Send one of these."
        raise PhotoRefused(message) from error
    return (height, width) if turned else (width, height)


def _format(image: Image.Image) -> str:
    """The format; several pictures in one JPEG (MPO, as many phones save it) are the first of them."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _saved_again(image: Image.Image, kind: str) -> Photo:
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):
        # 16 bits a channel: converted as it is, everything above 255 of 65,535 becomes white.
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = kind != "JPEG" and (upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info)
    mode = "RGBA" if has_alpha else "L" if upright.mode in ("1", "L") else "RGB"
    if upright.mode == "P" and kind == "PNG":
        clean = _palette_copy(upright)
    else:
        converted = upright.convert(mode)
        # A new image: saving the old one again would keep a JPEG's comment.
        clean = Image.new(mode, converted.size)
        clean.paste(converted)
        if upright.mode == "CMYK":
            profile = None  # it described the ink, not the light
    out = io.BytesIO()
    if kind == "JPEG":
        clean.save(out, "JPEG", quality=88, progressive=True, optimize=True, icc_profile=profile)
    elif kind == "PNG":
        clean.save(out, "PNG", optimize=True, icc_profile=profile, **_transparency(clean))
    else:
        clean.save(out, kind, quality=85, icc_profile=profile)
    return Photo(out.getvalue(), kind, clean.width, clean.height)


def _transparency(image: Image.Image) -> dict[str, Any]:
    return {"transparency": image.info["transparency"]} if "transparency" in image.info else {}


def _palette_copy(image: Image.Image) -> Image.Image:
    """The same few colours, so that a drawing stays as small as it was."""
    copy = Image.frombytes("P", image.size, image.tobytes())
    copy.putpalette(image.getpalette() or [])
    if "transparency" in image.info:
        copy.info["transparency"] = image.info["transparency"]
    return copy
