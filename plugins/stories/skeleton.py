"""A filled-in story or person in the right place, to write over."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.guard.files import write_atomically
from plugins.guard.text import is_slug, slugify, yaml_front_matter
from plugins.people.profile import KINDS

_STORY = """
Begin with the moment: where were you, who was there, what happened?

Say it as you would tell it to somebody you like. Nobody needs a lesson at the end.

A photograph goes into this folder and under `photos`, with what it shows and who made it.
"""
_PERSON = "\nTwo or three sentences in your own words: what you do all day, and what people may ask you.\n"

# Words that must not reach a reader as they are; `./inv check` looks for them.
PLACEHOLDERS = (
    "The name of a collection",
    "a topic'",
    "One sentence that says what happened.",
    "Begin with the moment: where were you",
    "What they do here",
    "Their team",
    "something they know well",
    "Two or three sentences in your own words",
)


def new_story(content: Path, title: str, author: str, day: datetime.date) -> Path:
    """Make content/stories/SLUG/index.md as a draft. Raises FirsthandError where it is there already."""
    if not (content / "people" / f"{author}.md").is_file():
        names = ", ".join(sorted(path.stem for path in (content / "people").glob("*.md")))
        raise FirsthandError(f"There is no person {author!r}. Known: {names}. Or run ./inv new-person first.")
    front: dict[str, Any] = {
        "title": title,
        "date": day,
        "author": author,
        "category": "The name of a collection",
        "tags": ["a topic"],
        "summary": "One sentence that says what happened.",
        "status": "draft",
        "relationship": "customer",
        "consent": {"given": day, "version": 1, "name": "full", "channels": ["site", "feeds", "cards"]},
    }
    return _make(content / "stories" / _slug(title, "title") / "index.md", front, _STORY)


def new_person(content: Path, name: str, kind: str, day: datetime.date) -> Path:
    """Make content/people/SLUG.md. Raises FirsthandError where it is there already."""
    if kind not in KINDS:
        raise FirsthandError(f"There is no kind {kind!r}. Choose one of: {', '.join(KINDS)}.")
    front: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "roles": [{"title": "What they do here", "team": "Their team", "since": day, "until": None}],
        "languages": ["en"],
        "ask_me_about": ["something they know well"],
        "answers_within": "3 days",
        "links": [],
    }
    return _make(content / "people" / f"{_slug(name, 'name')}.md", front, _PERSON)


def _slug(words: str, what: str) -> str:
    slug = slugify(words, "")
    if not is_slug(slug):
        raise FirsthandError(
            f"No address can be made of the {what} {words!r}."
            " Give one with Latin letters now, and write the true one into the file."
        )
    return slug


def _make(path: Path, front: dict[str, Any], body: str) -> Path:
    if path.exists():
        raise FirsthandError(f"{path} is there already. Edit it, or choose another name.")
    write_atomically(path, yaml_front_matter(front) + body)
    return path
