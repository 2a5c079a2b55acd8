"""What may lie in content/, and what its files may say.

One table says which front-matter keys each kind of file may have. Pelican would take any key:
`save_as`, `url`, `template` and `_content` move or replace whole pages.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from .document import Document, as_date
from .finding import Finding
from .naming import NAME_LENGTH, is_misnamed, misnamed
from .naming import PHOTO_NAME as PHOTO_NAME
from .text import one_line

Kind = Literal["story", "person", "page"]
Signature = tuple[int, int, int, int]  # bytes, mtime and ctime in nanoseconds, inode

KEYS: dict[Kind, frozenset[str]] = {
    "story": frozenset(
        "title date modified author authors category tags summary lang slug status cover "
        "photos with credits relationship answers conversation via canonical source consent locked".split()
    ),
    "person": frozenset(
        "name kind roles portrait portrait_alt portrait_credit portrait_focal tint pronouns place "
        "languages ask_me_about answers_within answers_at accounts links aliases left summary slug".split()
    ),
    "page": frozenset(["title", "date", "modified", "summary", "lang", "slug", "version"]),
}
STATUSES = ("published", "draft")
LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?")
# Days of people's stories. A year beyond them breaks calendars, and pins a story to the top for good.
YEARS = range(1900, 2101)
# Pelican's own link marks. Only {attach}NAME of a file in the story's own folder is left to writers.
_MARK = re.compile(
    r"[{|](filename|static|attach|category|tag|author|index)[|}]([^\s\"')>\]]*)", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class ContentFile:
    """A Markdown file of the content folder, by where it lies."""

    path: Path
    shown: str  # relative to the content folder's parent, for messages
    kind: Kind
    slug: str
    lang: str | None
    # What a survey has seen, so that nobody looks again: the photographs in the folder, by name,
    # and the file's size, times and number.
    beside: frozenset[str] | None = field(default=None, compare=False, repr=False)
    seen: Signature | None = field(default=None, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """Where the file's photographs lie."""
        return self.path.parent

    def has(self, name: str) -> bool:
        """True where a photograph of that name, and no link to one, lies beside the file."""
        if self.beside is not None:
            return name in self.beside
        path = self.folder / name
        return path.is_file() and not path.is_symlink()

    @property
    def misnamed(self) -> tuple[str, ...]:
        """The photographs in the folder that are refused for their names."""
        if self.beside is not None:
            return tuple(sorted(filter(is_misnamed, self.beside)))
        return misnamed(self.folder)


def check_document(file: ContentFile, document: Document) -> list[Finding]:
    """What a file says that it may not: unknown keys, texts of several lines, link marks."""
    findings = []

    def refuse(line: int, message: str, fix: str) -> None:
        findings.append(Finding(file.shown, line, "error", message, fix))

    allowed = KEYS[file.kind]
    for key in document.front:
        if key in allowed:
            continue
        line = document.line(str(key))
        near = difflib.get_close_matches(str(key).lower(), sorted(allowed), n=1, cutoff=0.7)
        fix = f"Did you mean `{near[0]}`?" if near else "Take it out; the README lists the fields."
        refuse(line, f"A {file.kind} has no field `{key}`.", fix)
    for key, value in document.front.items():
        if not _is_one_line(value):
            refuse(
                document.line(key),
                f"`{key}` has more than one line or a hidden character.",
                "Write one line.",
            )
    slug = document.front.get("slug")
    if slug is not None and slug != file.slug:
        refuse(
            document.line("slug"),
            f"The slug {slug!r} is not the name of the {'folder' if file.kind == 'story' else 'file'}.",
            f"Take the line out; the address comes from {file.slug!r}.",
        )
    status = document.front.get("status", "published")
    if file.kind == "story" and status not in STATUSES:
        refuse(document.line("status"), f"`status` is {status!r}.", "Write published or draft.")
    findings.extend(_common_fields(file, document))
    findings.extend(_link_marks(file, document))
    return findings


def _common_fields(file: ContentFile, document: Document) -> Iterator[Finding]:
    """Language and days, which every kind of file may have, and the texts of a page."""

    def refuse(key: str, message: str, fix: str) -> Finding:
        return Finding(file.shown, document.line(key), "error", message, fix)

    lang = document.front.get("lang")
    if lang is not None and not (isinstance(lang, str) and LANGUAGE.fullmatch(lang)):
        yield refuse("lang", f"`lang` is {lang!r:.60}.", 'Write two small letters in quotes: `lang: "en"`.')
    elif file.lang is not None and lang not in (None, file.lang):
        yield refuse("lang", f"`lang` is not {file.lang!r} as in the file's name.", "Make them agree.")
    for key in ("date", "modified"):
        value = document.front.get(key)
        day = as_date(value)
        if key == "date" and file.kind == "story" and day is None:
            continue  # a story's own reading says so
        if value is not None and (day is None or day.year not in YEARS):
            yield refuse(
                key, f"`{key}` is {value!s:.60}, not a day we can show.", "Write it like 2026-11-01."
            )
    for key in ("title", "summary", "version") if file.kind == "page" else ():
        value = document.front.get(key, "")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            yield refuse(key, f"`{key}` is not a text.", f'Put it in quotes: `{key}: "..."`.')


def _is_one_line(value: object) -> bool:
    """True for a text of one line that shows everything it holds, and for lists and fields of such."""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return True
        # YAML's "\r" or "\x85" would pass a look at its words alone: another parser ends a line there.
        return one_line(value) == " ".join(value.split()) and not re.search(
            r"[\n\r\v\f\x1c-\x1f\x85\u2028\u2029]", value.strip()
        )
    if isinstance(value, dict):
        return all(_is_one_line(key) and _is_one_line(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_one_line(item) for item in value)
    return True


def _link_marks(file: ContentFile, document: Document) -> Iterator[Finding]:
    texts = []
    if "{" in document.body or "|" in document.body:
        texts += [(document.body_line + n, row) for n, row in enumerate(document.body.split("\n"))]
    texts += [(document.line(key), str(value)) for key, value in document.front.items()]
    for line, row in texts:
        for mark in _MARK.finditer(row):
            name = mark[2]
            if mark[0].startswith("{attach}") and PHOTO_NAME.fullmatch(name):
                if file.has(name):
                    continue
                yield Finding(
                    file.shown,
                    line,
                    "error",
                    f"The photograph {name} is not in the story's folder.",
                    "Put it there.",
                )
                continue
            rest = unquote(row[mark.start(2) : mark.start(2) + NAME_LENGTH])
            if mark[0].startswith("{attach}") and rest.startswith(file.misnamed):
                continue  # the survey says what to rename
            yield Finding(
                file.shown,
                line,
                "error",
                f"{mark[0][:60]!r} is not a link that a {file.kind} may have.",
                "Write {attach}NAME for a photograph of the story's own folder, or a plain address.",
            )
