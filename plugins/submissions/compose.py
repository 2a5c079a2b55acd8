"""A submission made into the files of a story: the text with its front matter, photographs named by us."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from PIL import Image

from plugins.desk.proposal import STORY, StoryFiles
from plugins.guard.content import ContentFile
from plugins.guard.finding import Finding
from plugins.guard.photo import FORMATS, SUFFIXES
from plugins.guard.text import SLUG_LENGTH, body_text, one_line, slugify, yaml_front_matter
from plugins.stories.reading import Options, read_one
from plugins.stories.story import NOBODY, SUMMARY_LENGTH

from .submission import Named, Photo, Receipt, Submission

CATEGORY = "Sent in"
TITLE_LENGTH = 120
_ENOUGH = 60  # characters, after which a sentence says what a story is about
# What Pelican takes for a link mark stays text.
_MARK = re.compile(r"[{|](?=\s*\w+\s*[}|])")
_SENTENCE = re.compile(r"[.!?…؟۔][\"'”’)]*(?=\s)")
_MARKUP = re.compile(r"^[#>\s*+-]+|[*_`]+|!?\[([^\]]*)\]\([^)]*\)", re.MULTILINE)


def credited(submission: Submission) -> str:
    """The name they wish to be shown by; no other leaves the database."""
    name = one_line(submission.name)
    match submission.style:
        case "other":
            return one_line(submission.shown_as)
        case "first":
            return name.split(" ")[0]
        case "initials":
            return " ".join(f"{word[0].upper()}." for word in name.split())
        case _:
            return name


def named(submission: Submission, stories: Collection[str], people: Collection[str]) -> Named:
    """Names that nobody has. Nobody is credited for a name that they typed: another gets a number."""
    return Named(
        _free(slugify(title_of(submission)), stories), _free(slugify(credited(submission), "guest"), people)
    )


def title_of(submission: Submission) -> str:
    """The title they gave, else the first words."""
    if title := _neutral(one_line(submission.title)):
        return _cut(title, TITLE_LENGTH)
    first = _words(submission.text).split(" ")
    return _cut(" ".join(first[:8]) + (" …" if len(first) > 8 else ""), TITLE_LENGTH) or "A story"


def summary_of(submission: Submission) -> str:
    """The first sentence, or the first few where they are short: the story itself stands below it."""
    words = _words(submission.text)
    ends = [found.end() for found in _SENTENCE.finditer(words, 0, SUMMARY_LENGTH - 80)]
    enough = [end for end in ends if end >= _ENOUGH]
    if not enough and (not ends or len(words) <= SUMMARY_LENGTH - 80):
        return _cut(words, SUMMARY_LENGTH - 80)
    return words[: enough[0] if enough else ends[-1]]


def story_files(submission: Submission, receipt: Receipt, names: Named) -> StoryFiles:
    """The story's folder: the same bytes whenever it is asked for. Raises ProposalRefused."""
    photos = _photos(submission)
    day = receipt.at.date()
    consent: dict[str, Any] = {
        "given": day,
        "version": submission.consent,
        "name": submission.style,
        "shown_as": credited(submission),
        "channels": list(submission.channels),
        "until": submission.until,
        "receipt": receipt.id,
    }
    fields: dict[str, Any] = {
        "title": title_of(submission),
        "date": day,
        "author": names.author,
        "category": CATEGORY,
        "summary": summary_of(submission),
        "lang": submission.lang,
        "status": "draft",
        "cover": next(iter(photos), ""),
        "photos": {name: _note(photo) for name, photo in photos.items()},
        "relationship": one_line(submission.relationship),
        "answers": "" if submission.conversation else NOBODY,
        "consent": {key: value for key, value in consent.items() if value},
    }
    text = yaml_front_matter({key: value for key, value in fields.items() if value})
    files = {STORY: (text + body_of(submission)).encode()}
    return StoryFiles(names.slug, {**files, **{name: photo.data for name, photo in photos.items()}})


def body_of(submission: Submission) -> str:
    """The story's text as it came, with the photographs after the first one below it."""
    rows = [_text(submission.text).strip()]
    rows += [f"![{_alt(photo)}]({{attach}}{name})" for name, photo in list(_photos(submission).items())[1:]]
    return "\n\n".join(rows) + "\n"


def checks(story: StoryFiles, names: Named, wanted: str) -> tuple[Finding, ...]:
    """What `./inv check` would say of the story, and whose name its teller has."""
    shown = f"content/stories/{story.slug}/{STORY}"
    path = Path("stories", story.slug, STORY)
    beside = frozenset(story.files) - {STORY}
    file = ContentFile(path, shown, "story", story.slug, None, beside)
    found = list(read_one(file, story.files[STORY], Options("en"))[0].findings)
    if names.author != slugify(wanted, "guest"):
        message = f"Somebody here is called {wanted} already; this may be somebody else."
        fix = f"If it is the same person, write `author: {slugify(wanted, 'guest')}`."
        found.append(Finding(shown, 1, "hint", message, fix))
    return tuple(found)


def _words(text: str) -> str:
    """The text on one line, without what Markdown adds to it."""
    return one_line(_neutral(_MARKUP.sub(lambda found: found[1] or "", body_text(text))))


def _cut(line: str, length: int) -> str:
    if len(line) <= length:
        return line
    return one_line(line[:length].rsplit(" ", 1)[0]).rstrip(" ,;:-") + " …"


def _neutral(line: str) -> str:
    return _MARK.sub("(", line)


def _text(text: str) -> str:
    return _MARK.sub(lambda mark: f"&#{ord(mark[0])};", body_text(text))


def _note(photo: Photo) -> dict[str, str]:
    said = {"alt": _neutral(one_line(photo.alt)), "credit": _neutral(one_line(photo.credit))}
    return {key: value for key, value in said.items() if value}


def _alt(photo: Photo) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", _neutral(one_line(photo.alt)))


def _photos(submission: Submission) -> dict[str, Photo]:
    return {_photo_name(photo, place): photo for place, photo in enumerate(submission.photos, start=1)}


def _photo_name(photo: Photo, place: int) -> str:
    """A name of ours; its ending by what is in it, for a server tells browsers the format by that."""
    with Image.open(io.BytesIO(photo.data), formats=FORMATS) as image:
        return f"photo-{place}{SUFFIXES['JPEG' if image.format == 'MPO' else str(image.format)]}"


def _free(wanted: str, taken: Collection[str]) -> str:
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted[: SLUG_LENGTH - len(str(number)) - 1].rstrip('-')}-{number}"
    return slug
