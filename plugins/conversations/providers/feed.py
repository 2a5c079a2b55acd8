"""Comments of members' own blogs, which `./inv pull` brings with the stories: there is nothing to ask for.

`conversation: {feed: "https://blog.example/post/#comments"}` leads readers to where they can answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..opening import Linked, link_box
from ..provider import Failed, Fetched, Reach, Same, Subject, Wanted

SETTINGS: tuple[Setting, ...] = ()


def from_settings(settings: dict[str, Any]) -> Feed:
    """It has no settings."""
    return Feed()


def problems(settings: dict[str, Any]) -> list[str]:
    """Nothing can be wrong with settings that are not there."""
    return []


@dataclass(frozen=True)
class Feed(Linked):
    """The blogs themselves; their comments come by `./inv pull`."""

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A link to the place that the story names, or nothing."""
        return link_box(subject.place, subject, words) if subject.place else Markup("")

    def problem(self, place: str) -> str | None:
        """A web address is taken, and none is needed."""
        if place and not (place.startswith(("http://", "https://")) and safe_link(place, "/")):
            return "Write the address where the story's comments are, or `conversation: feed` alone."
        return None

    async def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """As they are: `./inv pull` brings them."""
        for story in wanted:
            yield Same(story.slug)
