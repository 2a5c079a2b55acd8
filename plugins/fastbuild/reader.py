"""Reading content files: in several processes, and what was read is kept.

What is kept of a file counts as long as its content, the names of the photographs beside it, the
code and the settings that reading asks for are the same. Whether the content is the same is told as
git tells it: by size, times and inode, and by the bytes themselves where those leave a doubt.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from plugins.guard.content import ContentFile, Signature
from plugins.guard.seen import TICK

from .bodies import Bodies, Place
from .crew import Crew
from .fingerprint import Fingerprints, digest
from .sealed import Table, without_collecting

PARCEL = 40  # files
KEPT = "read"  # what was read, in the folder of what is kept
# A file changed so short a time before it was read may change again without another time.
DOUBT = TICK

_Seen = tuple[Signature | None, frozenset[str] | None]


class _Entry(NamedTuple):
    seen: _Seen | None  # None where the bytes have to be looked at
    key: bytes
    value: Any
    place: Place


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
        self._bodies = Bodies(cache / "bodies")
        self._stamp = digest(code, Fingerprints().of(options))
        self._table = Table(cache / KEPT, self._stamp)
        self._found: dict[str, _Entry] = {}
        self._touched = False
        self._options, self._crew, self._read = options, crew, read
        self.anew = 0

    def all(self, files: Iterable[ContentFile], full: bool = False) -> dict[str, Kept]:
        """What each file says, by the name it is shown by. With `full`, nothing that was kept counts.

        Workers read the first files while the last ones are still being looked for.
        """
        known = {} if full else self._known()
        if not known:
            self._begin_anew()
        now, met = time.time_ns(), []

        def changed() -> Iterator[_Job]:
            for file in files:
                met.append(file)
                entry = known.get(file.shown)
                if entry is not None and entry.seen is not None and entry.seen == (file.seen, file.beside):
                    self._found[file.shown] = entry
                    continue
                self._touched = True
                raw = file.path.read_bytes()
                key = self._key(file, raw)
                if entry is not None and entry.key == key:
                    self._found[file.shown] = entry._replace(seen=_surely(file, now))
                else:
                    yield file, raw, key

        for file, key, value, body in self._read_anew(changed()):
            self._found[file.shown] = _Entry(_surely(file, now), key, value, self._bodies.put(key, body))
            self.anew += 1
        self._touched |= len(known) != len(met)
        entries = [(file, self._found[file.shown]) for file in met]
        return {file.shown: Kept(entry.value, entry.key, file, self) for file, entry in entries}

    def body(self, kept: Kept) -> str:
        """The HTML of a file that was read; made again where what was kept of it is damaged."""
        entry = self._found[kept.file.shown]
        try:
            return self._bodies.get(entry.key, entry.place)
        except KeyError:
            raw = kept.file.path.read_bytes()
            [(_, _, _, body)] = self._read_anew([(kept.file, raw, entry.key)])
            if self._key(kept.file, raw) == entry.key:
                place = self._bodies.put(entry.key, body)
                self._found[kept.file.shown], self._touched = entry._replace(place=place), True
            return body

    def save(self) -> None:
        """Keep what was read; best while others render."""
        if not self._touched:
            return
        wanted = [entry.place for entry in self._found.values()]
        if self._bodies.size > 2 * sum(length for _, length in wanted):
            places = self._begin_anew(wanted)
            for (shown, entry), place in zip(list(self._found.items()), places, strict=True):
                self._found[shown] = entry._replace(place=place)
        self._bodies.flush()
        self._table.save(self._found)
        self._touched = False

    def flush(self) -> None:
        """Have every text that was read in the file."""
        self._bodies.flush()

    def close(self) -> None:
        """Let go of the files."""
        self._bodies.close()

    def _known(self) -> dict[str, _Entry]:
        known: dict[str, _Entry] = self._table.load()
        size = self._bodies.size if known else 0
        if any(sum(entry.place) > size for entry in known.values()):  # the file was cut
            return {shown: entry for shown, entry in known.items() if sum(entry.place) <= size}
        return known

    def _begin_anew(self, wanted: Iterable[Place] = ()) -> list[Place]:
        self._table.forget()  # first: a build that is killed leaves no places of another file
        return self._bodies.begin_anew(wanted)

    def _key(self, file: ContentFile, raw: bytes) -> bytes:
        return digest(self._stamp, file.shown, sorted(file.beside or ()), raw)

    def _read_anew(self, jobs: Iterable[_Job]) -> Iterator[tuple[ContentFile, bytes, Any, str]]:
        """File, key, value and body, in the order of the jobs."""
        sent: deque[list[tuple[ContentFile, bytes]]] = deque()

        def packed() -> Iterator[bytes]:
            rest = iter(jobs)
            while parcel := list(islice(rest, PARCEL)):
                sent.append([(file, key) for file, _, key in parcel])
                files = [(file, raw) for file, raw, _ in parcel]
                yield pickle.dumps((self._options, files), pickle.HIGHEST_PROTOCOL)

        for answer in self._crew.each(self._read, packed()):
            with without_collecting():
                made = pickle.loads(answer)  # noqa: S301 - from our own worker
            for (file, key), (value, body) in zip(sent.popleft(), made, strict=True):
                yield file, key, value, body


_Job = tuple[ContentFile, bytes, bytes]  # a file, what is in it, and the key of what is read of it


def _surely(file: ContentFile, now: int) -> _Seen | None:
    if file.seen is None or max(file.seen[1:3]) > now - DOUBT:
        return None
    return file.seen, file.beside
