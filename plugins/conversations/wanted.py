"""Which story's thread is kept by whom: what its file says, else the site's own choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import today
from plugins.people import Profile, parse_profile
from plugins.stories.consent import may_show
from plugins.stories.story import NOBODY, Story, page_path, parse_story

from .front import people_and_stories

WEBMENTION = "webmention"
Choice = tuple[tuple[str, str], ...]  # comment system, and the thread's place there


@dataclass(frozen=True)
class Told:
    """The people and the stories of the content folder, as far as their conversations go."""

    people: tuple[Profile, ...]
    threads: dict[str, Choice]  # by the story's slug, in order
    pages: dict[str, tuple[str, ...]]  # the paths of a story's pages: "stories/a/", "es/stories/a/"
    unread: tuple[str, ...]  # files that could not be read, and why


def read_told(content: Path, settings: dict[str, Any]) -> Told:
    """Read the front matter of every person and story."""
    people: list[Profile] = []
    stories: dict[str, list[Story]] = {}
    unread: list[str] = []
    for file, document in people_and_stories(content, unread):
        if file.kind == "person":
            people.append(parse_profile(file, document)[0])
        else:
            story = parse_story(file, document, settings["DEFAULT_LANG"])[0]
            stories.setdefault(file.slug, []).append(story)
    site, default = settings["FIRSTHAND_CONVERSATIONS"], settings["DEFAULT_LANG"].lower()
    # Every page names the receiver of webmentions, so that what is sent to it is read.
    mentioned = bool(settings["FIRSTHAND_WEBMENTION_URL"] and settings.get("SITEURL"))
    threads: dict[str, Choice] = {}
    pages: dict[str, tuple[str, ...]] = {}
    for slug, versions in sorted(stories.items()):
        found = choice(versions, site or (WEBMENTION if mentioned else ""))
        if found and mentioned and WEBMENTION not in dict(found):
            found = (*found, (WEBMENTION, ""))
        if found:
            threads[slug] = found
            pages[slug] = tuple(page_path(slug, story.lang, default) for story in shown(versions))
    return Told(tuple(people), threads, pages, tuple(unread))


def shown(versions: Iterable[Story]) -> list[Story]:
    """The languages of a story that readers see."""
    day = today()
    return [story for story in versions if story.status == "published" and may_show(story, "site", day)]


def choice(versions: Iterable[Story], site: str) -> Choice:
    """Who keeps the one thread of a story in all its languages; nobody where no reader sees it."""
    seen = shown(versions)
    if not seen or any(story.answers == NOBODY for story in seen):
        return ()
    for story in seen:
        if story.conversation:
            return story.conversation
    return ((site, ""),) if site else ()
