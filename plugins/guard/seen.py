"""Whether a file is the one that was read before: told by what the disk says of it, without reading it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

# A file may change twice within one tick of the disk's clock (2 s on FAT, the coarsest) and look as
# if it had not. One that changed so shortly before it was read is read again, as git does it.
TICK = 2_000_000_000  # nanoseconds


class Stamp(NamedTuple):
    """What the disk says of a file, and when it was asked; times in nanoseconds."""

    size: int
    modified: int
    changed: int
    inode: int
    asked: int

    @property
    def sure(self) -> bool:
        """Whether the file cannot change any more without another stamp."""
        return max(self.modified, self.changed) + TICK < self.asked

    def stands(self, now: Stamp) -> bool:
        """Whether what was read after this stamp was taken is still what the file holds."""
        return self[:4] == now[:4] and self.sure


def stamp(path: Path | str, follow: bool = True) -> Stamp:
    """Ask the disk; do so before reading the file. Raises OSError.

    Without `follow`, a link is described itself, and not what it points to.
    """
    asked = time.time_ns()
    found = os.stat(path, follow_symlinks=follow)  # noqa: PTH116 - ten thousand times a build, and Path takes as long again
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, asked)
