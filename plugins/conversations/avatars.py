"""The pictures of those who speak, from content/conversations/avatars/ to the site; never another host's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.fingerprint import digest
from plugins.guard.finding import Finding
from plugins.guard.photo import PhotoRefused, measure

from .thread import Comment, Thread, flat

MAX_BYTES = 100_000
MAX_SIDE = 512  # pixels; they are shown at 40


class Avatars:
    """The pictures of one build: those that are named, are there, and are small pictures."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bool] = {}
        self.hints: list[Finding] = []

    def shown(self, thread: Thread, file: str) -> Thread:
        """The thread without the pictures that cannot be shown; `file` is its name in messages."""
        named = {comment.avatar for comment in flat(thread.comments) if comment.avatar}
        missing = {name for name in named if not self._is_there(name)}
        for name in sorted(missing):
            fix = "Put it into content/conversations/avatars/, or take `avatar` out."
            words = f"The picture {name!r} is not there, or is no small picture."
            self.hints.append(Finding(file, 1, "hint", words, fix))
        return replace(thread, comments=_without(thread.comments, missing)) if missing else thread

    def publish(self, writer: SiteWriter) -> None:
        """Put every picture that shows below /conversations/avatars/."""
        for name in sorted(name for name, there in self._known.items() if there):
            path = self._folder / name
            seen = path.stat()
            key = digest(name, seen.st_size, seen.st_mtime_ns, seen.st_ino)
            writer.put_together((f"conversations/avatars/{name}",), key, partial(_bytes, path))

    def _is_there(self, name: str) -> bool:
        if name not in self._known:
            path = self._folder / name
            try:
                small = not path.is_symlink() and path.stat().st_size <= MAX_BYTES
                self._known[name] = small and max(measure(path)) <= MAX_SIDE
            except (OSError, PhotoRefused):
                self._known[name] = False
        return self._known[name]


def _bytes(path: Path, place: int) -> bytes:
    return path.read_bytes()


def _without(comments: Iterable[Comment], missing: set[str]) -> tuple[Comment, ...]:
    return tuple(
        replace(
            comment,
            avatar="" if comment.avatar in missing else comment.avatar,
            replies=_without(comment.replies, missing),
        )
        for comment in comments
    )
