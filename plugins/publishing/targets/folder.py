"""`folder:PATH`: a folder of this machine, for a web server here or for a host's own upload."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from plugins import FirsthandError
from plugins.guard.files import write_atomically

from ..site import list_files
from .target import KEPT, MARKER, MARKER_TEXT, Say, foreign

_LAST = frozenset([".html", ".xml"])


@dataclass(frozen=True)
class Folder:
    """A folder that mirrors the output."""

    path: Path

    @classmethod
    def read(cls, place: str) -> Self:
        """From the words after `folder:`; `~` is the home folder. Raises FirsthandError."""
        if not place.strip() or "\0" in place:
            raise FirsthandError("FIRSTHAND_PUBLISH_TO names no folder. Write folder:PATH.")
        return cls(Path(place.strip()).expanduser())

    def upload(self, output: Path, say: Say) -> None:
        """Write what changed, then remove what is gone. Nothing outside the folder is touched."""
        source, goal = output.resolve(), self.path.resolve()
        if source.is_relative_to(goal) or goal.is_relative_to(source):
            raise FirsthandError(
                f"{self.path} and {output} lie in each other. Publish to a folder of its own."
            )
        try:
            written, removed = _mirror(source, goal)
        except OSError as error:
            raise FirsthandError(
                f"{error.filename or goal}: {error.strerror or error}. Make it writable, then publish again."
            ) from error
        say(f"{goal}: {written} written, {removed} removed.")


def _mirror(source: Path, goal: Path) -> tuple[int, int]:
    if goal.exists() and not goal.is_dir():
        raise FirsthandError(f"{goal} is a file. Publish to a folder.")
    if goal.is_dir() and any(goal.iterdir()) and not (goal / MARKER).is_file():
        raise FirsthandError(foreign(str(goal)))
    goal.mkdir(parents=True, exist_ok=True)
    write_atomically(goal / MARKER, MARKER_TEXT)  # first: a run that is cut off can be run again
    wanted, _ = list_files(source)
    old, links = list_files(goal)
    ours = [path for path in [*old, *links] if path != MARKER and path.split("/")[0] != KEPT]
    for path in links:  # a link could lead what is written below it out of the folder
        if path in ours or any(new.startswith(f"{path}/") for new in wanted):
            (goal / path).unlink()
    written = 0
    for path in _assets_first(wanted):
        _make_room(goal, path)
        written += write_atomically(goal / path, (source / path).read_bytes())
    gone = sorted(set(ours) - set(wanted))
    for path in gone:
        if (goal / path).is_file():  # not a link removed above, nor cleared away for what took its place
            (goal / path).unlink()
            _remove_empty(goal, path)
    return written, len(gone)


def _assets_first(paths: Iterable[str]) -> list[str]:
    """Pages after what they show, so that no reader meets a page whose pictures are still to come."""
    return sorted(paths, key=lambda path: (PurePosixPath(path).suffix in _LAST, path))


def _make_room(goal: Path, path: str) -> None:
    """Clear away a file where a folder must be, and a folder where a file must be."""
    for parent in reversed(PurePosixPath(path).parents):
        if (goal / parent).is_file():
            (goal / parent).unlink()
    if (goal / path).is_dir():
        shutil.rmtree(goal / path)


def _remove_empty(goal: Path, path: str) -> None:
    for parent in PurePosixPath(path).parents[:-1]:
        if any((goal / parent).iterdir()):
            return
        (goal / parent).rmdir()
