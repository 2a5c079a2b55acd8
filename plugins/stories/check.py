"""Everything that is wrong with the content, in plain words: `./inv check`, and the gate of a build."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from pelican.settings import DEFAULT_CONFIG
from pelican.utils import slugify as pelican_slugify

from plugins.guard.content import ContentFile, check_document, survey
from plugins.guard.document import Document, read_document
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.naming import is_misnamed, misnamed
from plugins.guard.photo import PhotoRefused, measure
from plugins.guard.text import SLUG_LENGTH, slugify
from plugins.people import Profile, parse_profile

from .leftover import placeholder_hints, showing_hints
from .likeness import look_alikes
from .promotion import promotion_hints
from .story import Story, parse_story

# A name may have blanks here, so that it can be told as it is; a title in quotes may follow it. The
# lengths are bounded: what is unbounded three times takes minutes for a row of opened brackets.
_INLINE = re.compile(
    r"!\[(?P<alt>[^\]]{0,1000}+)\]\(<?(?:\{attach\})?"
    r"(?P<name>(?:\([^()]{0,100}\)|[^)\s>]|[ \t](?![\"'])){1,500}+)[^)]{0,1000}\)"
)


@dataclass
class Checked:
    """What was read, and what is wrong with it."""

    stories: dict[ContentFile, tuple[Story, Document]] = field(default_factory=dict)
    people: dict[str, Profile] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    pages: dict[ContentFile, Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    files: dict[ContentFile, Document] = field(default_factory=dict)


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
        checked.files[file] = document
        checked.findings += check_document(file, document)
        for line in document.cut:
            fix = "Put the text in quotes."
            checked.findings.append(Finding(file.shown, line, "hint", "Everything after # is left out.", fix))
        checked.findings += placeholder_hints(file, document)
        if file.kind == "person":
            profile, problems = parse_profile(file, document)
            checked.people[file.slug] = profile
            checked.documents[file.slug] = document
            checked.findings += _not_again(problems, file, document)
        elif file.kind == "story":
            story, problems = parse_story(file, document, default_lang)
            checked.stories[file] = story, document
            checked.findings += _not_again(problems, file, document)
            checked.findings += _body(file, story, document)
            checked.findings += _addresses(file, story, document)
            checked.findings += _photographs(file, story, document)
            checked.findings += promotion_hints(file, document)
            checked.findings += showing_hints(file, document, story)
        else:
            checked.pages[file] = document
        if file.kind == "page" and not str(document.front.get("title") or "").strip():
            checked.findings.append(Finding(file.shown, 1, "error", "`title` is missing.", "Write one."))
    checked.findings += _names(checked, unreadable)
    checked.findings += _twice(checked, [file for file in files if file.kind == "page"], default_lang)
    checked.findings += look_alikes(checked.people, checked.documents, checked.stories)
    checked.findings = sorted(set(checked.findings))
    return checked


def _not_again(problems: list[Finding], file: ContentFile, document: Document) -> list[Finding]:
    """Without what follows from a photograph's name alone: one mistake is told once, where it is."""
    if not problems:
        return []
    beside = [repr(name) for name in misnamed(file.folder)]
    listed = [f"The cover {name!r} " for name in _listed(document) if is_misnamed(name)]
    return [
        problem
        for problem in problems
        if not any(name in problem.message for name in beside)
        and not problem.message.startswith(tuple(listed))
    ]


def _listed(document: Document) -> list[str]:
    photos = document.front.get("photos")
    return [str(name) for name in photos] if isinstance(photos, dict) else []


def _body(file: ContentFile, story: Story, document: Document) -> Iterable[Finding]:
    for offset, row in enumerate(document.body.split("\n")):
        for image in _INLINE.finditer(row):
            name, line = unquote(image["name"].strip()), document.body_line + offset
            if "/" in name or story.photo(name) is None:
                if is_misnamed(name) and name in (*misnamed(file.folder), *_listed(document)):
                    continue  # said where the photograph lies, or at `photos`
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


def _addresses(file: ContentFile, story: Story, document: Document) -> Iterable[Finding]:
    """A collection or topic gets its address from its name: there must be one, and one only."""
    taken: dict[str, str] = {}
    for key, name in [("category", story.category), *(("tags", tag) for tag in story.tags)]:
        slug = pelican_slugify(name, DEFAULT_CONFIG["SLUG_REGEX_SUBSTITUTIONS"])
        line = document.line(key)
        if name and not (re.search("[a-z0-9]", slug) and len(slug) <= SLUG_LENGTH):
            fix = "Use letters or digits, and fewer words."
            yield Finding(file.shown, line, "error", f"{name!r:.60} in `{key}` gives no address.", fix)
        elif key == "tags" and slug in taken:
            message = f"The topics {taken[slug]!r:.60} and {name!r:.60} have one address."
            yield Finding(file.shown, line, "error", message, "Keep one.")
        elif key == "tags":
            taken[slug] = name


def _photographs(file: ContentFile, story: Story, document: Document) -> Iterable[Finding]:
    """Photographs whose header says that they cannot be shown; the build looks at the whole."""
    for note in story.photos:
        path = file.folder / note.name
        if path.is_file() and not path.is_symlink():
            try:
                measure(path)
            except PhotoRefused as error:
                line = document.line(f"photos.{note.name}")
                yield Finding(file.shown, line, "error", "A photograph cannot be shown.", str(error))


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
        if story.answers in story.authors and story.consent and story.consent.name != "full":
            yield Finding(
                file.shown,
                document.line("answers"),
                "error",
                f"{story.answers!r} tells it under another name, and answering would show who they are.",
                "Let somebody else answer.",
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


def _twice(checked: Checked, pages: Iterable[ContentFile], default_lang: str) -> Iterable[Finding]:
    """The same text in the same language, the same feed entry, and an alias that somebody else has."""
    languages: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    entries: dict[tuple[str, str, str], list[tuple[ContentFile, Document]]] = defaultdict(list)
    for file, (story, document) in checked.stories.items():
        languages["story", story.slug, story.lang].append(file.shown)
        if story.source:
            entries[story.source.feed, story.source.id, story.lang].append((file, document))
    for page in pages:
        lang = str(checked.pages[page].front.get("lang", default_lang)) if page in checked.pages else ""
        languages["page", page.slug, page.lang or lang or page.shown].append(page.shown)
    for (_, _, lang), paths in languages.items():
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
    owners: dict[str, str] = {}
    for slug, profile in checked.people.items():
        for alias in profile.aliases:
            owner = alias if alias in checked.people else owners.setdefault(alias, slug)
            if owner == slug and alias not in checked.people:
                continue
            whose = "a person's own" if owner == alias else f"an alias of {owner} too"
            line = checked.documents[slug].line("aliases")
            shown = f"content/people/{slug}.md"
            yield Finding(shown, line, "error", f"The alias {alias!r} is {whose}.", "Remove it.")
