"""Members' feeds as content/sources.toml names them; every mistake is listed with its line."""

from __future__ import annotations

import datetime
import re
import reprlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from plugins import today
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.text import is_slug, one_line

from .agreed import agreed
from .web import web_address

NAME = "sources.toml"
CATEGORY = "From our members"
_WRITE = "Write [[source]] above each feed."
_KEYS = ("person", "feed", "mode", "review", "tags", "consent", "active", "category", "name", "known_as")
_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")


@dataclass(frozen=True)
class Source:
    """One member's own feed and what they agreed to."""

    person: str
    feed: str = ""  # the address; "" for a file given by hand
    mode: Literal["excerpt", "full"] = "excerpt"
    review: bool = True  # False: trusted, published without a draft
    tags: tuple[str, ...] = ()  # only entries with one of these; none: all
    consent: tuple[tuple[str, Any], ...] = ()  # becomes each story's consent; empty: none was given
    active: bool = True
    category: str = CATEGORY
    name: str = ""  # how readers see where it was first published; "": the feed's own title
    known_as: tuple[str, ...] = ()  # what the feed calls this person

    def ended(self, day: datetime.date) -> str:
        """In words that the consent has run out, so that no stories are made any more; "" while it lasts."""
        until = dict(self.consent).get("until")
        if until is None or day <= until:
            return ""
        return (
            f"paused, since the consent of {self.person} ended on {until}. Ask for a new one and write it"
            f" into {NAME}, or write active = false"
        )


def read_sources(content: Path) -> list[Source]:
    """The sources in the order of the file; none where there is no file.

    Raises ContentRefused with every problem at once.
    """
    path, shown = content / NAME, f"{content.name}/{NAME}"
    try:
        # Editors of Windows begin a file with a mark of their own.
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"It cannot be read: {error.strerror or error}."
        raise _refused(shown, 1, message, "Put a text file there.") from error
    except UnicodeDecodeError as error:
        raise _refused(shown, 1, "The file is not UTF-8 text.", "Save it again as UTF-8.") from error
    except RecursionError as error:
        message = "It cannot be read: lists or tables stand within each other, very many deep."
        raise _refused(shown, 1, message, _WRITE) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = int(line[1]) if line else text.rstrip().count("\n") + 1  # "at end of document"
        raise _refused(shown, at, f"It cannot be read: {error}.", "Mend this line.") from error
    people = {file.stem for file in (content / "people").glob("*.md")}
    findings: list[Finding] = []
    sources: list[Source] = []
    listed = tables.pop("source", [])
    for key in tables:
        message = f"There is no table `{one_line(key)[:80]}` here."
        findings.append(Finding(shown, 1, "error", message, _WRITE))
    if not isinstance(listed, list) or not all(isinstance(table, dict) for table in listed):
        findings.append(Finding(shown, 1, "error", "`source` is not a list of tables.", _WRITE))
        listed = []
    feeds: set[str] = set()
    for table, lines in zip(listed, _lines(text, len(listed)), strict=True):
        problems = [
            Finding(shown, lines.get(key, lines[""]), "error", message, fix)
            for key, message, fix in _problems(table, people, feeds)
        ]
        consent: dict[str, Any] = {}
        if "consent" in table:
            consent, wrong = agreed(table["consent"], path, shown, lines, today())
            problems += wrong
        findings += problems
        if not problems:
            sources.append(_source(table, consent))
    if findings:
        raise ContentRefused(findings)
    return sources


def check_sources(content: Path) -> list[Finding]:
    """What is wrong with the list of sources, and which of them are paused, for `./inv check`."""
    try:
        sources = read_sources(content)
    except ContentRefused as refused:
        return refused.findings
    text = (content / NAME).read_text("utf-8-sig") if sources else ""
    places = _lines(text, len(sources))
    return [
        Finding(
            f"{content.name}/{NAME}", lines.get("consent", lines[""]), "hint", f"{source.feed} is {said}.", ""
        )
        for source, lines in zip(sources, places, strict=True)
        if source.active and (said := source.ended(today()))
    ]


def _refused(shown: str, line: int, message: str, fix: str) -> ContentRefused:
    return ContentRefused([Finding(shown, line, "error", message, fix)])


def _lines(text: str, count: int) -> list[dict[str, int]]:
    """For each [[source]] the line of every key, and under "" that of its header."""
    found: list[dict[str, int]] = []
    for number, row in enumerate(text.split("\n"), 1):
        if _HEADER.match(row):
            found.append({"": number})
        elif found and (key := re.match(r"\s*([A-Za-z_]+)[\s.]*[=a-z]", row)):
            found[-1].setdefault(key[1], number)
    return (found + [{"": 1}] * count)[:count]


def _problems(table: dict[str, Any], people: set[str], feeds: set[str]) -> Iterator[tuple[str, str, str]]:
    """The key, what is wrong with it, and what to do."""
    for key in table:
        if key not in _KEYS:
            yield key, f"A source has no field `{one_line(key)[:80]}`.", f"It may have {', '.join(_KEYS)}."
    person, feed = table.get("person"), table.get("feed")
    if not is_slug(person):
        yield "person", "`person` is missing or no slug.", 'Write person = "mara-lind".'
    elif person not in people:
        yield "person", f"Nobody is called {person!r} in people/.", f"Write people/{person}.md first."
    if not isinstance(feed, str) or not web_address(feed):
        yield "feed", "`feed` is missing or no web address.", 'Write feed = "https://...".'
    elif feed in feeds:
        yield "feed", "This feed is there twice.", "Keep one of them."
    else:
        feeds.add(feed)
    if table.get("mode", "excerpt") not in ("excerpt", "full"):
        yield "mode", f"`mode` is {reprlib.repr(table['mode'])}.", 'Write "excerpt" or "full".'
    for key in ("review", "active"):
        if not isinstance(table.get(key, True), bool):
            yield key, f"`{key}` is {reprlib.repr(table[key])}.", "Write true or false."
    for key in ("category", "name"):
        value = table.get(key, "-")
        if not isinstance(value, str) or not value or one_line(value) != value:
            yield key, f"`{key}` is not one line of text.", "Write one line in quotes."
    for key, example in (("tags", '["work", "home"]'), ("known_as", '["Walt O."]')):
        words = table.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            yield key, f"`{key}` is not a list of words.", f"Write {key} = {example}."
    if "consent" not in table and table.get("review") is False:
        yield (
            "review",
            "A source without review publishes at once, so it needs the author's consent.",
            'Write consent = {given = 2026-10-01, version = 1, name = "full"}, or review = true.',
        )


def _source(table: dict[str, Any], consent: dict[str, Any]) -> Source:
    return Source(
        person=table["person"],
        feed=table["feed"],
        mode=table.get("mode", "excerpt"),
        review=table.get("review", True),
        tags=tuple(table.get("tags", ())),
        consent=tuple(consent.items()),
        active=table.get("active", True),
        category=table.get("category", CATEGORY),
        name=table.get("name", ""),
        known_as=tuple(table.get("known_as", ())),
    )
