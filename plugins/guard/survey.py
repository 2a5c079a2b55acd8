"""Every file of the content folder, by where it lies: what becomes a page, and what does not belong there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from .content import ContentFile, Kind
from .finding import Finding
from .naming import cure, is_misnamed, is_photograph, refusal
from .text import is_slug

# What a page must not be called: these addresses are the site's own, or its servers'.
RESERVED = frozenset(
    "stories people collections topics conversations feeds theme comments submit search pagefind".split()
)
MANY = 400  # stories; workers are worth their start
_PLACES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("story", re.compile(r"stories/([^/]+)/index(?:\.([a-z]{2}(?:-[a-z]{2})?))?\.md")),
    ("person", re.compile(r"people/([^/]+)()\.md")),
    ("page", re.compile(r"pages/([^/.]+)(?:\.([a-z]{2}(?:-[a-z]{2})?))?\.md")),
)
_PHOTOGRAPHS = re.compile(r"stories/[^/]+/[^/]+|people/[^/]+")
_NONE: frozenset[str] = frozenset()
_OTHER = re.compile(
    r"conversations/(?:[^/]+\.json|ledger\.jsonl|avatars/[a-z0-9]+\.(?:avif|webp|jpg|png))"
    r"|sources\.toml|withdrawn\.toml"
)
# What file managers and editors leave behind: passed over, and never published.
_LEFT_BEHIND = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\.gitkeep|4913|\.#.*|.*\.swp|.*~", re.DOTALL)


def is_large(content: Path) -> bool:
    """A glance, long before a survey is done."""
    try:
        return len(os.listdir(content / "stories")) >= MANY  # noqa: PTH208
    except OSError:
        return False


def survey(content: Path) -> tuple[list[ContentFile], list[Finding]]:
    """Every Markdown file that may become a page, and what does not belong in the folder."""
    findings: list[Finding] = []
    return list(walk(content, findings)), findings


def walk(content: Path, findings: list[Finding]) -> Iterator[ContentFile]:
    """As `survey`, each file as soon as it is met; `findings` are complete with the last.

    One look at each folder, and none into a file: a content folder of ten thousand is surveyed
    at every build.
    """
    top = content.name
    for folder, entries in _folders(str(content)):
        beside = _photographs(entries)
        for entry in entries:
            relative = f"{folder}{entry.name}"
            path, shown = content / relative, f"{top}/{relative}"
            if entry.is_symlink():
                problem = ("This is a symbolic link.", "Put the file itself here.")
                findings.append(Finding(shown, 1, "error", *problem))
            elif place := _place(relative):
                now = entry.stat(follow_symlinks=False)
                seen = (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)
                file = ContentFile(path, shown, *place, beside, seen)
                if not is_slug(file.slug) or file.slug in RESERVED:
                    findings += _address(file)
                yield file
            elif _PHOTOGRAPHS.fullmatch(relative) and is_photograph(entry.name):
                if is_misnamed(entry.name):
                    findings.append(Finding(shown, 1, "error", *refusal(path)))
            elif not _OTHER.fullmatch(relative):
                findings.append(Finding(shown, 1, "error", *cure(relative, path)))


def _photographs(entries: list[os.DirEntry[str]]) -> frozenset[str]:
    names = [entry.name for entry in entries if not entry.name.endswith(".md") and not entry.is_symlink()]
    return frozenset(filter(is_photograph, names)) if names else _NONE


def _folders(root: str) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Every folder with what somebody meant to put there, files and links; in the order of names.

    A folder is told by its path below the root, with a slash at its end; the root is "".
    """
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{root}/{folder}") as found:
                entries = list(found)
        except FileNotFoundError:  # a site may have no people yet, or no content at all
            continue
        if len(entries) > 1:
            entries.sort(key=attrgetter("name"))
        here, below = [], []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below.append(f"{folder}{entry.name}/")
            elif entry.name == "index.md" or not _LEFT_BEHIND.fullmatch(entry.name) or entry.is_dir():
                here.append(entry)
        yield folder, here
        waiting.extend(reversed(below))


def _address(file: ContentFile) -> Iterator[Finding]:
    if not is_slug(file.slug):
        message = f"{file.slug!r} cannot be an address."
        fix = "Name it with small Latin letters, digits and single hyphens."
        yield Finding(file.shown, 1, "error", message, fix)
    elif file.kind == "page" and file.slug in RESERVED:
        message = f"The address /{file.slug}/ is the site's own."
        yield Finding(file.shown, 1, "error", message, "Give the page another name.")


def _place(relative: str) -> tuple[Kind, str, str | None] | None:
    for kind, rule in _PLACES:
        if found := rule.fullmatch(relative):
            return kind, found[1], found[2] or None
    return None


def content_file(path: Path, content: Path) -> ContentFile | None:
    """The file's kind, slug and language by its place, or None for any other place."""
    relative = path.relative_to(content).as_posix()
    place = _place(relative)
    return ContentFile(path, f"{content.name}/{relative}", *place) if place else None
