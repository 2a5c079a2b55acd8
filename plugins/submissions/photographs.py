"""Photographs as they come in: cleaned at once, each in a process whose time and memory are limited."""

from __future__ import annotations

import io
import pickle
from pathlib import PurePath

from plugins.fastbuild.limited import Limits, WorkerDied, limited
from plugins.guard.photo import MAX_BYTES, Photo, PhotoRefused, clean_photo
from plugins.guard.text import one_line

MAX_PHOTOS = 6
NAME_LENGTH = 80  # characters
# A photograph of 50 megapixels takes 1.7 GB of address space (see plugins/photos/making.py).
LIMITS = Limits(cpu=30, memory=3_000_000_000, wall=45.0)


def clean(raw: bytes) -> Photo:
    """The photograph without its metadata. Raises PhotoRefused with plain words."""
    if len(raw) > MAX_BYTES:
        raise PhotoRefused(
            f"The file has more than {MAX_BYTES // 1_000_000} MB. Send a smaller one.", "bytes"
        )
    try:
        answer = pickle.loads(limited(clean_apart, raw, LIMITS))  # noqa: S301 - from our own process
    except WorkerDied as error:
        raise PhotoRefused("It takes too much memory or time. Send a smaller one.", "memory") from error
    if not isinstance(answer, Photo):
        raise PhotoRefused(*answer)
    photo: Photo = answer
    return photo


def clean_apart(raw: bytes) -> bytes:
    """In a process of its own: the cleaned photograph, or why it is refused, pickled."""
    try:
        return pickle.dumps(clean_photo(io.BytesIO(raw), heic=True))
    except PhotoRefused as error:
        return pickle.dumps((str(error), error.why))


def called(name: str | None) -> str:
    """What a file is called on the storyteller's own machine, for them to know it by again."""
    last = PurePath((name or "").replace("\\", "/")).name
    return one_line(last)[:NAME_LENGTH] or "photograph"
