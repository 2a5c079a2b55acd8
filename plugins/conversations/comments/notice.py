"""How many comments wait for a moderator: whoever looks for unanswered readers has to know of them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..providers.isso import SETTINGS
from .held import CommentsUnreadable, waiting
from .place import NotHere, database_of


def held_here(settings: Mapping[str, Any]) -> int:
    """How many wait at the site's own Isso; 0 where its database is not on this machine."""
    known = {setting.name: settings.get(setting.name, setting.default) for setting in SETTINGS}
    try:
        return len(waiting(database_of({**settings, **known})))
    except (NotHere, CommentsUnreadable):
        return 0  # ./inv comments and ./inv conversations say why


def in_words(count: int) -> str:
    """ "2 comments wait for a moderator, and nobody sees them until then: ./inv comments"."""
    many, they = (f"{count} comments wait", "them") if count > 1 else ("One comment waits", "it")
    return f"{many} for a moderator, and nobody sees {they} until then: ./inv comments"
