"""content/withdrawn.toml: the addresses of stories that their storytellers took back; never their words."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from plugins.guard.content import LANGUAGE
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.text import is_slug

FILE = "withdrawn.toml"
_HEAD = (
    "# Stories that their storytellers took back. A quiet note stays at each address; take a story out of\n"
    "# this list only when its storyteller asks for it.\n"
)
_LINE = re.compile(r"^slug *= *\"(?P<slug>[^\"]*)\"", re.MULTILINE)


@dataclass(frozen=True)
class Withdrawn:
    """One story that was taken back: where it was, and since when it is not."""

    slug: str
    on: datetime.date
    languages: tuple[str, ...] = ()  # of its translations, beside the site's own


def read_withdrawn(content: Path) -> list[Withdrawn]:
    """The list, in the order of the file. Raises ContentRefused with everything that is wrong with it."""
    found, findings = _read(content)
    if findings:
        raise ContentRefused(findings)
    return found


def check_withdrawn(content: Path) -> list[Finding]:
    """What is wrong with the list, and stories that are on it and in stories/ too."""
    found, findings = _read(content)
    for one in found:
        if (content / "stories" / one.slug).exists():
            findings.append(_back(content, one.slug))
    return findings


def _back(content: Path, slug: str) -> Finding:
    return Finding(
        f"{content.name}/{FILE}",
        _line_of(content, slug),
        "error",
        f"stories/{slug} was taken back by its storyteller, and is there again.",
        "Take the folder away; or, where they asked for it, take the entry out of this list.",
    )


def _read(content: Path) -> tuple[list[Withdrawn], list[Finding]]:
    shown, path = f"{content.name}/{FILE}", content / FILE
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("withdrawn", [])
    except FileNotFoundError:
        return [], []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [Finding(shown, 1, "error", f"This is no TOML: {error}.", "Correct it.")]
    found: list[Withdrawn] = []
    findings: list[Finding] = []
    for entry in entries if isinstance(entries, list) else [None]:
        one = _one(entry)
        if one is None:
            fix = 'Write `slug = "the-bell"` and `on = 2026-11-22` under [[withdrawn]].'
            findings.append(Finding(shown, 1, "error", "An entry is not as it should be.", fix))
        elif one.slug in {other.slug for other in found}:
            findings.append(Finding(shown, 1, "error", f"{one.slug} is there twice.", "Keep one."))
        else:
            found.append(one)
    return found, findings


def _one(entry: object) -> Withdrawn | None:
    if not isinstance(entry, dict) or not set(entry) <= {"slug", "on", "languages"}:
        return None
    slug, on, languages = entry.get("slug"), entry.get("on"), entry.get("languages", [])
    if not isinstance(slug, str) or not is_slug(slug) or not isinstance(on, datetime.date):
        return None
    if not isinstance(languages, list) or not all(
        isinstance(lang, str) and LANGUAGE.fullmatch(lang) for lang in languages
    ):
        return None
    return Withdrawn(slug, on, tuple(languages))


def slugs_in(text: str) -> set[str]:
    """The addresses that a list names, in whatever state it is otherwise."""
    return {found["slug"] for found in _LINE.finditer(text)}


def with_one_more(text: str, one: Withdrawn) -> str:
    """The file's text with this entry at its end; as it is where the slug is there already."""
    if one.slug in slugs_in(text):
        return text
    rows = ["[[withdrawn]]", f'slug = "{one.slug}"', f"on = {one.on.isoformat()}"]
    if one.languages:
        rows.append(f"languages = [{', '.join(_quoted(one.languages))}]")
    return (
        f"{text.rstrip()}\n\n" * bool(text.strip())
        + (_HEAD + "\n") * (not text.strip())
        + "\n".join([*rows, ""])
    )


def _quoted(words: Iterable[str]) -> list[str]:
    return [f'"{word}"' for word in words]


def _line_of(content: Path, slug: str) -> int:
    text = (content / FILE).read_text("utf-8")
    found = next((found for found in _LINE.finditer(text) if found["slug"] == slug), None)
    return text.count("\n", 0, found.start()) + 1 if found else 1
