"""A file of kept values, sealed: one that was cut, changed or made by other code counts as not there."""

from __future__ import annotations

import gc
import hashlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plugins.guard.files import write_atomically

from .fingerprint import SIZE


def save(path: Path, stamp: bytes, value: Any) -> None:
    """Keep a value under a stamp of SIZE bytes. Raises OSError."""
    data = stamp + pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    write_atomically(path, _seal(data) + data)


def load(path: Path, stamp: bytes) -> Any:
    """The value kept under the same stamp, or None."""
    try:
        data = memoryview(path.read_bytes())
    except FileNotFoundError:
        return None
    if bytes(data[SIZE : 2 * SIZE]) != stamp or bytes(data[:SIZE]) != _seal(data[SIZE:]):
        return None
    with without_collecting():
        return pickle.loads(data[2 * SIZE :])  # noqa: S301 - our own file, sealed


def _seal(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=SIZE).digest()


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for circles while many objects are made that all stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
