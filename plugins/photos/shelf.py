"""What was made of photographs, kept by their content; and which files need not even be read for it.

`KEY.made` holds all that was made of one photograph: a line of JSON, then the versions end to end,
each sealed by what it held: bytes that a disk altered are never published.
`index.json` says of every source how the disk described it when it was read and what it held, so
that a build in which nothing changed asks the disk once for each photograph and opens none. Both
are written whole or not at all; whatever is missing or makes no sense is only made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.fastbuild.sealed import without_collecting
from plugins.guard.files import write_atomically
from plugins.guard.seen import Stamp, stamp

from .derivatives import VERSION, Made

INDEX = "index.json"
FORMAT = 2  # of the index and of what is kept; another one is as good as none
DAY = 86_400
# Branches, drafts and previews of proposals come and go, and what they show is wanted again; a
# photograph takes a second or more to make, and about a megabyte to keep.
KEPT_DAYS = 30
# What comes of taking a broken or foreign index for ours.
_NONSENSE = (LookupError, ValueError, TypeError, OverflowError, RecursionError)


# Endings, widths, and which one has the photograph's own name: the same for most photographs.
Shape = tuple[tuple[str, int, bool], ...]


@dataclass(frozen=True)
class Kept:
    """What is kept of one photograph: its palette class, and each version's ending, width and whether
    the photograph's own name is its.
    """

    key: str
    placeholder: int
    versions: Shape


class Shelf:
    """The photographs kept in one folder; `full` takes none that was there before."""

    def __init__(self, folder: Path, *, full: bool = False, now: float | None = None) -> None:
        self._folder, self._full = folder, full
        self._today = int((time.time() if now is None else now) // DAY)
        found = ([], {}, {}, 0) if full else _read_index(folder / INDEX)
        self._shapes, self._files, self._made, self._pruned = found
        self._numbers = {shape: number for number, shape in enumerate(self._shapes)}
        self._changed = False

    def key(self, source: Path, face: bool) -> str | None:
        """What a source's photograph is kept under; None where the file must be read for it."""
        try:
            day, digest, *known = self._files[str(source)]
            if not Stamp(*known).stands(stamp(str(source))):
                return None
            if day != self._today:
                self._files[str(source)] = [self._today, str(digest), *known]
                self._changed = True
            return _key(str(digest), face)
        except (OSError, *_NONSENSE):
            return None

    def read(self, source: Path, face: bool) -> tuple[str, bytes]:
        """A source's bytes, and what its photograph is kept under. Raises OSError."""
        seen = stamp(str(source))
        raw = source.read_bytes()
        digest = hashlib.blake2b(raw, digest_size=20).hexdigest()
        self._files[str(source)] = [self._today, digest, *seen]
        self._changed = True
        return _key(digest, face), raw

    def find(self, key: str) -> Kept | None:
        """What is kept under a key."""
        try:
            day, placeholder, number = self._made[key]
            kept = Kept(key, int(placeholder), self._shapes[number])
        except _NONSENSE:
            return None if self._full else self._found_unlisted(key)
        if day != self._today:
            self._list(kept)
        return kept

    def keep(self, key: str, made: Made) -> Kept:
        """Put on the shelf. Raises OSError."""
        shape = tuple((version.suffix, version.width, version.own) for version in made.versions)
        parts = [(len(version.data), _seal(version.data)) for version in made.versions]
        head = _sealed(json.dumps([FORMAT, key, made.placeholder, shape, parts]).encode())
        write_atomically(self._path(key), head + b"\n" + b"".join(version.data for version in made.versions))
        return self._list(Kept(key, made.placeholder, shape))

    def data(self, kept: Kept, number: int) -> bytes | None:
        """The bytes of one version by its place; None where they are not here any more."""
        try:
            with self._path(kept.key).open("rb") as file:
                found, parts = _head(kept.key, file.readline())
                if found != kept:
                    return None
                file.seek(sum(length for length, _ in parts[:number]), 1)
                length, seal = parts[number]
                data = file.read(length)
        except (OSError, *_NONSENSE):
            return None
        return data if _seal(data) == seal else None

    def close(self) -> None:
        """Write what was learned, and once a day remove what nobody used for KEPT_DAYS. Raises OSError."""
        if self._pruned != self._today:
            self._prune()
        if self._changed:
            whole = [FORMAT, self._pruned, self._shapes, self._files, self._made]
            index = _sealed(json.dumps(whole, separators=(",", ":")).encode())
            write_atomically(self._folder / INDEX, index)
            self._changed = False

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.made"

    def _list(self, kept: Kept) -> Kept:
        number = self._numbers.setdefault(kept.versions, len(self._shapes))
        if number == len(self._shapes):
            self._shapes.append(kept.versions)
        self._made[kept.key] = [self._today, kept.placeholder, number]
        self._changed = True
        return kept

    def _found_unlisted(self, key: str) -> Kept | None:
        try:
            with self._path(key).open("rb") as file:
                kept, parts = _head(key, file.readline())
                whole = file.tell() + sum(length for length, _ in parts) == file.seek(0, 2)
        except (OSError, *_NONSENSE):
            return None
        return self._list(kept) if whole else None

    def _prune(self) -> None:
        oldest = self._today - KEPT_DAYS
        self._pruned, self._changed = self._today, True
        self._files = {path: entry for path, entry in self._files.items() if _day(entry) >= oldest}
        self._made = {key: entry for key, entry in self._made.items() if _day(entry) >= oldest}
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name == INDEX or path.stem in self._made:
                continue
            # Also what a killed build or a lost index left unlisted: it is as old as its file.
            if path.lstat().st_mtime // DAY < oldest:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _key(digest: str, face: bool) -> str:
    return hashlib.blake2b(f"{VERSION} {face}:{digest}".encode(), digest_size=20).hexdigest()


def _shape(found: Any) -> Shape:
    return tuple((str(suffix), int(width), bool(own)) for suffix, width, own in found)


def _seal(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _sealed(line: bytes) -> bytes:
    return _seal(line).encode() + b" " + line


def _unsealed(data: bytes) -> Any:
    """What a sealed line of JSON says. Raises ValueError where it was altered."""
    seal, _, line = data.partition(b" ")
    if seal != _seal(line).encode():
        raise ValueError("altered")
    return json.loads(line)


def _head(key: str, line: bytes) -> tuple[Kept, list[tuple[int, str]]]:
    number, name, placeholder, versions, parts = _unsealed(line.removesuffix(b"\n"))
    if (number, name) != (FORMAT, key):
        raise ValueError(number)
    return Kept(key, int(placeholder), _shape(versions)), [(int(length), str(seal)) for length, seal in parts]


def _read_index(path: Path) -> tuple[list[Shape], dict[str, Any], dict[str, Any], int]:
    try:
        with without_collecting():
            number, pruned, shapes, files, made = _unsealed(path.read_bytes())
        if number == FORMAT and isinstance(files, dict) and isinstance(made, dict):
            return [_shape(shape) for shape in shapes], files, made, pruned
    except (OSError, *_NONSENSE):
        pass
    return [], {}, {}, 0


def _day(entry: Any) -> int:
    return entry[0] if isinstance(entry, list) and entry and isinstance(entry[0], int) else 0
