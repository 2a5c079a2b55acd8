"""The story folders of content/: which of them came from a feed, and putting another one there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.stories.reading import Options, read_one

from .decide import Existing

STORY = "index.md"
MAKING = ".pulling-"  # beside content/, not in it: a build that runs now must not find half a story


def existing_stories(content: Path) -> list[Existing]:
    """The stories that name the feed entry they came from, or an address where they were first published.

    Raises ContentRefused where a story cannot be read: its entry might be told twice.
    """
    found, findings = [], []
    for path in sorted((content / "stories").glob(f"*/{STORY}")):
        try:
            document = read_document(path, f"{content.name}/{path.relative_to(content).as_posix()}")
        except ContentRefused as error:
            findings += error.findings
            continue
        front = document.front
        source, via = front.get("source"), front.get("via")
        url = str((via.get("url") if isinstance(via, dict) else "") or front.get("canonical") or "")
        if isinstance(source, dict) and source.get("feed") and source.get("id"):
            found.append(Existing(path.parent.name, str(source["feed"]), str(source["id"]), url, document))
        elif url:
            found.append(Existing(path.parent.name, "", "", url, document))
    if findings:
        raise ContentRefused(findings)
    return found


def objections(text: str, slug: str, content: Path) -> list[Finding]:
    """What the build would refuse in this text, were it the story's file: one story stops all of it."""
    shown = f"{content.name}/stories/{slug}/{STORY}"
    file = ContentFile(content / "stories" / slug / STORY, shown, "story", slug, None, frozenset())
    return errors(read_one(file, text.encode(), Options("en"))[0].findings)


def put_story(content: Path, slug: str, text: str, photos: Mapping[str, bytes] | None = None) -> None:
    """A new story folder with its photographs, made whole beside content/ and put in its place at once.

    Raises FileExistsError where the slug was taken in the meantime, OSError.
    """
    stories = content / "stories"
    stories.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=content.parent))
    try:
        folder = making / slug
        folder.mkdir()
        for name, data in (photos or {}).items():
            write_atomically(folder / name, data)
        write_atomically(folder / STORY, text)
        target = stories / slug
        if target.exists():
            raise FileExistsError(f"stories/{slug} is there already")
        os.rename(folder, target)  # noqa: PTH104 - rename refuses a folder that is not empty
    finally:
        shutil.rmtree(making, ignore_errors=True)


def change_story(content: Path, slug: str, text: str, photos: Mapping[str, bytes] | None = None) -> None:
    """A draft's file, replaced at once, after the photographs it names; older ones stay. Raises OSError."""
    folder = content / "stories" / slug
    for name, data in (photos or {}).items():
        write_atomically(folder / name, data)
    write_atomically(folder / STORY, text)


def clear_away(content: Path) -> None:
    """Take away what a pull that was killed left half made; nobody else may be pulling."""
    for left in content.parent.glob(f"{MAKING}*"):
        shutil.rmtree(left, ignore_errors=True)
