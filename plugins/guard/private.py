"""Files for nobody else to read: made once, whole, and never changed by those who find them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def write_once(path: Path, data: bytes) -> bytes:
    """Write a file with mode 0600 where there is none; what the file holds then. Raises OSError.

    Two processes that begin at once agree. The folder is made, for nobody else to read, where it is missing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.is_file():
        try:
            with new_file(path) as aside:
                aside.write_bytes(data)
        except FileExistsError:
            pass
    return path.read_bytes()


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """An empty file with mode 0600 beside `path`, to be filled; put there at the end, whole and on the disk.

    Raises FileExistsError, and changes nothing, where something has that name by then, and OSError.
    """
    aside = path.with_name(f".writing-{secrets.token_hex(4)}-{path.name}")
    os.close(os.open(aside, _NEW, 0o600))
    try:
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
