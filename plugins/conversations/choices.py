"""What stories and people say of comment systems, and what is wrong with it: systems, places and accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from plugins.guard.content import ContentFile
from plugins.guard.finding import Finding, Level
from plugins.guard.lines import Lines
from plugins.people import Profile, did_you_mean, nearest
from plugins.stories.story import NOBODY, Story

from .names import KNOWN
from .providers import PROVIDERS, named
from .staff import folded_account


def check_choices(
    content: Path,
    stories: Iterable[tuple[ContentFile, Story]],
    people: Mapping[str, Profile],
    settings: dict[str, Any],
) -> list[Finding]:
    """What is wrong with stories' `conversation` and people's `accounts`; `settings` are checked ones."""
    said = [(file, story) for file, story in stories if story.conversation]
    return [*_stories(said, settings), *_languages(said), *_accounts(content, people)]


def _stories(said: list[tuple[ContentFile, Story]], settings: dict[str, Any]) -> Iterator[Finding]:
    for file, story in said:
        seen: set[str] = set()
        for name, place in story.conversation:
            if name not in PROVIDERS:
                message = f"`conversation` names {name!r}, which is no comment system here."
                yield _at(file, "conversation", message, _known(name, PROVIDERS))
            elif name in seen:
                message = f"`conversation` names {name} twice."
                yield _at(file, "conversation", message, "Keep one of them: a story has one thread at each.")
            elif problem := named(name, settings).problem(place):
                message = f"`conversation` cannot be kept by {name} as it is written."
                yield _at(file, "conversation", message, problem)
            seen.add(name)
        if story.answers == NOBODY:
            message = "`conversation` says who keeps it, and `answers: nobody` that there is none."
            yield _at(file, "conversation", message, "Take one of the two lines out.", "hint")


def _languages(said: list[tuple[ContentFile, Story]]) -> Iterator[Finding]:
    """The languages of a story share a thread, and where it is stands in one of them, or in each alike."""
    by_slug: dict[str, list[tuple[ContentFile, Story]]] = defaultdict(list)
    for file, story in said:
        by_slug[story.slug].append((file, story))
    for (first, chosen), *others in by_slug.values():
        for file, story in others:
            if story.conversation != chosen.conversation:
                message = f"`conversation` is not what {first.shown} says."
                yield _at(file, "conversation", message, "All languages share one thread: make them agree.")


def _accounts(content: Path, people: Mapping[str, Profile]) -> Iterator[Finding]:
    owners: dict[tuple[str, str], str] = {}
    for slug, person in sorted(people.items()):
        if not person.accounts:
            continue
        path = content / "people" / f"{slug}.md"
        file = ContentFile(path, f"{content.name}/people/{slug}.md", "person", slug, None)
        for system, account in person.accounts:
            key = (system, folded_account(account))
            if system not in KNOWN:
                message = f"`accounts` names {system!r}, which is no comment system here."
                yield _at(file, f"accounts.{system}", message, _known(system, KNOWN))
            elif not key[1]:
                fix = f"Write the name they have there: `accounts: {{{system}: {slug}}}`."
                yield _at(file, f"accounts.{system}", f"`accounts` has no name for {system}.", fix)
            elif owners.setdefault(key, slug) != slug:
                message = f"{account!r} at {system} is {owners[key]}'s account too."
                yield _at(file, f"accounts.{system}", message, "Keep it where it belongs.")
        if person.kind != "staff":
            message = f"`accounts` is there to prove staff, and {person.name} is none."
            yield _at(file, "accounts", message, "Take it out, or leave it: it shows nowhere.", "hint")


def _at(file: ContentFile, field: str, message: str, fix: str, level: Level = "error") -> Finding:
    return Finding(file.shown, Lines(file).line(field), level, message, fix)


def _known(name: str, systems: Iterable[str]) -> str:
    near = nearest(name, {system: system for system in systems})
    return did_you_mean(near) if near else f"Write one of: {', '.join(sorted(systems))}."
