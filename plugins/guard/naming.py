"""What a file of the content folder may be called, and what to call it instead."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .photo import NAMED
from .text import slugify

# Cameras end their names in capitals: IMG_1234.JPG.
_ENDINGS = "jpe?g|png|webp|avif|JPE?G|PNG|WEBP|AVIF"
PHOTO_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]*\.(?:{_ENDINGS})")
NAME_LENGTH = 1000  # characters, longer than a file system allows even where each is escaped
_PHONES = (".heic", ".heif")
# The ending that people write for a text, for the address that it is to have.
_TEXT = re.compile(r"(?P<stem>[^/]+?)\.(?:md|markdown|mdown|mkd|md\.txt|markdown\.txt)", re.IGNORECASE)
_IN_A_LANGUAGE = re.compile(r"index[._ -]+(?P<language>\w+(?:-\w+)?)", re.IGNORECASE)
_LANGUAGES = {
    "deutsch": "de",
    "ger": "de",
    "german": "de",
    "eng": "en",
    "english": "en",
    "español": "es",
    "espanol": "es",
    "esp": "es",
    "spanish": "es",
    "français": "fr",
    "francais": "fr",
    "french": "fr",
    "italiano": "it",
    "italian": "it",
    "nederlands": "nl",
    "dutch": "nl",
    "polski": "pl",
    "polish": "pl",
    "português": "pt",
    "portugues": "pt",
    "portuguese": "pt",
}


def is_photograph(name: str) -> bool:
    """True for what is meant as a photograph, whether it can be shown or not."""
    return Path(name).suffix.lower() in (*NAMED, *_PHONES)


def is_misnamed(name: str) -> bool:
    """True for a photograph that is refused for its name alone."""
    return is_photograph(name) and not PHOTO_NAME.fullmatch(name)


def misnamed(folder: Path) -> tuple[str, ...]:
    """The photographs in a folder that are refused for their names."""
    return tuple(sorted(filter(is_misnamed, _names(folder))))


def refusal(path: Path) -> tuple[str, str]:
    """What is wrong with a photograph's name, and what to do."""
    if path.suffix.lower() in _PHONES:
        return "This is a HEIC photograph, as iPhones make them.", "Export it as JPEG."
    return (
        "The photograph's name has other marks than letters, digits, - and _.",
        f"Rename it to {slugify(path.stem, 'photograph')}{path.suffix.lower()}, here and in the text.",
    )


def cure(relative: str, path: Path) -> tuple[str, str]:
    """What is wrong with a file that is not published from where it lies, and what to do."""
    message = "Files of this kind are not published from here."
    place, _, name = relative.rpartition("/")
    if text := _TEXT.fullmatch(name):
        if place == "stories":
            message = "A story has a folder of its own."
            return message, f"Give it a folder: stories/{slugify(text['stem'], 'story')}/index.md."
        if re.fullmatch(r"stories/[^/]+", place):
            if spoken := _IN_A_LANGUAGE.fullmatch(text["stem"]):
                message = "A translation's name has two letters for its language."
                letters = _two_letters(spoken["language"])
                return message, f"Two letters: index.{letters}.md." if letters else "Write index.de.md, say."
            if not _has(path.parent, "index.md"):
                return "A story's text is called index.md.", "Rename it to index.md."
        elif place in ("people", "pages") and not _has(path.parent, plain := f"{text['stem']}.md"):
            return "A text's name ends in .md.", f"Rename it to {plain}."
    return message, (
        "Stories are stories/SLUG/index.md with .jpg, .png, .webp or .avif photographs beside it;"
        " take anything else out of content/."
    )


def _has(folder: Path, name: str) -> bool:
    # By its exact name: some file systems take Index.md for index.md.
    return name in _names(folder)


def _names(folder: Path) -> set[str]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries}
    except OSError:
        return set()


def _two_letters(language: str) -> str | None:
    language = language.lower()
    if re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", language):
        return language
    return _LANGUAGES.get(language)
