"""Proposals as the form makes them."""

from __future__ import annotations

import datetime
from typing import Any

from plugins.desk import Origin, Proposal, StoryFiles
from plugins.guard.text import yaml_front_matter

ID = "2026-11-22-3fa9c0de"
AT = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)


def story_text(body: str = "It rang at four, and we went.\n", **front: Any) -> bytes:
    """A story's file with everything that a published one needs."""
    fields = {
        "title": "The bell at four",
        "date": datetime.date(2026, 11, 22),
        "author": "ada-brook",
        "category": "The workshop",
        "tags": ["bells"],
        "summary": "The bell rang at four.",
        "status": "draft",
        "consent": {"given": datetime.date(2026, 11, 22), "version": 1, "name": "full", "receipt": "7f3a"},
        **front,
    }
    return (yaml_front_matter({k: v for k, v in fields.items() if v is not None}) + body).encode()


def a_proposal(id: str = ID, slug: str = "the-bell-at-four", **changes: Any) -> Proposal:
    """A proposal of one text and, where `files` are given, of photographs."""
    files = {"index.md": changes.pop("text", story_text()), **changes.pop("files", {})}
    origin = changes.pop("origin", Origin("form", "Ada Brook", "7f3a", AT))
    return Proposal(id, StoryFiles(slug, files), origin, changes.pop("summary", "A bell."), **changes)
