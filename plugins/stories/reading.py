"""What one content file says, and all that is wrong with it alone: for every file, in any process.

Nothing here asks for another file, for the day, or for a disk; what does is asked at every check.
"""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from plugins.fastbuild.fingerprint import Fingerprints
from plugins.fastbuild.sealed import without_collecting
from plugins.guard.content import ContentFile, check_document
from plugins.guard.document import Document, read_document
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.html import spaced_text
from plugins.guard.markdown import Converter
from plugins.guard.reader import to_html
from plugins.people import Profile, parse_profile

from .leftover import placeholder_hints
from .promotion import promotion_hints
from .story import Story, parse_story
from .telling import minutes
from .wording import body_findings, without_repeats


@dataclass(frozen=True)
class Options:
    """What reading depends on besides the file."""

    default_lang: str
    root: str = ""  # the path of the site on its host
    html: bool = True  # False where only what is wrong is asked for


@dataclass(frozen=True)
class Read:
    """One file as it says, and what is wrong with it. A story, a person, or else a page."""

    readable: bool
    findings: tuple[Finding, ...]
    story: Story | None = None
    profile: Profile | None = None
    lang: str | None = None  # what a page says of its language
    date: datetime.datetime | None = None
    modified: datetime.datetime | None = None
    minutes: int = 0
    outline: bytes = b""  # a story's fingerprint but for its text


def read_parcel(packed: bytes) -> bytes:
    """A pickled (Options, [(file, its bytes), ...]) to a pickled [(Read, HTML), ...]."""
    with without_collecting():
        options, jobs = pickle.loads(packed)  # noqa: S301 - from our own build
        found = [read_one(file, raw, options) for file, raw in jobs]
        return pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def read_one(file: ContentFile, raw: bytes | None, options: Options) -> tuple[Read, str]:
    """One file read and checked, and its text as HTML where nothing is wrong with it.

    `raw` is what is in the file; it is read where that is None.
    """
    try:
        document = read_document(file.path, file.shown, raw)
    except ContentRefused as refused:
        return Read(False, tuple(refused.findings)), ""
    findings = check_document(file, document)
    for line in document.cut:
        fix = "Put the text in quotes."
        findings.append(Finding(file.shown, line, "hint", "Everything after # is left out.", fix))
    findings += placeholder_hints(file, document)
    story, profile = None, None
    if file.kind == "person":
        profile, problems = parse_profile(file, document)
        findings += without_repeats(problems, file, document)
    elif file.kind == "story":
        story, problems = parse_story(file, document, options.default_lang)
        findings += without_repeats(problems, file, document)
        findings += body_findings(file, story, document)
        findings += promotion_hints(file, document)
    elif not str(document.front.get("title") or "").strip():
        findings.append(Finding(file.shown, 1, "error", "`title` is missing.", "Write one."))
    html = ""
    if options.html and not errors(findings):
        try:
            html = to_html(file, document, options.root, _convert())
        except ContentRefused as refused:
            findings += refused.findings
    read = Read(
        True,
        tuple(findings),
        story,
        profile,
        lang=_lang(document) if file.kind == "page" else None,
        date=_moment(document.front.get("date")) if story else None,
        modified=_moment(document.front.get("modified")) if story else None,
        minutes=minutes(spaced_text(html)) if story else 0,
        outline=Fingerprints().of((story, document.front.get("date"))) if story else b"",
    )
    return read, html


@cache
def _convert() -> Callable[[str], str]:
    """One converter a process."""
    return Converter().convert


def _lang(document: Document) -> str | None:
    lang = document.front.get("lang")
    return None if lang is None else str(lang)


def _moment(value: object) -> datetime.datetime | None:
    """A front-matter day with its time of day, as far as it says one."""
    if isinstance(value, str):
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime.datetime):
        return value
    return datetime.datetime.combine(value, datetime.time()) if isinstance(value, datetime.date) else None
