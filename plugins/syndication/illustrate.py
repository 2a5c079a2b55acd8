"""A story's pictures brought in: files of its own folder, named by us, credited, in their places.

A reader's browser never asks another host for a picture, so those of an entry become files beside the
story, with the author as credit and the author's words for those who cannot see them. Where there are
no such words nobody invents them: the editor is asked, and the story waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from plugins import FirsthandError
from plugins.guard.document import Document
from plugins.guard.fetch import FetchFailed, FetchRefused
from plugins.guard.fetch_answer import FetchUnfit
from plugins.guard.photo import SUFFIXES, Photo, PhotoRefused
from plugins.guard.text import one_line, slugify

from .body import MARK, body
from .composed import Composed
from .entry import Entry
from .images import Picture, images, picture
from .pictures import Fetches, once_of
from .source import Source

MAX_PHOTOS = 20  # of an entry
MAX_TOTAL = 40_000_000  # bytes of an entry's pictures as they are saved
ALTOGETHER = 90.0  # seconds for an entry's pictures
SMALLEST = 48  # pixels; what is smaller on both sides is an icon, a spacer or a counter
COVER = 320  # pixels of width, from which a picture can stand at the head of a page
ALT_LENGTH = 500  # characters


@dataclass(frozen=True)
class Illustrated:
    """A story with its pictures: the text to write, and the files that belong beside it."""

    made: Composed  # with `photos` and `cover`, and a draft where there is a question
    photos: Mapping[str, bytes] = field(default_factory=dict)  # the files, by name
    questions: tuple[str, ...] = ()  # to the editor, those of `made` among them
    notes: tuple[str, ...] = ()  # what was left out, and why
    lacks: bool = False  # pictures that may be there the next time: a server that does not answer now


async def illustrate(
    made: Composed, entry: Entry, source: Source, fetcher: Fetches, *, kept: Path | None = None
) -> Illustrated:
    """The story with its pictures brought in; without, as it was made, where none can be had.

    `kept` is the story's folder where there is one already: what lies in it is not fetched again, nor
    what an earlier entry of the same `fetcher` had. Nothing is written.
    """
    wanted = _wanted(made)
    if not wanted:
        return Illustrated(made, questions=made.questions)
    came = await _bring(wanted, fetcher, kept)
    found, notes = came.found, came.notes
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    photos: dict[str, dict[str, str]] = {}
    questions = list(made.questions)
    for shown in wanted:
        photo, key = found.get(shown.key), shown.key
        if photo is None:
            continue
        if made.lead and key == made.lead.key and 0 < photo.width < COVER:
            notes.append(f"{_shown(shown)} was left out: it is too small for the head of a page.")
            continue
        if len(files) >= MAX_PHOTOS or sum(map(len, files.values())) + len(photo.data) > MAX_TOTAL:
            notes.append(f"{_shown(shown)} was left out: the story has as many pictures as it may.")
            continue
        # Two addresses of one file: it is shown in both places, and kept once.
        same = next((name for name, data in files.items() if data == photo.data), "")
        names[key] = same or f"{picture_name(key)}{photo.suffix}"
        if same:
            continue
        files[names[key]] = photo.data
        alt = MARK.sub("(", one_line(shown.alt))[:ALT_LENGTH]
        photos[names[key]] = {word: value for word, value in (("alt", alt), ("credit", made.credit)) if value}
        if not alt:
            questions.append(f"{names[key]} has no alt text. Write what it shows under `photos`.")
    cover = names.get(made.lead.key, "") if made.lead else ""
    fields = dict(made.fields)
    if photos:
        fields |= ({"cover": cover} if cover else {}) | {"photos": photos}
    if questions:
        fields["status"] = "draft"
    text = body(made.parts, made.base, names, came.refused)
    whole = replace(made, fields=fields, body=text, told=made.digest, questions=tuple(questions))
    return Illustrated(whole, files, whole.questions, tuple(notes), came.lacks)


def lacking(made: Composed, document: Document) -> bool:
    """True where a story's file has not all the pictures that it might have."""
    listed = document.front.get("photos")
    there = {str(name).rpartition(".")[0] for name in listed} if isinstance(listed, dict) else set()
    return any(picture_name(shown.key) not in there for shown in _wanted(made))


