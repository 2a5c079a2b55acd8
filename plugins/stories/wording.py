"""What is wrong with a story's text, told once: pictures that are not listed, names that give no address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from pelican.settings import DEFAULT_CONFIG
from pelican.utils import slugify as pelican_slugify

from plugins.guard.content import ContentFile
from plugins.guard.document import Document
from plugins.guard.finding import Finding
from plugins.guard.naming import is_misnamed
from plugins.guard.text import SLUG_LENGTH

from .story import Story

# A name may have blanks here, so that it can be told as it is; a title in quotes may follow it. The
# lengths are bounded: what is unbounded three times takes minutes for a row of opened brackets.
_INLINE = re.compile(
    r"!\[(?P<alt>[^\]]{0,1000}+)\]\(<?(?:\{attach\})?"
    r"(?P<name>(?:\([^()]{0,100}\)|[^)\s>]|[ \t](?![\"'])){1,500}+)[^)]{0,1000}\)"
)
_LETTERS = re.compile("[a-z0-9]")


def without_repeats(problems: list[Finding], file: ContentFile, document: Document) -> list[Finding]:
    """Without what follows from a photograph's name alone: one mistake is told once, where it is."""
    if not problems:
        return []
    beside = [repr(name) for name in file.misnamed]
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


def body_findings(file: ContentFile, story: Story, document: Document) -> Iterator[Finding]:
    """What is wrong with a story's text and its addresses: pictures nobody listed, names without letters."""
    yield from _body(file, story, document)
    yield from _addresses(file, story, document)


def _body(file: ContentFile, story: Story, document: Document) -> Iterator[Finding]:
    rows = document.body.split("\n") if "![" in document.body else ()
    for offset, row in enumerate(rows):
        for image in _INLINE.finditer(row):
            name, line = unquote(image["name"].strip()), document.body_line + offset
            if "/" in name or story.photo(name) is None:
                if is_misnamed(name) and name in (*file.misnamed, *_listed(document)):
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


def _addresses(file: ContentFile, story: Story, document: Document) -> Iterator[Finding]:
    """A collection or topic gets its address from its name: there must be one, and one only."""
    taken: dict[str, str] = {}
    for key, name in [("category", story.category), *(("tags", tag) for tag in story.tags)]:
        slug = _slug(name)
        line = document.line(key)
        if name and not (_LETTERS.search(slug) and len(slug) <= SLUG_LENGTH):
            fix = "Use letters or digits, and fewer words."
            yield Finding(file.shown, line, "error", f"{name!r:.60} in `{key}` gives no address.", fix)
        elif key == "tags" and slug in taken:
            message = f"The topics {taken[slug]!r:.60} and {name!r:.60} have one address."
            yield Finding(file.shown, line, "error", message, "Keep one.")
        elif key == "tags":
            taken[slug] = name


@lru_cache(maxsize=4096)
def _slug(name: str) -> str:
    """The address of a collection or topic, as Pelican makes it."""
    return str(pelican_slugify(name, DEFAULT_CONFIG["SLUG_REGEX_SUBSTITUTIONS"]))
