"""One photograph in every size and format that pages ask for: one decode, each size from the one before.

AVIF, and beside it JPEG; a drawing of few colours, or with transparency, gets PNG instead, since
JPEG puts halos round its lines.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, features
from PIL import __version__ as pillow

from plugins.guard.photo import clean_photo

WIDTHS = (480, 720, 960, 1280, 1920)
# A round face is 36 to 128 CSS pixels wide, on screens of one to three times as many.
FACES = (96, 192, 288)
DRAWN_COLOURS = 4096  # a photograph has tens of thousands
# What has been made is kept until this changes; raise the number where the result would.
VERSION = f"1 pillow {pillow} avif {features.version('avif')} jpeg {features.version('jpg')}"

# What a photograph stands on until it is there; `.ph-1` to `.ph-16` of the stylesheet.
PALETTE = (
    (0xF4, 0xD9, 0xC6), (0xCF, 0xE0, 0xD4), (0xD9, 0xD5, 0xEA), (0xF2, 0xE3, 0xB3),
    (0xC9, 0xDC, 0xE8), (0xF0, 0xD3, 0xD6), (0xF6, 0xF4, 0xF0), (0xC4, 0xBF, 0xB6),
    (0x8A, 0x86, 0x80), (0x4C, 0x4A, 0x47), (0x1E, 0x1D, 0x1C), (0x7A, 0x5A, 0x3E),
    (0xB4, 0x4A, 0x3A), (0x5E, 0x74, 0x4A), (0x4A, 0x6A, 0x8C), (0x24, 0x32, 0x4A),
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One file: its ending, its width in pixels, its bytes."""

    suffix: str
    width: int
    data: bytes


@dataclass(frozen=True)
class Made:
    """All that is made of one photograph; `placeholder` is the number of its palette class, 0 for none."""

    clean: bytes
    placeholder: int
    versions: tuple[Version, ...]


def make(raw: bytes, face: bool = False) -> Made:
    """Every size of one photograph; `face` adds the small ones. Raises PhotoRefused."""
    photo = clean_photo(io.BytesIO(raw))
    clean = photo.data
    image: Image.Image = Image.open(io.BytesIO(clean), formats=[photo.format])
    widths = widths_of(image.width, face)
    profile = image.info.get("icc_profile")
    palette = image if image.mode == "P" else None
    drawn = photo.format == "PNG" and (palette is not None or image.getcolors(DRAWN_COLOURS) is not None)
    height = -(-image.height * widths[0] // image.width)
    image.draft(None, (widths[0], height))  # a JPEG decodes at a half or a quarter for less
    transparent = image.has_transparency_data
    step = image.convert("RGBA" if transparent else "RGB")
    step.info = {}
    lossless = drawn or transparent
    # The sharper filter rings at a drawing's lines.
    filter_ = Image.Resampling.HAMMING if drawn else Image.Resampling.LANCZOS
    versions = []
    for width in widths:
        if step.width != width:
            step = step.resize((width, max(1, round(photo.height * width / photo.width))), filter_)
        versions.append(Version(".avif", width, _avif(step, drawn, profile)))
        if lossless:
            versions.append(Version(".png", width, _png(step, palette, drawn, profile)))
        else:
            versions.append(Version(".jpg", width, _jpeg(step, profile)))
    return Made(clean, 0 if transparent else nearest(step), tuple(reversed(versions)))


def widths_of(own: int, face: bool = False) -> list[int]:
    """The widths to make, the largest first: never enlarged, and a small picture's own one too."""
    asked = (*FACES, *WIDTHS) if face else WIDTHS
    return sorted({width for width in asked if width < own} | {min(own, WIDTHS[-1])}, reverse=True)


def nearest(image: Image.Image) -> int:
    """The number of the palette's colour that most of the picture is nearest to."""
    votes = [0] * len(PALETTE)
    for pixel in _pixels(image.resize((16, 16), Image.Resampling.BOX).convert("RGB")):
        distances = [sum((a - b) ** 2 for a, b in zip(pixel, colour, strict=True)) for colour in PALETTE]
        votes[distances.index(min(distances))] += 1
    return votes.index(max(votes)) + 1


def _pixels(image: Image.Image) -> list[tuple[int, ...]]:
    raw = image.tobytes()
    return [tuple(raw[at : at + 3]) for at in range(0, len(raw), 3)]


def _avif(image: Image.Image, drawn: bool, profile: bytes | None) -> bytes:
    # One thread: the processes are as many as the cores already.
    words: dict[str, Any] = {"quality": 60, "speed": 6, "max_threads": 1, "icc_profile": profile or b""}
    return _saved(image, "AVIF", subsampling="4:4:4" if drawn else "4:2:0", **words)


def _jpeg(image: Image.Image, profile: bytes | None) -> bytes:
    return _saved(image, "JPEG", quality=80, progressive=True, optimize=True, icc_profile=profile)


def _png(image: Image.Image, palette: Image.Image | None, drawn: bool, profile: bytes | None) -> bytes:
    if drawn and image.mode == "RGB":
        few = {"palette": palette} if palette is not None else {"colors": 128}
        image = image.quantize(dither=Image.Dither.NONE, **few)
        image.info = {}
    return _saved(image, "PNG", optimize=True, icc_profile=profile)


def _saved(image: Image.Image, kind: str, **words: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **words)
    return out.getvalue()