def picture_name(key: str) -> str:
    """A file's name without its ending: some words of the address, and what tells it from others."""
    stem = unquote(urlsplit(f"//{key}").path).rpartition("/")[2].partition("?")[0].rpartition(".")
    words = slugify(stem[0] or stem[2], "photograph")[:40].strip("-")
    return f"{words}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _wanted(made: Composed) -> list[Picture]:
    """The pictures of the story in the order of the page; each once, with the first words for it."""
    shown = [picture(place) for part in made.parts for place in images(part)]
    known: dict[str, Picture] = {}
    for one in ([made.lead] if made.lead else []) + shown:
        before = known.setdefault(one.key, one)
        if one.alt and not before.alt:
            known[one.key] = Picture(before.addresses, one.alt)
    return list(known.values())


@dataclass
class _Came:
    """The photographs by their key, and of the others why they are left out."""

    found: dict[str, Photo] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # nobody may be sent there: inside somebody's network
    lacks: bool = False


async def _bring(wanted: list[Picture], fetcher: Fetches, kept: Path | None) -> _Came:
    came = _Came()

    async def one(shown: Picture) -> None:
        photo = _lying(kept, shown) if kept else None
        try:
            came.found[shown.key] = photo or await _first(shown, fetcher)
        except FirsthandError as error:
            if isinstance(error, FetchRefused):
                came.refused.add(shown.key)
            came.lacks |= isinstance(error, FetchFailed) and not isinstance(error, FetchUnfit)
            came.notes.append(f"{_shown(shown)} was left out: {_reason(error)}.")

    begun = [asyncio.create_task(one(shown)) for shown in wanted[:MAX_PHOTOS]]
    _, late = await asyncio.wait(begun, timeout=ALTOGETHER)
    for task in late:
        task.cancel()
    await asyncio.gather(*begun, return_exceptions=True)
    if late:
        came.lacks = True
        came.notes.append(f"{len(late)} pictures were left out: they took more than {ALTOGETHER:g} seconds.")
    if (more := len(wanted) - MAX_PHOTOS) > 0:
        came.notes.append(f"{more} pictures were left out: a story has {MAX_PHOTOS} at most.")
    came.notes.sort()
    return came


def _reason(error: FirsthandError) -> str:
    """Why, without what to do, which is said to whoever sends a photograph."""
    words = re.split(r"(?<=[.)]) (?=[A-Z])", one_line(str(error)))[0].rstrip(".")
    if "too large for" in words or isinstance(error.__cause__, MemoryError):
        return "it unpacks to far more than a photograph holds"
    return words


async def _first(shown: Picture, fetcher: Fetches) -> Photo:
    """The photograph from the first address that has one. Raises FirsthandError."""
    reason: FirsthandError | None = None
    for address in shown.addresses:
        try:
            photo = await once_of(fetcher).photo(address, fetcher)
        except FirsthandError as error:
            reason = reason or error
            continue
        if max(photo.width, photo.height) < SMALLEST:
            raise PhotoRefused(f"it has {photo.width} x {photo.height} pixels")
        return photo
    raise reason or FirsthandError("it has no address")


def _lying(folder: Path, shown: Picture) -> Photo | None:
    """The photograph that an earlier pull put there."""
    for kind, suffix in SUFFIXES.items():
        path = folder / f"{picture_name(shown.key)}{suffix}"
        if path.is_file() and not path.is_symlink():
            return Photo(path.read_bytes(), kind, 0, 0)
    return None


def _shown(shown: Picture) -> str:
    return one_line(shown.addresses[0])[:200]
