"""Hints about what an editor would want to know before readers see it. Never an error: an editor decides."""

from __future__ import annotations

from collections.abc import Iterator

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.document import Document
from plugins.guard.finding import Finding

from .consent import may_show
from .skeleton import PLACEHOLDERS
from .story import Story


def placeholder_hints(file: ContentFile, document: Document) -> Iterator[Finding]:
    """Words of `./inv new-story` and `./inv new-person` that nobody has written over."""
    values = [(document.line(key), str(value)) for key, value in document.front.items()]
    rows = [(document.body_line + offset, row) for offset, row in enumerate(document.body.split("\n"))]
    for line, text in [*values, *rows]:
        for words in PLACEHOLDERS:
            if words in text:
                yield Finding(
                    file.shown, line, "hint", f"{words!r} is still from the skeleton.", "Write over it."
                )


def showing_hints(file: ContentFile, document: Document, story: Story) -> Iterator[Finding]:
    """A published story that no reader sees today, or that lies in the future."""
    day = today()
    consent = story.consent
    if story.status != "published" or consent is None:
        return
    if consent.until and consent.until < consent.given:
        return  # an error already
    if not may_show(story, "site", day):
        until = consent.until
        over = until is not None and until < day
        why = f"since {until} is past" if over else "since `site` is not among its channels"
        line = document.line("consent.until" if over else "consent.channels")
        fix = "Ask for a new consent, or leave it."
        yield Finding(file.shown, line, "hint", f"The story is not shown, {why}.", fix)
    if story.date > day:
        line = document.line("date")
        yield Finding(
            file.shown, line, "hint", f"The date {story.date} is still to come.", "It shows at once."
        )
