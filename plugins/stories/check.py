"""Everything that is wrong with the content, in plain words: `./inv check`, and the gate of a build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.finding import Finding
from plugins.guard.lines import Lines
from plugins.guard.photo import PhotoRefused, measure
from plugins.guard.survey import survey
from plugins.guard.text import slugify
from plugins.people import Profile, did_you_mean, nearest
from plugins.people.nearest import AT_MOST

from .likeness import look_alikes
from .newcomers import Newcomer, newcomers
from .onday import day_findings
from .reading import Options, Read, read_one
from .story import Story


@dataclass
class Checked:
    """What was read, and what is wrong with it."""

    stories: list[tuple[ContentFile, Story, Lines]] = field(default_factory=list)
    people: dict[str, Profile] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)  # of a person's file, by slug
    pages: dict[ContentFile, Read] = field(default_factory=dict)
    newcomers: dict[str, Newcomer] = field(default_factory=dict)  # in `people` too
    findings: list[Finding] = field(default_factory=list)


def check_content(content: Path, default_lang: str = "en") -> Checked:
    """Read and check every file under the content folder; nothing is written."""
    files, findings = survey(content)
    options = Options(default_lang, html=False)
    return check_all([(file, read_one(file, None, options)[0]) for file in files], findings, default_lang)


def check_all(
    reads: Sequence[tuple[ContentFile, Read]], findings: Iterable[Finding], default_lang: str
) -> Checked:
    """What is wrong with each file that was read, and with all of them together."""
    checked = Checked(findings=list(findings))
    unreadable = {file.slug for file, read in reads if not read.readable}
    day = today()
    for file, read in reads:
        checked.findings += read.findings
        if read.profile is not None:
            checked.people[file.slug] = read.profile
            checked.lines[file.slug] = Lines(file)
        elif read.story is not None:
            lines = Lines(file)
            checked.stories.append((file, read.story, lines))
            checked.findings += day_findings(file, read.story, lines, day)
            if read.story.photos:
                checked.findings += _photographs(file, read.story, lines)
        elif file.kind == "page" and read.readable:
            checked.pages[file] = read
    known = {**checked.people, **dict.fromkeys(unreadable)}
    checked.newcomers = newcomers([(file, story) for file, story, _ in checked.stories], known)
    for slug, newcomer in checked.newcomers.items():
        checked.people[slug], checked.lines[slug] = newcomer.profile, Lines(newcomer.file)
    checked.findings += _names(checked, unreadable)
    checked.findings += _twice(checked, [file for file, _ in reads if file.kind == "page"], default_lang)
    checked.findings += look_alikes(checked.people, checked.lines, checked.stories)
    checked.findings = sorted(set(checked.findings))
    return checked


def _photographs(file: ContentFile, story: Story, lines: Lines) -> Iterable[Finding]:
    """Photographs whose header says that they cannot be shown; the build looks at the whole."""
    for note in story.photos:
        if file.has(note.name):
            try:
                measure(file.folder / note.name)
            except PhotoRefused as error:
                line = lines.line(f"photos.{note.name}")
                yield Finding(file.shown, line, "error", "A photograph cannot be shown.", str(error))


def _names(checked: Checked, unreadable: set[str]) -> Iterable[Finding]:
    """Stories that name nobody, with the nearest names; answering is for staff who are still here."""
    known = checked.people
    for slug, newcomer in checked.newcomers.items():
        yield Finding(
            newcomer.file.shown,
            checked.lines[slug].line("author"),
            "hint",
            f"{newcomer.profile.name} has no file in content/people/ yet, and shows by that name alone.",
            f"./inv desk says how to make content/people/{slug}.md, or ./inv new-person.",
        )
    for file, story, lines in checked.stories:
        for key, slug in story.named():
            if slug in known or slug in unreadable:
                continue
            shown = "authors" if key == "author" and lines.has("authors") else key
            yield Finding(
                file.shown,
                lines.line(shown),
                "error",
                f"`{shown}` names {slug!r}, who is nobody here.",
                _near(slug, known),
            )
        if story.answers in story.authors and story.consent and story.consent.name != "full":
            yield Finding(
                file.shown,
                lines.line("answers"),
                "error",
                f"{story.answers!r} tells it under another name, and answering would show who they are.",
                "Let somebody else answer.",
            )
        if story.answers in known and known[story.answers].kind != "staff":
            yield Finding(
                file.shown,
                lines.line("answers"),
                "hint",
                f"{known[story.answers].name} answers, but is not staff.",
                "Replies will carry no staff mark.",
            )


def _near(slug: str, known: dict[str, Profile]) -> str:
    names = {**{slug: slug for slug in known}, **{slugify(person.name): s for s, person in known.items()}}
    near = nearest(slug, names)
    if not near:
        near = [name for name in sorted(known) if set(name.split("-")) & set(slug.split("-"))][:AT_MOST]
    if near:
        return f"{did_you_mean(near)} Or add content/people/{slug}.md (./inv new-person)."
    return f"Add content/people/{slug}.md (./inv new-person)."


def _twice(checked: Checked, pages: Iterable[ContentFile], default_lang: str) -> Iterable[Finding]:
    """The same text in the same language, the same feed entry, and an alias that somebody else has."""
    languages: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    entries: dict[tuple[str, str, str], list[tuple[ContentFile, Lines]]] = defaultdict(list)
    for file, story, lines in checked.stories:
        languages["story", story.slug, story.lang].append(file.shown)
        if story.source:
            entries[story.source.feed, story.source.id, story.lang].append((file, lines))
    for page in pages:
        lang = (checked.pages[page].lang or default_lang) if page in checked.pages else ""
        languages["page", page.slug, page.lang or lang or page.shown].append(page.shown)
    for (_, _, lang), paths in languages.items():
        for path in paths[1:]:
            yield Finding(path, 1, "error", f"{paths[0]} is in {lang!r} too.", "Give each language one file.")
    for found in entries.values():
        for file, lines in found[1:]:
            first = found[0][0].shown
            yield Finding(
                file.shown,
                lines.line("source"),
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
            line = checked.lines[slug].line("aliases")
            shown = f"content/people/{slug}.md"
            yield Finding(shown, line, "error", f"The alias {alias!r} is {whose}.", "Remove it.")
