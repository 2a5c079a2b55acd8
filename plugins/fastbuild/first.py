"""A first site is written by the processes that render it: nobody reads it, and nothing lies in its way.

So their pages do not travel, and it is not one process alone that makes ten thousand folders. The
folder is a new one of this build, which takes the site's place when it is whole.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import NamedTuple

from plugins.guard.files import write_atomically, write_first

from .record import Lay, lay_of

# What a page says that is not to be indexed.
_LISTED_NOT = b'name="robots" content="noindex'


class Brought(NamedTuple):
    """A page that has been written: how it lies, and whether it may be indexed."""

    lay: Lay
    listed: bool


def bring(folder: str, path: str, data: bytes) -> Brought:
    """Write one page of a first site. Raises OSError."""
    return Brought(lay_of(put_first(f"{folder}/{path}", data)), is_listed(path, data))


def put_first(whole: str, data: bytes) -> os.stat_result:
    """Write one file of a first site; how it lies. Raises OSError."""
    try:
        return write_first(whole, data)
    except FileExistsError:  # of a process that died before it could say so
        write_atomically(whole, data)
        return os.lstat(whole)


def is_listed(path: str, data: bytes) -> bool:
    """True for a page that may be indexed."""
    return path.endswith("index.html") and _LISTED_NOT not in data[:4096]


def beside(root: Path) -> Path:
    """A folder for a first site, of a name that no other build knows; what others left goes.

    A worker of a build that was killed may write for a moment longer, and not into this one.
    """
    for left in root.parent.glob(f".{root.name}.first*"):
        shutil.rmtree(left, ignore_errors=True)
    return root.with_name(f".{root.name}.first-{secrets.token_hex(4)}")
