"""Addresses of stories that are taken, and the next one that is free."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from plugins.guard.text import SLUG_LENGTH

from .withdrawn import FILE, slugs_in

# Their folders would stand where pages of the archive stand.
RESERVED = frozenset({"index", "page"})


def taken_slugs(content: Path) -> set[str]:
    """Every story's address, of those that were taken back too, and what the site needs itself."""
    taken = set(RESERVED)
    if (content / "stories").is_dir():
        taken |= {path.name for path in (content / "stories").iterdir()}
    if (content / FILE).is_file():
        taken |= slugs_in((content / FILE).read_text("utf-8", errors="replace"))
    return taken


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """The slug, or the first of slug-2, slug-3 ... that nobody has."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        ending = f"-{number}"
        slug = wanted[: SLUG_LENGTH - len(ending)].rstrip("-") + ending
    return slug
