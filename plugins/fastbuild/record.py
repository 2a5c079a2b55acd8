"""What lies in the output folder, and what each file was made of: so that nothing is made twice."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from plugins import FirsthandError
from plugins.guard.files import make_folder
from plugins.guard.seen import TICK

from .fingerprint import digest
from .sealed import Table

# A folder changed so short a time before it was looked at may change again without another time.
DOUBT = TICK
# The name, which no file has, under which the world is kept.
_WORLD = ""

Lay = tuple[int, int, int, int]  # bytes, mtime and ctime in nanoseconds, inode


class Made(NamedTuple):
    """One file: the fingerprint of what it was made of, how it lay on the disk, whether it may be indexed.

    `texts` tells which texts it carries, where the world tells all else that it shows.
    """

    key: bytes
    lay: Lay
    listed: bool
    texts: bytes | None = None


class MadeTogether(NamedTuple):
    """Files of one folder that are made of one thing: a photograph in all its sizes."""

    key: bytes
    names: tuple[str, ...]
    lays: tuple[Lay, ...]


class Record:
    """The files of one output folder as the last build that came to its end left them.

    A build that was killed leaves an old record, or none: what it wrote lies otherwise than the
    record says, and is made again.
    """

    def __init__(self, file: Path, root: Path, code: bytes, full: bool) -> None:
        self._root = str(root)
        stamp = digest(code, self._root)
        self._new_folders: set[str] = set()
        names = (file.name, f"{file.name}.together", f"{file.name}.folders")
        self._tables = [Table(file.with_name(name), stamp) for name in names]
        before = [{} if full else table.load() for table in self._tables]
        self._before: dict[str, Made] = dict(before[0])
        # In one file with what was made under it, so that they never disagree.
        self._world_before = self._before.pop(_WORLD, None)
        self.world: bytes | None = None
        self._together_before: dict[str, MadeTogether] = before[1]
        self._folders_before: dict[str, tuple[int, int, int, int]] = before[2]
        self._folders: dict[str, tuple[int, int, int, int]] = {}
        self.made: dict[str, Made] = {}
        self._together: dict[str, MadeTogether] = {}  # by the first name
        self._sound: set[str] = set()  # folders that are none of somebody else's links

    def moves(self, root: Path) -> None:
        """The folder is written elsewhere than where it is to be, or has come where it is to be."""
        self._root = str(root)

    def keeps(self, path: str, key: bytes, texts: bytes | None = None) -> bool:
        """True, and the file is noted, where it lies there as it was made, of the same."""
        made = self._before.get(path)
        if made is None or made.key != key or made.lay != self._lay(path):
            return False
        self.made[path] = made if made.texts == texts else made._replace(texts=texts)
        return True

    def keeps_texts(self, path: str, texts: bytes) -> bool:
        """As `keeps`, where the world is the last build's: by the texts that a file carries."""
        if self._world_before is None or self._world_before.key != self.world:
            return False
        made = self._before.get(path)
        return made is not None and made.texts == texts and self.keeps(path, made.key, texts)

    def make_room(self, path: str) -> bool:
        """Make the file's folder, and remove what lies in the way: a file or link there, a folder here.

        True where the folder is new, and so nothing in it.
        """
        folder, new = "", False
        for part in path.split("/")[:-1]:  # from above: below a link lies what is not ours
            folder = f"{folder}/{part}" if folder else part
            new = folder not in self._sound
            if new:
                self._sound.add(folder)
                new = self._make_folder(f"{self._root}/{folder}")
                if new:
                    self._new_folders.add(folder)
        if not new and stat.S_ISDIR(_mode(f"{self._root}/{path}")):
            _remove(f"{self._root}/{path}")
        return new

    @staticmethod
    def _make_folder(path: str) -> bool:
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            return False
        if mode:
            os.unlink(path)  # noqa: PTH108
        make_folder(path)
        return True

    def keeps_together(self, names: tuple[str, ...], key: bytes) -> bool:
        """As `keeps`, for files of one folder that are made of one thing."""
        made = self._together_before.get(names[0])
        if made is None or made[:2] != (key, names) or made.lays != tuple(map(self._lay, names)):
            return False
        self._together[names[0]] = made
        return True

    def note_together(self, names: tuple[str, ...], key: bytes) -> None:
        """As `note`, for all of them."""
        self._together[names[0]] = MadeTogether(key, names, tuple(map(self._surely, names)))

    def note(self, path: str, key: bytes, listed: bool, texts: bytes | None = None) -> None:
        """The file has been written, or was found to have the right bytes."""
        self.made[path] = Made(key, self._surely(path), listed, texts)

    def note_brought(self, path: str, made: Made) -> None:
        """As `note`, for a page in a folder that was new and held nothing else."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self._sound:
            self._sound.add(folder)
            self._new_folders.add(folder)
            folder = folder.rpartition("/")[0]
        self.made[path] = made

    def _surely(self, path: str) -> Lay:
        lay = self._lay(path)
        if lay is None:
            raise FileNotFoundError(errno.ENOENT, "It was removed while it was built", path)
        return lay

    def _lay(self, path: str) -> Lay | None:
        try:
            return lay_of(os.lstat(f"{self._root}/{path}"))
        except OSError:
            return None

    def prune(self) -> int:
        """Remove every file that is not noted, and the folders that are empty then; how many files.

        A folder that lies as it lay when all in it was right is not looked into: it holds as many
        as it held then, and all that belongs there today, so that as many are no others.
        """
        tree = _tree(self.made, (made.names for made in self._together.values()))
        removed = 0
        for path in self._gone():
            if path in tree:
                continue  # a folder now, of what is made today
            folder = path.rpartition("/")[0]
            while folder not in tree and (parent := folder.rpartition("/")[0]) not in tree:
                folder = parent
            gone = path if folder in tree else folder
            if gone not in self.made:  # a file now
                removed += _remove(f"{self._root}/{gone}")
        settled = time.time_ns() - DOUBT
        before, self._folders = self._folders_before, {}
        for folder, expected in tree.items():
            path = f"{self._root}/{folder}"
            lies = _folder_lies(path, len(expected))
            if before.get(folder) != lies and folder not in self._new_folders:
                _refuse_link(path)
                with os.scandir(path) as entries:
                    strangers = [entry.path for entry in entries if entry.name not in expected]
                removed += sum(map(_remove, strangers))
                lies = _folder_lies(path, len(expected))
            if max(lies[:2]) < settled:
                same = before.get(folder)
                self._folders[folder] = same if same is not None and same == lies else lies
        return removed

    def _gone(self) -> set[str]:
        """What the last build made and this one did not."""
        gone = self._before.keys() - self.made.keys()
        if self._together_before != self._together:
            now = {name for made in self._together.values() for name in made.names} | self.made.keys()
            gone |= {name for made in self._together_before.values() for name in made.names}
            gone -= now
        return gone

    def save(self) -> None:
        """Keep the record for the next build."""
        world = {_WORLD: self._world_now()} if self.world else {}
        kept: tuple[dict[str, Any], ...] = {**self.made, **world}, self._together, self._folders
        for table, now in zip(self._tables, kept, strict=True):
            table.save(now)

    def _world_now(self) -> Made:
        before = self._world_before
        same = before is not None and before.key == self.world
        return before if before is not None and same else Made(self.world or b"", (0, 0, 0, 0), False)


def lay_of(found: os.stat_result) -> Lay:
    """How a file lies."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _tree(paths: Iterable[str], together: Iterable[tuple[str, ...]]) -> dict[str, set[str]]:
    """Each folder, "" for the root, with the names of all that belongs there.

    `paths` are of files one by one, `together` of several in one folder.
    """
    tree: dict[str, set[str]] = {"": set()}
    groups = list(together)
    for path in chain(paths, (names[0] for names in groups)):
        folder, _, name = path.rpartition("/")
        while (entries := tree.get(folder)) is None:
            tree[folder] = {name}
            folder, _, name = folder.rpartition("/")
        entries.add(name)
    for names in groups:
        start = names[0].rfind("/") + 1
        tree[names[0][: max(start - 1, 0)]].update([name[start:] for name in names])
    return tree


def _mode(path: str) -> int:
    """What lies there, as `stat` tells it; 0 for nothing."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _refuse_link(folder: str) -> None:
    """A link to a folder elsewhere goes: what lies there is not the site's to remove."""
    if os.path.islink(folder):  # noqa: PTH114
        os.unlink(folder)  # noqa: PTH108
        raise FirsthandError(f"{folder} was a link to another folder. It has been removed; build again.")


def _folder_lies(path: str, count: int) -> tuple[int, int, int, int]:
    """How a folder lies on the disk that holds so many files and folders."""
    found = os.lstat(path)
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, count


def _remove(path: str) -> int:
    """A file, or a folder with all in it; how many files. What is gone already is none."""
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)  # noqa: PTH108 - a string, a hundred thousand times
            return 1
    except FileNotFoundError:
        return 0
    with os.scandir(path) as entries:
        below = [entry.path for entry in entries]
    removed = sum(map(_remove, below))
    os.rmdir(path)  # noqa: PTH106
    return removed
