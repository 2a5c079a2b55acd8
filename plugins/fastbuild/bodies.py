"""The texts of what was read, in one file that grows: thousands of them, of which a build needs few."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from plugins.guard.files import TEMPORARY

from .fingerprint import SIZE

BUFFER = 1 << 20  # bytes that are written at once

Place = tuple[int, int]  # where a text and its seal lie: offset and length, in bytes


class Bodies:
    """Texts, each asked for by its key and its place. One that is damaged, or not there, is told by KeyError.

    The places are kept by the caller: what a killed build leaves at the end, nobody asks for. What
    is lost with the machine's power is read again; no build waits for a disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._size = self._readable = 0

    @property
    def size(self) -> int:
        """All bytes, with those that nobody asks for any more."""
        self._open()
        return self._size

    def put(self, key: bytes, text: str) -> Place:
        """Keep a text; returns its place."""
        file, raw = self._open(), text.encode()
        place = self._size, SIZE + len(raw)
        file.write(_seal(key, raw))
        file.write(raw)
        self._size += place[1]
        return place

    def get(self, key: bytes, place: Place) -> str:
        """The text that was put there with that key."""
        found = self._read(place)
        seal, raw = found[:SIZE], found[SIZE:]
        if seal != _seal(key, raw):
            raise KeyError(key)
        return raw.decode()

    def flush(self) -> None:
        """Have all of it in the file, before the places are kept."""
        self._open().flush()
        self._readable = self._size

    def begin_anew(self, wanted: Iterable[Place] = ()) -> list[Place]:
        """Keep these alone, in a new file; returns their places there. Those in the old one are void."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f"{TEMPORARY}{self._path.name}")
        places, size = [], 0
        with temporary.open("wb", buffering=BUFFER) as file:
            for place in wanted:
                written = file.write(self._read(place))
                places.append((size, written))
                size += written
        self.close()
        temporary.replace(self._path)
        return places

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _read(self, place: Place) -> bytes:
        file, (offset, length) = self._open(), place
        if offset + length > self._readable:
            self.flush()
        return os.pread(file.fileno(), length, offset)

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+b", buffering=BUFFER)
            self._size = self._readable = os.fstat(self._file.fileno()).st_size
        return self._file


def _seal(key: bytes, raw: bytes) -> bytes:
    return hashlib.blake2b(raw, key=key, digest_size=SIZE).digest()
