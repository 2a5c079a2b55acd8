"""Comments of an export that are here already: brought with a blog's feed, or into the site's own Isso.

They agree in their words and in the second. What answers such a comment answers the one that is here.
"""

from __future__ import annotations

from collections.abc import Iterable

from plugins.guard.html import plain_text

from ..written import Written


def not_twice(told: Iterable[Written], others: Iterable[Written]) -> tuple[list[Written], int]:
    """Of an export's comments those that none of the `others` is; and how many are."""
    here = {_words(one): str(one["id"]) for one in others if not one.get("gone")}
    kept: list[Written] = []
    same: dict[str, str] = {}
    for one in told:
        if name := here.get(_words(one)):
            same[one["id"]] = name
        else:
            kept.append(one)
    return [{**one, "parent": same.get(one["parent"], one["parent"])} for one in kept], len(same)


def _words(one: Written) -> tuple[str, str]:
    return str(one.get("published"))[:19], plain_text(str(one.get("html")))
