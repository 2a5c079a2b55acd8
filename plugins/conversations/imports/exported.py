"""What an export tells, whichever system wrote it: threads by their address, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..provider import Said


@dataclass(frozen=True)
class Exported:
    """A thread: where it stood, what its system called it, and what people wrote in it."""

    address: str  # of the page it stood under, as the export gives it
    name: str  # the system's own name for the page: a slug, an address, anything
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Export:
    """A whole export; of what was left out, how much and why."""

    threads: tuple[Exported, ...]
    left_out: Counter[str] = field(default_factory=Counter)
