"""Threads brought from another comment system's export; a new system is a module and a line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .disqus import is_disqus, read_disqus
from .exported import Export
from .wordpress import is_wxr, read_comments


@dataclass(frozen=True)
class Format:
    """A system's export: how it is known by its first bytes, and how it is read."""

    known: Callable[[bytes], bool]
    read: Callable[[Iterable[bytes]], Export]  # raises ValueError, in words


FORMATS: dict[str, Format] = {
    "disqus": Format(is_disqus, read_disqus),
    "wordpress": Format(is_wxr, read_comments),
}
