"""Names that a reader would take for those of staff: an impostor is stopped, a namesake is a hint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugins.guard.content import ContentFile
from plugins.guard.finding import Finding
from plugins.guard.likeness import skeleton
from plugins.guard.lines import Lines
from plugins.people import Profile

from .story import Story


def look_alikes(
    people: Mapping[str, Profile],
    lines: Mapping[str, Lines],
    stories: Iterable[tuple[ContentFile, Story, Lines]],
) -> Iterable[Finding]:
    """Profiles and chosen names that look like somebody of the staff who is somebody else."""
    staff = {skeleton(person.name): person for person in people.values() if person.kind == "staff"}
    for slug, person in people.items():
        other = staff.get(skeleton(person.name))
        if other is None or other.slug == slug:
            continue
        shown, line = f"content/people/{slug}.md", lines[slug].line("name")
        if person.name == other.name:
            message = f"{other.slug} of the staff has the same name."
            yield Finding(shown, line, "hint", message, "Make sure that they are two people.")
        else:
            message = (
                f"The name {person.name!r} looks like {other.name!r} of the staff, but is written otherwise."
            )
            yield Finding(shown, line, "error", message, "Type the name again, or choose another.")
    for file, story, at in stories:
        chosen = story.consent.shown_as if story.consent and story.consent.name == "other" else ""
        other = staff.get(skeleton(chosen)) if chosen else None
        if other is not None and other.slug not in story.authors:
            line = at.line("consent.shown_as")
            message = f"{chosen!r} is, or looks like, the name of {other.slug} of the staff."
            yield Finding(file.shown, line, "error", message, "Choose another name.")
