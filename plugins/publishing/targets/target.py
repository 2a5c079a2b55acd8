"""What every place to publish to can do, and how it knows what it may replace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

Say = Callable[[str], None]

MARKER = ".firsthand-published"
"""The file that says a folder is ours: publishing removes what the site no longer has, so that a withdrawn
story is gone from the host too, and must never do that in somebody else's folder."""

MARKER_TEXT = "Firsthand publishes its site into this folder and removes every other file in it.\n"

KEPT = ".well-known"
"""Belongs to the host (RFC 8615): certificates are renewed through it."""


class Target(Protocol):
    """A place the site is brought to. A new one is a module here and a line in the table."""

    def upload(self, output: Path, say: Say) -> None:
        """Make the place show exactly what is in `output`. Raises FirsthandError with what to do."""


def foreign(place: str) -> str:
    """What to say of a folder that holds somebody else's files."""
    return (
        f"{place} holds files that ./inv publish did not bring. Choose an empty folder; or, if the site may"
        f" replace everything in it, put an empty file {MARKER} there first."
    )
