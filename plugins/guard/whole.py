"""Whether a photograph's file goes on to its end; an upload that broke off does not.

Only what frames the pixels is read, so that it costs next to nothing and needs no decoding. The
functions for each format say whether the end is there.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO

_PNG_BEGINS = 8  # bytes of signature (PNG, 5.2)
_RIFF = 8  # the name RIFF, and the length of the rest (RIFF container of WebP)


def breaks_off(file: BinaryIO, kind: str, pixels: int = 0) -> bool:
    """True where a JPEG, PNG, WebP or AVIF ends before it says that it does. Raises OSError.

    A JPEG that says it has `pixels` must have a bit for every 64 of them at least (ITU-T T.81,
    F.1.2 and G.1.2: a code for each block's first coefficient); what is missing would be grey.
    """
    before = file.tell()
    size = file.seek(0, os.SEEK_END)
    whole = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "AVIF": _avif}[kind](file, size)
    file.seek(before)
    return not whole or (kind == "JPEG" and 8 * size < pixels // 64)


def _jpeg(file: BinaryIO, size: int) -> bool:
    """Segments up to the first scan; after it 0xFF 0xD9 is nothing but the end (ITU-T T.81, B.1.1)."""
    file.seek(max(0, size - 2))
    if file.read() == b"\xff\xd9":
        return True
    at = 2
    while at + 4 <= size:
        file.seek(at)
        marker, kind, *length = file.read(4)
        if marker != 0xFF:
            return True  # not for us to say; whoever decodes it will
        if kind == 0xFF:
            at += 1  # a fill byte
        elif kind == 0xDA:
            # Whatever a phone appends (a second picture, a film) lies after the end.
            return b"\xff\xd9" in file.read()
        else:
            at += 2 + int.from_bytes(bytes(length), "big")
    return False


def _png(file: BinaryIO, size: int) -> bool:
    at = _PNG_BEGINS
    while at + 12 <= size:
        file.seek(at)
        head = file.read(8)
        at += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return at <= size
    return False


def _webp(file: BinaryIO, size: int) -> bool:
    file.seek(4)
    return _RIFF + int.from_bytes(file.read(4), "little") <= size + 1  # some leave the last pad byte out


def _avif(file: BinaryIO, size: int) -> bool:
    """Boxes end to end; a length of 0 means to the end, 1 that the length follows (ISO 14496-12, 4.2)."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = io.BytesIO(file.read(16))
        length = int.from_bytes(head.read(4), "big")
        if length == 0:
            return True
        if length == 1:
            head.seek(8)
            length = int.from_bytes(head.read(8), "big")
        if length < 8:
            return True  # not for us to say
        at += length
    return at <= size
