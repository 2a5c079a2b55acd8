"""A filled-in story or person in the right place, to write over."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.guard.files import write_atomically
from plugins.guard.text import is_slug, slugify, yaml_front_matter

_STORY = """
Begin with the moment: where were you, who was there, what happened?

Say it as you would tell it to somebody you like. Nobody needs a lesson at the end.

For a photograph, put it into this folder, list it under `photos` with its alt text and credit, and
write ![What it shows]({attach}NAME.jpg) where it belongs.
"""
_PERSON = "\nTwo or three sentences in your own words: what you do all day, and what people may ask you.\n"


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
    return _make(content / "stories" / slugify(title) / "index.md", front, _STORY)


def new_person(content: Path, name: str, kind: str, day: datetime.date) -> Path:
    """Make content/people/SLUG.md. Raises FirsthandError where it is there already."""
    front: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "roles": [{"title": "What they do here", "team": "Their team", "since": day, "until": None}],
        "languages": ["en"],
        "ask_me_about": ["something they know well"],
        "answers_within": "3 days",
        "links": [],
    }
    return _make(content / "people" / f"{slugify(name, 'person')}.md", front, _PERSON)


def _make(path: Path, front: dict[str, Any], body: str) -> Path:
    name = path.parent.name if path.name == "index.md" else path.stem
    if not is_slug(name):
        raise FirsthandError(f"{name!r} cannot be an address. Use another name.")
    if path.exists():
        raise FirsthandError(f"{path} is there already. Edit it, or choose another name.")
    write_atomically(path, yaml_front_matter(front) + body)
    return path
