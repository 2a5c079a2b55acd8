"""A letter, and how its lines are broken."""

from __future__ import annotations

import datetime
import textwrap
from dataclasses import dataclass

WIDTH = 72


@dataclass(frozen=True)
class Letter:
    """One letter, ready to be sent. `id` is the same at every try, so that a mail program shows one."""

    id: str
    subject: str
    text: str
    at: datetime.datetime
    sender: str  # the person whose name it carries


def wrapped(text: str) -> str:
    """Lines of at most 72 characters; an address is never broken."""
    wrap = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(
        line if len(line) <= WIDTH or line.startswith(" ") else wrap.fill(line) for line in text.split("\n")
    )
