"""Writing so that a reader of the file never sees half of it, and nothing is lost on a crash."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# What a file is called until it is whole.
TEMPORARY = ".writing-"


def write_atomically(path: Path, data: bytes | str) -> bool:
    """Write the file through a temporary one and `os.replace`, only where its bytes differ.

    Returns True where something was written. Times of an unchanged file stay, so that an
    upload by time or by content stays small. Raises OSError.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if not path.is_symlink() and path.stat().st_size == len(raw) and path.read_bytes() == raw:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105 - the guarantee has this name
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
