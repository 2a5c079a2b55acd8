"""The formats that photographs are saved in: one line each in its settings, one in the table."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from plugins.guard.photo import transparency


@dataclass(frozen=True)
class Sheet:
    """One size of a photograph before it is saved.

    `drawn` where it has few colours; `palette` is the picture that had the palette, if one had.
    """

    image: Image.Image
    profile: bytes | None
    drawn: bool = False
    palette: Image.Image | None = None


@dataclass(frozen=True)
class Format:
    """The ending and the media type of a format, and how a sheet becomes its bytes."""

    suffix: str
    type: str
    save: Callable[[Sheet], bytes]


# Measured on two photographs of twelve megapixels, at all five widths. Speed 8 takes 0.5 to 1.2 CPU
# seconds, 6 takes 2.3 to 2.7 and its files are 4 to 7 % smaller (0.3 dB better at that); speed 9
# takes 0.35, and its files are 9 to 17 % larger. A file is made once and read by everybody.
# At 60 it shows about what JPEG does at 80, in 55 to 65 % of the bytes.
def _avif(sheet: Sheet) -> bytes:
    # One thread: the processes are as many as the cores already.
    words: dict[str, Any] = {"quality": 60, "speed": 8, "max_threads": 1}
    if sheet.drawn:
        words["subsampling"] = "4:4:4"  # or red lines would bleed
    return _saved(sheet.image, "AVIF", icc_profile=sheet.profile or b"", **words)


def _jpeg(sheet: Sheet) -> bytes:
    return _saved(sheet.image, "JPEG", quality=80, progressive=True, optimize=True, icc_profile=sheet.profile)


def _webp(sheet: Sheet) -> bytes:
    return _saved(sheet.image, "WEBP", quality=80, icc_profile=sheet.profile)


def _png(sheet: Sheet) -> bytes:
    image, words = sheet.image, dict[str, Any]()
    if sheet.palette is not None and sheet.palette.size == image.size:
        image = sheet.palette  # as it came, with what it lets shine through
        words = transparency(image)
    elif sheet.drawn and image.mode == "RGB":
        few: dict[str, Any] = {"colors": 128} if sheet.palette is None else {"palette": sheet.palette}
        image = image.quantize(dither=Image.Dither.NONE, **few)
        image.info = {}
    return _saved(image, "PNG", optimize=True, icc_profile=sheet.profile, **words)


def _saved(image: Image.Image, kind: str, **words: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **words)
    return out.getvalue()


AVIF = Format(".avif", "image/avif", _avif)
JPEG = Format(".jpg", "image/jpeg", _jpeg)
PNG = Format(".png", "image/png", _png)
WEBP = Format(".webp", "image/webp", _webp)
