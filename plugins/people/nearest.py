"""Whom somebody may have meant who wrote a slug that nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

AT_MOST = 3  # people; more is no help
LIKENESS = 0.5  # of difflib's ratio, from 0 to 1


def nearest(written: str, known: Mapping[str, str]) -> list[str]:
    """Up to three slugs, the nearest first. `known` has slugs by each way to write the person."""
    found = difflib.get_close_matches(written, sorted(known), n=AT_MOST, cutoff=LIKENESS)
    return list(dict.fromkeys(known[name] for name in found))


def did_you_mean(slugs: Sequence[str]) -> str:
    """The question, for one person or several."""
    return f"Did you mean {' or '.join(slugs)}?"
