"""A small site that lives: what may happen to it in any order, and how two builds of it are compared."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from . import around, damage, people, photos, stories, talk, theme
from .site import Living, Outcome, tree

Step = Callable[[Living, Random], None]

ORDINARY: dict[str, Step] = {
    step.__name__: step
    for room in (stories, people, photos, talk, theme, around, damage)
    for step in room.STEPS
}


def several_at_once(site: Living, chance: Random) -> None:
    """Two to five things between two builds."""
    for _ in range(chance.randint(2, 5)):
        ORDINARY[chance.choice(list(ORDINARY))](site, chance)


STEPS: dict[str, Step] = {**ORDINARY, several_at_once.__name__: several_at_once}

__all__ = ["STEPS", "Living", "Outcome", "Step", "tree"]
