"""Which story's thread is kept by whom: what its file says, else the site's own choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import today
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.survey import survey
from plugins.people import Profile, parse_profile
from plugins.stories.consent import may_show
from plugins.stories.story import NOBODY, Story, parse_story

Choice = tuple[tuple[str, str], ...]  # comment system, and the thread's place there


@dataclass(frozen=True)
class Told:
    """The people and the stories of the content folder, as far as their conversations go."""

    people: tuple[Profile, ...]
    threads: dict[str, Choice]  # by the story's slug, in order
    unread: tuple[str, ...]  # files that could not be read, and why


def read_told(content: Path, settings: dict[str, Any]) -> Told:
    """Read the front matter of every person and story."""
    people: list[Profile] = []
    stories: dict[str, list[Story]] = {}
    unread: list[str] = []
    for file in survey(content)[0]:
        if file.kind == "page":
            continue
        try:
            document = read_document(file.path, file.shown)
        except ContentRefused as refused:
            unread += map(str, refused.findings)
            continue
        if file.kind == "person":
            people.append(parse_profile(file, document)[0])
        else:
            story = parse_story(file, document, settings["DEFAULT_LANG"])[0]
            stories.setdefault(file.slug, []).append(story)
    site = settings["FIRSTHAND_CONVERSATIONS"]
    chosen = {slug: choice(versions, site) for slug, versions in sorted(stories.items())}
    return Told(tuple(people), {slug: found for slug, found in chosen.items() if found}, tuple(unread))


def choice(versions: Iterable[Story], site: str) -> Choice:
    """Who keeps the one thread of a story in all its languages; nobody where no reader sees it."""
    shown = [story for story in versions if story.status == "published" and may_show(story, "site", today())]
    if not shown or any(story.answers == NOBODY for story in shown):
        return ()
    for story in shown:
        if story.conversation:
            return story.conversation
    return ((site, ""),) if site else ()
