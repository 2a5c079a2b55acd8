"""Whether a picture of the output opens, and how large it is."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from xml.parsers.expat import ExpatError

from PIL import Image

from .tree import read_tree

SUFFIXES = frozenset([".avif", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"])

# All that Pillow and expat raise for a file that is not what its name says.
_FAILURES = (
    OSError,
    SyntaxError,
    ExpatError,
    Warning,
    Image.DecompressionBombError,
    EOFError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
_ORIENTATION = 0x0112
_TURNED = frozenset([5, 6, 7, 8])

Size = tuple[int, int]


def measure(path: Path) -> Size | None:
    """Width and height in pixels as a browser shows them; None for a drawing. Raises ValueError with why."""
    try:
        if path.suffix.lower() == ".svg":
            if not read_tree(path.read_bytes()).name.endswith("svg"):
                raise ValueError("it is no drawing")
            return None
        # Pillow warns of a size that looks like an attack; a site must not carry such a file either.
        with warnings.catch_warnings(action="error"):
            with Image.open(path) as image:
                image.verify()  # leaves an image that cannot be asked anything else
            with Image.open(path) as image:
                width, height = image.size
                turned = image.getexif().get(_ORIENTATION) in _TURNED
        return (height, width) if turned else (width, height)
    except _FAILURES as error:
        raise ValueError(str(error).split(": line ")[0] or type(error).__name__) from error


def agrees(told: Size, real: Size) -> bool:
    """Whether the attributes have the picture's proportions, up to one pixel of rounding.

    A smaller or larger size is honest: the browser scales, and nothing moves (HTML, 4.8.16).
    """
    if 0 in told:
        return told == real
    return abs(told[0] * real[1] - told[1] * real[0]) <= max(*told, *real)
