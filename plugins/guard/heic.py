"""HEIC photographs, as iPhones make them: read where the package pillow-heif is installed (extra `heic`)."""

from __future__ import annotations

import io
import re
from functools import cache

from PIL import Image

HEIC = "This is a HEIC photograph, as iPhones make them. Export it as JPEG."
FORMAT = "HEIF"
_BEGINS = re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)


def is_heic(raw: bytes) -> bool:
    """True for a file that says it is HEIC."""
    return _BEGINS.match(raw) is not None


@cache
def readable() -> bool:
    """True where this installation can read them; Pillow knows the format from then on."""
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener(thumbnails=False)
    return True


def open_heic(raw: bytes) -> Image.Image:
    """The photograph, not decoded yet. Raises what Pillow raises for a broken one."""
    return Image.open(io.BytesIO(raw), formats=[FORMAT])
