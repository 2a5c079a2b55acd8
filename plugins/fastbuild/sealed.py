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

from .fingerprint import SIZE, digest


def save(path: Path, stamp: bytes, value: Any) -> None:
    """Keep a value under a stamp of SIZE bytes. Raises OSError."""
    data = stamp + pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    write_atomically(path, _seal(data) + data)


def load(path: Path, stamp: bytes) -> Any:
    """The value kept under the same stamp, or None."""
    return _open(path, stamp)[0]


def _open(path: Path, stamp: bytes) -> tuple[Any, bytes]:
    """The value and its seal."""
    try:
        data = memoryview(path.read_bytes())
    except FileNotFoundError:
        return None, b""
    seal = bytes(data[:SIZE])
    if bytes(data[SIZE : 2 * SIZE]) != stamp or seal != _seal(data[SIZE:]):
        return None, b""
    with without_collecting():
        return pickle.loads(data[2 * SIZE :]), seal  # noqa: S301 - our own file, sealed


class Table:
    """Kept values by name: a file of all, and beside it a small one of what has changed since.

    One edit among ten thousand stories would otherwise write all of them again.
    """

    def __init__(self, path: Path, stamp: bytes) -> None:
        self._path, self._stamp = path, stamp
        self._changes = path.with_name(f"{path.name}.changes")
        self._whole: dict[str, Any] = {}
        self._seal = b""

    def forget(self) -> None:
        """Have nothing kept."""
        self._path.unlink(missing_ok=True)
        self._whole = {}

    def load(self) -> dict[str, Any]:
        """All that was kept under the same stamp; not to be changed."""
        whole, self._seal = _open(self._path, self._stamp)
        self._whole = whole or {}
        changes = load(self._changes, digest(self._stamp, self._seal)) if whole else None
        if changes is None:
            return self._whole
        changed, gone = changes
        now = {**self._whole, **changed}
        for name in gone:
            now.pop(name, None)
        return now

    def save(self, now: dict[str, Any]) -> None:
        """Keep these instead. A value that was loaded and not replaced is known to be kept."""
        whole = self._whole
        changed = {name: value for name, value in now.items() if whole.get(name) is not value}
        gone = [name for name in whole if name not in now]
        if not whole or 10 * (len(changed) + len(gone)) > len(now):
            save(self._path, self._stamp, now)
            self._changes.unlink(missing_ok=True)
        else:
            save(self._changes, digest(self._stamp, self._seal), (changed, gone))


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
