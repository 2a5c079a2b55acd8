"""Everything that is wrong with the content, in plain words: `./inv check`, and the gate of a build."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from plugins.guard.content import ContentFile, check_document, survey
from plugins.guard.document import Document, read_document
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.text import slugify
from plugins.people import Profile, parse_profile

from .promotion import promotion_hints
from .story import Story, parse_story

_INLINE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?:\{attach\})?(?P<name>[^)\s]+)[^)]*\)")


@dataclass
class Checked:
    """What was read, and what is wrong with it."""

    stories: dict[ContentFile, tuple[Story, Document]] = field(default_factory=dict)
    people: dict[str, Profile] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def check_content(content: Path, default_lang: str = "en") -> Checked:
    """Read and check every file under the content folder; nothing is written."""
    files, findings = survey(content)
    checked = Checked(findings=findings)
    unreadable: set[str] = set()
    for file in files:
        try:
            document = read_document(file.path, file.shown)
        except ContentRefused as refused:
            checked.findings += refused.findings
            unreadable.add(file.slug)
            continue
        checked.findings += check_document(file, document)
        if file.kind == "person":
            profile, problems = parse_profile(file, document)
            checked.people[file.slug] = profile
            checked.documents[file.slug] = document
            checked.findings += problems
        elif file.kind == "story":
            story, problems = parse_story(file, document, default_lang)
            checked.stories[file] = story, document
            checked.findings += problems
            checked.findings += _body(file, story, document)
            checked.findings += promotion_hints(file, document)
        elif not document.front.get("title"):
            checked.findings.append(Finding(file.shown, 1, "error", "`title` is missing.", "Write one."))
    checked.findings += _names(checked, unreadable)
    checked.findings += _twice(checked)
    checked.findings = sorted(set(checked.findings))
    return checked


def _body(file: ContentFile, story: Story, document: Document) -> Iterable[Finding]:
    for offset, row in enumerate(document.body.split("\n")):
        for image in _INLINE.finditer(row):
            name, line = image["name"], document.body_line + offset
            if "/" in name or story.photo(name) is None:
                yield Finding(
                    file.shown,
                    line,
                    "error" if story.status == "published" else "hint",
                    f"The picture {name[:60]!r} is not among `photos`.",
                    "Put it into the story's folder and list it there, with alt and credit.",
                )
    if not document.body.strip():
        yield Finding(
            file.shown, document.body_line, "error", "The story has no text.", "Write it below the ---."
        )


def _names(checked: Checked, unreadable: set[str]) -> Iterable[Finding]:
    """Stories that name nobody, with the nearest names; answering is for staff who are still here."""
    known = checked.people
    for file, (story, document) in checked.stories.items():
        for key, slug in story.named():
            if slug in known or slug in unreadable:
                continue
            shown = "authors" if key == "author" and "authors" in document.front else key
            yield Finding(
                file.shown,
                document.line(shown),
                "error",
                f"`{shown}` names {slug!r}, who is nobody here.",
                _near(slug, known),
            )
        if story.answers in known and known[story.answers].kind != "staff":
            yield Finding(
                file.shown,
                document.line("answers"),
                "hint",
                f"{known[story.answers].name} answers, but is not staff.",
                "Replies will carry no staff mark.",
            )


def _near(slug: str, known: dict[str, Profile]) -> str:
    names = {**{slug: slug for slug in known}, **{slugify(person.name): s for s, person in known.items()}}
    near = list(
        dict.fromkeys(names[name] for name in difflib.get_close_matches(slug, sorted(names), n=3, cutoff=0.5))
    )
    if not near:
        near = [name for name in sorted(known) if set(name.split("-")) & set(slug.split("-"))][:3]
    if near:
        return f"Did you mean {' or '.join(near)}? Or add content/people/{slug}.md (./inv new-person)."
    return f"Add content/people/{slug}.md (./inv new-person)."


def _twice(checked: Checked) -> Iterable[Finding]:
    """The same story in the same language, the same feed entry, and an alias that is somebody's slug."""
    languages: dict[tuple[str, str], list[str]] = defaultdict(list)
    entries: dict[tuple[str, str, str], list[tuple[ContentFile, Document]]] = defaultdict(list)
    for file, (story, document) in checked.stories.items():
        languages[story.slug, story.lang].append(file.shown)
        if story.source:
            entries[story.source.feed, story.source.id, story.lang].append((file, document))
    for (_, lang), paths in languages.items():
        for path in paths[1:]:
            yield Finding(path, 1, "error", f"{paths[0]} is in {lang!r} too.", "Give each language one file.")
    for found in entries.values():
        for file, document in found[1:]:
            first = found[0][0].shown
            yield Finding(
                file.shown,
                document.line("source"),
                "error",
                f"{first} came from the same feed entry.",
                "Keep one.",
            )
    taken = {alias: slug for slug, profile in checked.people.items() for alias in profile.aliases}
    for alias, slug in taken.items():
        if alias in checked.people:
            line = checked.documents[slug].line("aliases")
            shown = f"content/people/{slug}.md"
            yield Finding(shown, line, "error", f"The alias {alias!r} is a person's own.", "Remove it.")
