"""Reading content files: in several processes, and what was read is kept.

What is kept of a file counts as long as its content, the names of the photographs beside it, the
code and the settings that reading asks for are the same. Whether the content is the same is told as
git tells it: by size, times and inode, and by the bytes themselves where those leave a doubt.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from plugins.guard.content import ContentFile, Signature
from plugins.guard.seen import TICK

from .bodies import Bodies
from .crew import Crew
from .fingerprint import Fingerprints, digest
from .sealed import Table, without_collecting

PARCEL = 40  # files
# A file changed so short a time before it was read may change again without another time.
DOUBT = TICK


class _Entry(NamedTuple):
    seen: tuple[Signature | None, frozenset[str] | None] | None  # None where the bytes have to be looked at
    key: bytes
    value: Any


@dataclass(frozen=True)
class Kept:
    """What was read of one file: `value` is at hand, the body is fetched when it is asked for."""

    value: Any
    key: bytes
    file: ContentFile
    reader: Reader

    def fingerprint(self) -> bytes:
        """Changes with whatever was read, and with what reading depends on."""
        return self.key

    def body(self) -> str:
        """The file's text as HTML."""
        return self.reader.body(self)


class Reader:
    """Reads every file of a site, each once.

    `read` makes of a pickled (options, [(file, bytes), ...]) a pickled [(value, body), ...]; it runs
    in any process, and a value or body depends on nothing else.
    """

    def __init__(
        self, cache: Path, code: bytes, options: Any, crew: Crew, read: Callable[[bytes], bytes]
    ) -> None:
        self._bodies = Bodies(cache / "bodies.sqlite")
        self._stamp = digest(code, Fingerprints().of(options))
        self._table = Table(cache / "read", self._stamp)
        self._unsaved: dict[str, _Entry] = {}
        self._options, self._crew, self._read = options, crew, read
        self.anew = 0

    def begin(self) -> None:
        """Where nothing is kept, have workers begin while the caller looks for what there is to read."""
        if not self._table.exists():
            nothing = pickle.dumps((self._options, []), pickle.HIGHEST_PROTOCOL)
            for _ in range(2):
                self._crew.submit(self._read, nothing)

    def all(self, files: Sequence[ContentFile], full: bool = False) -> dict[str, Kept]:
        """What each file says, by the name it is shown by. With `full`, nothing that was kept counts."""
        known: dict[str, _Entry] = {} if full else self._known()
        now = time.time_ns()
        found: dict[str, _Entry] = {}
        changed: list[tuple[ContentFile, bytes, bytes]] = []
        touched = len(known) != len(files)
        for file in files:
            entry = known.get(file.shown)
            if entry is not None and entry.seen is not None and entry.seen == (file.seen, file.beside):
                found[file.shown] = entry
                continue
            touched = True
            raw = file.path.read_bytes()
            key = digest(self._stamp, file.shown, sorted(file.beside or ()), raw)
            if entry is not None and entry.key == key:
                found[file.shown] = _Entry(_surely(file, now), key, entry.value)
            else:
                changed.append((file, raw, key))
        self.anew = len(changed)
        for file, key, (value, _) in self._read_anew(changed):
            found[file.shown] = _Entry(_surely(file, now), key, value)
        if touched:
            self._unsaved = found
        return {
            file.shown: Kept(found[file.shown].value, found[file.shown].key, file, self) for file in files
        }

    def body(self, kept: Kept) -> str:
        """The HTML of a file that was read; made again where what was kept of it is damaged."""
        try:
            return self._bodies[kept.key]
        except KeyError:
            [(_, _, (_, body))] = self._read_anew([(kept.file, kept.file.path.read_bytes(), kept.key)])
            return body

    def save(self) -> None:
        """Keep what was read; best while others render."""
        if self._unsaved:
            self._bodies.save(entry.key for entry in self._unsaved.values())
            self._table.save(self._unsaved)
            self._unsaved = {}

    def close(self) -> None:
        """Let go of the files."""
        self._bodies.close()

    def _known(self) -> dict[str, _Entry]:
        known: dict[str, _Entry] = self._table.load()
        bodies = self._bodies.keys() if known else set()
        if any(entry.key not in bodies for entry in known.values()):
            return {shown: entry for shown, entry in known.items() if entry.key in bodies}
        return known

    def _read_anew(
        self, changed: list[tuple[ContentFile, bytes, bytes]]
    ) -> Iterator[tuple[ContentFile, bytes, tuple[Any, str]]]:
        parcels = [changed[at : at + PARCEL] for at in range(0, len(changed), PARCEL)]
        packed = (
            pickle.dumps((self._options, [(file, raw) for file, raw, _ in parcel]), pickle.HIGHEST_PROTOCOL)
            for parcel in parcels
        )
        for parcel, answer in zip(parcels, self._crew.each(self._read, packed), strict=True):
            with without_collecting():
                made = pickle.loads(answer)  # noqa: S301 - from our own worker
            for (file, _, key), (value, body) in zip(parcel, made, strict=True):
                self._bodies[key] = body
                yield file, key, (value, body)


def _surely(file: ContentFile, now: int) -> tuple[Signature | None, frozenset[str] | None] | None:
    if file.seen is None or max(file.seen[1:3]) > now - DOUBT:
        return None
    return file.seen, file.beside
