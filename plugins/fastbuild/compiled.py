"""Templates as the build before compiled them: a page needs eight, and that takes longer than the page."""

from __future__ import annotations

import pickle
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from .sealed import load, save


class Compiled(BytecodeCache):
    """Compiled templates in one sealed file; with `full`, none that was kept counts.

    `stamp` stands for all that compiling depends on besides a template's own text: options, filters,
    and the libraries' versions.
    """

    def __init__(self, file: Path, stamp: bytes, full: bool) -> None:
        self._file, self._stamp, self._full = file, stamp, full
        self._kept: dict[str, tuple[str, bytes]] | None = None
        self._new = False

    def __repr__(self) -> str:
        return "no page shows how its template was compiled"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja asks for one template."""
        checksum, code = self._known().get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja has compiled one."""
        self._known()[bucket.key] = bucket.checksum, bucket.bytecode_to_string()
        self._new = True

    def given(self) -> bytes:
        """All of them, for another process to take."""
        return pickle.dumps(self._known(), pickle.HIGHEST_PROTOCOL)

    def take(self, given: bytes) -> None:
        """Templates that another process of this build has compiled."""
        self._known().update(pickle.loads(given))  # noqa: S301 - from our own worker
        self._new = True

    def save(self) -> None:
        """Keep what was compiled for the next build."""
        if self._new:
            save(self._file, self._stamp, self._known())
            self._new = False

    def _known(self) -> dict[str, tuple[str, bytes]]:
        if self._kept is None:
            self._kept = (not self._full and load(self._file, self._stamp)) or {}
        return self._kept
