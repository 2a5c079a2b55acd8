"""What a day says of a story, whatever its file says: consent that is over, or is still to come."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from plugins.guard.content import ContentFile
from plugins.guard.finding import Finding
from plugins.guard.lines import Lines

from .consent import may_show, not_yet
from .story import Story


def day_findings(file: ContentFile, story: Story, lines: Lines, day: datetime.date) -> Iterator[Finding]:
    """A consent from the future; and a published story that no reader sees, or that is yet to come."""
    consent = story.consent
    if consent is not None and (message := not_yet(consent, day)):
        line = lines.line("consent.given")
        yield Finding(file.shown, line, "error", message, "Correct `given`.")
    if story.status != "published" or consent is None:
        return
    if consent.until and consent.until < consent.given:
        return  # an error already
    if not may_show(story, "site", day):
        until = consent.until
        over = until is not None and until < day
        why = f"since {until} is past" if over else "since `site` is not among its channels"
        line = lines.line("consent.until" if over else "consent.channels")
        fix = "Ask for a new consent, or leave it."
        yield Finding(file.shown, line, "hint", f"The story is not shown, {why}.", fix)
    if story.date > day:
        message = f"The date {story.date} is still to come."
        yield Finding(file.shown, lines.line("date"), "hint", message, "It shows at once.")
