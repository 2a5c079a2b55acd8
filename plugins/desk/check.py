"""What the check says of one story that is not in content/ yet: among the people who are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from plugins.guard.document import read_document
from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.survey import content_file, survey
from plugins.guard.text import one_line, yaml_front_matter
from plugins.stories.check import check_all
from plugins.stories.newcomers import kind_of
from plugins.stories.reading import Options, read_one

from .proposal import STORY, StoryFiles


def check_story(story: StoryFiles, content: Path, people: Mapping[str, bytes] | None = None) -> list[Finding]:
    """What is wrong with the story, as `./inv check` would say it once the story is in content/.

    `people` are files of content/people/ that would come with it, by slug.
    """
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        trial = Path(folder) / content.name
        put_into(trial, story, people or {})
        files, findings = survey(trial)
        options = Options("en", html=True)
        known = [content_file(path, content) for path in sorted((content / "people").glob("*.md"))]
        files += [file for file in known if file and file.slug not in (people or {})]
        reads = [(file, read_one(file, None, options)[0]) for file in files]
        shown = f"{content.name}/stories/{story.slug}/"
        checked = check_all(reads, findings, options.default_lang)
    mine = (shown, *(f"{content.name}/people/{slug}.md" for slug in people or {}))
    return [finding for finding in checked.findings if finding.path.startswith(mine)]


def put_into(content: Path, story: StoryFiles, people: Mapping[str, bytes]) -> None:
    """Write the story, and files of people by slug, into a content folder. Raises OSError."""
    for name, data in story.files.items():
        write_atomically(content / "stories" / story.slug / name, data)
    for slug, data in people.items():
        write_atomically(content / "people" / f"{slug}.md", data)


def author_of(story: StoryFiles) -> tuple[str, str]:
    """The slug of who tells it, and the relationship that readers are shown; "" for what is not there."""
    file = content_file(Path("content/stories") / story.slug / STORY, Path("content"))
    if file is None:
        return "", ""
    read, _ = read_one(file, story.files[STORY], Options("en", html=False))
    if read.story is None or not read.story.authors:
        return "", ""
    return read.story.authors[0], read.story.relationship


def newcomer(story: StoryFiles, name: str, content: Path) -> dict[str, bytes]:
    """The file of a storyteller whom content/people/ does not know yet, by slug; else nothing."""
    slug, relationship = author_of(story)
    name = one_line(name)
    if not slug or not name or (content / "people" / f"{slug}.md").exists():
        return {}
    return {slug: yaml_front_matter({"name": name, "kind": kind_of(relationship)}).encode()}


def is_newcomers(text: bytes) -> bool:
    """True for a person's file in which nobody has written since `newcomer` made it."""
    try:
        document = read_document(Path("person.md"), "person.md", text)
    except ContentRefused:
        return False
    return set(document.front) == {"name", "kind"} and not document.body.strip()
