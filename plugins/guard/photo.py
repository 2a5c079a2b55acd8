"""Somebody else's photograph: its size checked before it is loaded, its metadata gone."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from plugins import FirsthandError

from .heic import FORMAT as HEIF
from .heic import HEIC, is_heic, open_heic, readable
from .seen import Stamp, stamp
from .whole import breaks_off

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


_TURNED = frozenset([5, 6, 7, 8])  # what EXIF calls a camera held on its side


Why = Literal["kind", "heic", "bytes", "pixels", "memory", "broken"]


class PhotoRefused(FirsthandError):
    """A file that cannot be shown as a photograph, and why: for editors in words, for others by `why`."""

    def __init__(self, words: str, why: Why = "broken") -> None:
        super().__init__(words)
        self.why: Why = why


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


@dataclass(frozen=True)
class Upright:
    """A decoded photograph as it was held, without what a camera wrote into it but the colour profile.

    Its mode is L, RGB or RGBA, or P for a PNG of few colours; `width` and `height` are those of the
    whole file, of which `image` may be a smaller reading.
    """

    image: Image.Image
    format: str
    profile: bytes | None
    width: int
    height: int


def clean_photo(source: BinaryIO, heic: bool = False) -> Photo:
    """Read, check and save again without metadata (GPS, serial numbers, comments, thumbnails).

    With `heic` a HEIC photograph becomes a JPEG, where this installation can read one.
    Raises PhotoRefused as `decode` does.
    """
    photo = decode(source.read(MAX_BYTES + 1), heic=heic)
    words: dict[str, Any] = {"icc_profile": photo.profile}
    if photo.format == "JPEG":
        words |= {"quality": 88, "progressive": True, "optimize": True}
    elif photo.format == "PNG":
        words |= {"optimize": True, **transparency(photo.image)}
    else:
        words |= {"quality": 85}
    out = io.BytesIO()
    photo.image.save(out, photo.format, **words)
    return Photo(out.getvalue(), photo.format, photo.width, photo.height)


def decode(raw: bytes, width: int = 0, heic: bool = False) -> Upright:
    """The photograph in a file's bytes. Where nothing wider than `width` is needed, a JPEG is read at
    a half, a quarter or an eighth of its size for less.

    Raises PhotoRefused for what is no JPEG, PNG, WebP or AVIF, is broken, has more than
    50 megapixels or 30 MB. The size is checked before any pixel is decoded: an 82-megapixel
    WebP of 146 KB takes 1.6 GB otherwise.
    """
    if len(raw) > MAX_BYTES:
        raise PhotoRefused(
            f"The file has more than {MAX_BYTES // 1_000_000} MB. Send a smaller one.", "bytes"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which goes anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            as_heic = heic and is_heic(raw) and readable()
            image: Image.Image = open_heic(raw) if as_heic else Image.open(io.BytesIO(raw), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise PhotoRefused(
                    f"The photograph has {image.width} x {image.height} pixels, more than"
                    f" {MAX_PIXELS // 1_000_000} megapixels. Send a smaller one.",
                    "pixels",
                )
            if not as_heic and breaks_off(io.BytesIO(raw), _format(image), image.width * image.height):
                raise PhotoRefused("The photograph breaks off in the middle. Export it again and send that.")
            return _upright(image, width)
    except UnidentifiedImageError as error:
        if is_heic(raw):
            raise PhotoRefused(HEIC, "heic") from error
        message = "The file is no JPEG, PNG, WebP or AVIF photograph. Send one of these."
        raise PhotoRefused(message, "kind") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        most = MAX_PIXELS // 1_000_000
        message = f"The photograph has more than {most} megapixels. Send a smaller one."
        raise PhotoRefused(message, "pixels") from error
    except MemoryError as error:
        message = "It takes more memory than a photograph may. Send a smaller one."
        raise PhotoRefused(message, "memory") from error
    except _BROKEN as error:
        raise PhotoRefused(f"The photograph is broken ({error}). Export it again and send that.") from error


_measured: dict[str, tuple[Stamp, int, int]] = {}  # of this process, by path
_asked: set[str] = set()


def measure(path: Path) -> tuple[int, int]:
    """Width and height as the photograph will be shown, from its header alone; remembered.

    Raises PhotoRefused as `decode` does, for a name that says another format, and for a file that
    breaks off.
    """
    name = str(path)
    try:
        now = stamp(name)
        known = _measured.get(name)
        if known is None or not known[0].stands(now):
            known = _measured[name] = (now, *_measure(path, now.size))
    except UnidentifiedImageError as error:
        with path.open("rb") as file:
            heic = is_heic(file.read(12))
        other = f"{path.name} is no JPEG, PNG, WebP or AVIF photograph. Send one of these."
        raise PhotoRefused(HEIC if heic else other) from error
    except _BROKEN as error:
        message = f"{path.name} is no JPEG, PNG, WebP or AVIF photograph. Send one of these."
        raise PhotoRefused(message) from error
    _asked.add(name)
    return known[1:]


def known_measures() -> bytes:
    """What this process measured or was asked for, for `remember_measures` of a later one."""
    return json.dumps({name: _measured[name] for name in sorted(_asked)}, indent=0).encode()


def remember_measures(data: bytes) -> None:
    """Take over what another process knew; what makes no sense is left out, and measured again."""
    try:
        for name, (known, width, height) in json.loads(data).items():
            _measured[str(name)] = Stamp(*map(int, known)), int(width), int(height)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return


def _measure(path: Path, size: int) -> tuple[int, int]:
    if size > MAX_BYTES:
        raise PhotoRefused(f"{path.name} has more than {MAX_BYTES // 1_000_000} MB. Make it smaller.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with path.open("rb") as file, Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise PhotoRefused(f"{path.name} has {width} x {height} pixels. Make it smaller.")
            if (kind := _format(image)) != NAMED.get(path.suffix.lower(), kind):
                # A server tells a browser the format by the name, and it must not be a guess.
                raise PhotoRefused(f"{path.name} is a {kind} in truth. Name it {path.stem}{SUFFIXES[kind]}.")
            if breaks_off(file, kind, width * height):
                raise PhotoRefused(f"{path.name} breaks off in the middle. Export it again and send that.")
            # After the size: a PNG's EXIF may lie behind its pixels, which are decoded then.
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) in _TURNED
    return (height, width) if turned else (width, height)


def _format(image: Image.Image) -> str:
    """What it becomes; several pictures in one JPEG (MPO, as many phones save it) are the first of them."""
    return "JPEG" if image.format in ("MPO", HEIF) else str(image.format)


def _upright(image: Image.Image, needed: int) -> Upright:
    kind, profile = _format(image), image.info.get("icc_profile")
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) in _TURNED
    width, height = reversed(image.size) if turned else image.size
    if 0 < needed < width:
        image.draft(None, (1, needed) if turned else (needed, 1))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "P" and kind == "PNG":
        return Upright(_palette_copy(image), kind, profile, width, height)
    if image.mode == "CMYK":
        profile = None  # it described the ink, not the light
    if image.mode.startswith("I"):
        # 16 bits a channel: converted as it is, everything above 255 of 65,535 becomes white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = kind != "JPEG" and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
    # A new image in any case: saving the old one again would keep a JPEG's comment.
    clean = image.convert("RGBA" if has_alpha else "L" if image.mode in ("1", "L") else "RGB")
    clean.info = {}
    if profile and profile[16:20] == b"GRAY" and clean.mode != "L":
        profile = None  # of shades, not of colours (ICC.1, 7.2.8)
    return Upright(clean, kind, profile, width, height)


def transparency(image: Image.Image) -> dict[str, Any]:
    """What a picture with a palette lets shine through, as Pillow wants to be told of it."""
    return {"transparency": image.info["transparency"]} if "transparency" in image.info else {}


def _palette_copy(image: Image.Image) -> Image.Image:
    """The same few colours, so that a drawing stays as small as it was."""
    copy = Image.frombytes("P", image.size, image.tobytes())
    copy.putpalette(image.getpalette() or [])
    copy.info.update(transparency(image).items())
    return copy
