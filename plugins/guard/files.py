"""Writing so that a reader of the file never sees half of it, and nothing is lost on a crash."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# What a file is called until it is whole.
TEMPORARY = ".writing-"
_NAME = secrets.token_hex(4)
_COUNT = itertools.count()
_MODE = 0o644
os.umask(_umask := os.umask(0o077))
_NARROWED = bool(_umask & _MODE)  # what this process makes would not be for everybody to read
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def write_atomically(path: Path | str, data: bytes | str, new: bool = False) -> bool:
    """Write the file through a temporary one and `os.replace`, only where its bytes differ.

    Returns True where something was written. Times of an unchanged file stay, so that an upload by time
    or by content stays small. `new` says that no file of that name is there. Raises OSError.
    """
    raw = data.encode("utf-8") if isinstance(data, str) else data
    whole = os.fspath(path)
    if not new and _holds(whole, raw):
        return False
    folder = os.path.dirname(whole) or "."  # noqa: PTH120 - strings: a site has a hundred thousand files
    temporary = f"{folder}/{TEMPORARY}{_NAME}-{os.getpid()}-{next(_COUNT)}"
    try:
        handle = os.open(temporary, _NEW, _MODE)
    except FileNotFoundError:
        make_folder(folder)
        handle = os.open(temporary, _NEW, _MODE)
    try:
        _fill(handle, raw)
        os.replace(temporary, whole)  # noqa: PTH105 - the guarantee has this name
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


def write_first(path: str, data: bytes) -> os.stat_result:
    """Write a file that nobody reads yet, where none of its name is; how it lies. Raises OSError."""
    try:
        handle = os.open(path, _NEW, _MODE)
    except FileNotFoundError:
        make_folder(os.path.dirname(path))  # noqa: PTH120
        handle = os.open(path, _NEW, _MODE)
    return _fill(handle, data)


def _fill(handle: int, data: bytes) -> os.stat_result:
    """Write all of it and close. No file object: it would ask the system three things more of each file."""
    try:
        if _NARROWED:
            os.fchmod(handle, _MODE)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        return os.fstat(handle)
    finally:
        os.close(handle)


def make_folder(path: str) -> None:
    """As os.makedirs, in one call where only the last folder is missing."""
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else who asks for the same changes a file below the folder meanwhile: we wait for one another.

    Held between reading a file and writing it, and no longer. The folder is made where it is missing.
    Raises OSError, but not for a disk without locks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _holds(path: str, raw: bytes) -> bool:
    """True for a file, and no link to one, with these bytes."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(found.st_mode) or found.st_size != len(raw):
        return False
    return Path(path).read_bytes() == raw
