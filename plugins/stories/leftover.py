"""Hints where a skeleton's words are still there. Never an error: an editor decides."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.guard.content import ContentFile
from plugins.guard.document import Document
from plugins.guard.finding import Finding

from .skeleton import PLACEHOLDERS


def placeholder_hints(file: ContentFile, document: Document) -> Iterator[Finding]:
    """Words of `./inv new-story` and `./inv new-person` that nobody has written over."""
    whole = "\n".join([*map(str, document.front.values()), document.body])
    if not any(words in whole for words in PLACEHOLDERS):
        return  # nearly every story
    values = [(document.line(key), str(value)) for key, value in document.front.items()]
    rows = [(document.body_line + offset, row) for offset, row in enumerate(document.body.split("\n"))]
    for line, text in [*values, *rows]:
        for words in PLACEHOLDERS:
            if words in text:
                yield Finding(
                    file.shown, line, "hint", f"{words!r} is still from the skeleton.", "Write over it."
                )
