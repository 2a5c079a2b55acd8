"""What of a story is the storyteller's own, so that a change of it needs their yes."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused

from .proposal import StoryFiles

# An editor's to fill in: where the story stands on the site, and what helps those who cannot see it.
EDITORS = frozenset(
    "status category tags answers credits cover lang photos slug author authors locked".split()
)
_STATUS = re.compile(rb"^status:[^\n]*\n", re.MULTILINE)
_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


def own_words(story: StoryFiles) -> str:
    """A digest of texts, title, summary, consent and pictures: all but what is an editor's to fill in.

    Spaces, and how the front matter is written, do not count.
    """
    told: dict[str, object] = {}
    for name, data in story.files.items():
        if not name.endswith(".md"):
            told[name] = hashlib.sha256(data).hexdigest()
            continue
        try:
            document = read_document(Path(name), name, data)
        except ContentRefused:
            told[name] = hashlib.sha256(data).hexdigest()
            continue
        fields = {key: value for key, value in document.front.items() if key not in EDITORS}
        told[name] = [fields, document.body.split()]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def text_digest(story: StoryFiles) -> str:
    """SHA-256 of the story's text, which says what a storyteller was shown."""
    return hashlib.sha256(story.files["index.md"]).hexdigest()


def published(story: StoryFiles) -> StoryFiles:
    """The story with `status: published` in every text: nothing else of a byte changes."""
    files = {name: _published(data) if name.endswith(".md") else data for name, data in story.files.items()}
    return StoryFiles(story.slug, files)


def _published(text: bytes) -> bytes:
    first = _END.search(text)
    last = _END.search(text, first.end()) if first else None
    if first is None or last is None:
        return text  # not a story; the check says so
    front = text[first.end() : last.start()]
    # What stands within another field is indented.
    front, found = _STATUS.subn(b"status: published\n", front, count=1)
    if not found:
        front += b"status: published\n"
    return text[: first.end()] + front + text[last.start() :]
