"""One photograph in every size and format that pages ask for: one decode, each size from the one before.

AVIF, and beside it JPEG; a drawing of few colours, or with transparency, gets PNG instead, since
JPEG puts halos round its lines. The largest of the photograph's own format takes its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from PIL import Image, features
from PIL import __version__ as pillow

from plugins.guard.photo import SUFFIXES, Upright, decode

from .formats import AVIF, JPEG, PNG, WEBP, Format, Sheet

WIDTHS = (480, 720, 960, 1280, 1920)
# A round face is 36 to 128 CSS pixels wide, on screens of one to three times as many.
FACES = (96, 192, 288)
DRAWN_COLOURS = 4096  # a photograph has tens of thousands
# What has been made is kept until this changes; raise the number where the result would.
VERSION = f"2 pillow {pillow} avif {features.version('avif')} jpeg {features.version('jpg')}"

# What a photograph stands on until it is there; `.ph-1` to `.ph-16` of the stylesheet.
PALETTE = (
    (0xF4, 0xD9, 0xC6), (0xCF, 0xE0, 0xD4), (0xD9, 0xD5, 0xEA), (0xF2, 0xE3, 0xB3),
    (0xC9, 0xDC, 0xE8), (0xF0, 0xD3, 0xD6), (0xF6, 0xF4, 0xF0), (0xC4, 0xBF, 0xB6),
    (0x8A, 0x86, 0x80), (0x4C, 0x4A, 0x47), (0x1E, 0x1D, 0x1C), (0x7A, 0x5A, 0x3E),
    (0xB4, 0x4A, 0x3A), (0x5E, 0x74, 0x4A), (0x4A, 0x6A, 0x8C), (0x24, 0x32, 0x4A),
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One file: its ending, its width in pixels, its bytes; `own` where it takes the photograph's name."""

    suffix: str
    width: int
    data: bytes = field(repr=False)
    own: bool = False


@dataclass(frozen=True)
class Made:
    """All that is made of one photograph; `placeholder` is the number of its palette class, 0 for none."""

    placeholder: int
    versions: tuple[Version, ...]


def make(raw: bytes, face: bool = False) -> Made:
    """Every size of one photograph; `face` adds the small ones. Raises PhotoRefused.

    No full-size copy is published: nothing on a page is wider than WIDTHS[-1], and a camera's
    twelve megapixels would take most of the time here and of the bytes there.
    """
    photo = decode(raw, WIDTHS[-1])
    transparent = photo.image.has_transparency_data
    formats = (AVIF, PNG if transparent or _drawn(photo) else JPEG)
    own = next(kind for kind in (AVIF, JPEG, PNG, WEBP) if kind.suffix == SUFFIXES[photo.format])
    versions: list[Version] = []
    for sheet in sheets(photo, widths_of(photo.width, face)):
        largest = not versions
        # In its own format too, where no page asks for it: feeds and old links have the name.
        kinds = (*formats, own) if largest and own not in formats else formats
        versions += [
            Version(kind.suffix, sheet.image.width, kind.save(sheet), largest and kind is own)
            for kind in kinds
        ]
    return Made(0 if transparent else nearest(sheet.image), tuple(reversed(versions)))


def cascade(photo: Upright, widths: Iterable[int], formats: Iterable[Format]) -> list[Version]:
    """One decoded photograph in some widths, the largest first, each in every format."""
    kinds = tuple(formats)
    return [
        Version(kind.suffix, sheet.image.width, kind.save(sheet))
        for sheet in sheets(photo, widths)
        for kind in kinds
    ]


def sheets(photo: Upright, widths: Iterable[int]) -> Iterator[Sheet]:
    """What is saved for each width, the largest first: each is made from the one before."""
    drawn = _drawn(photo)
    palette = photo.image if photo.image.mode == "P" else None
    step = photo.image
    if step.mode == "P":
        step = step.convert("RGBA" if step.has_transparency_data else "RGB")
        step.info = {}
    # The sharper filter rings at a drawing's lines.
    filter_ = Image.Resampling.HAMMING if drawn else Image.Resampling.LANCZOS
    for width in widths:
        if step.width != width:
            step = step.resize((width, max(1, round(photo.height * width / photo.width))), filter_)
        yield Sheet(step, photo.profile, drawn, palette)


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


def _drawn(photo: Upright) -> bool:
    return photo.format == "PNG" and (
        photo.image.mode == "P" or photo.image.getcolors(DRAWN_COLOURS) is not None
    )


def _pixels(image: Image.Image) -> list[tuple[int, ...]]:
    raw = image.tobytes()
    return [tuple(raw[at : at + 3]) for at in range(0, len(raw), 3)]
