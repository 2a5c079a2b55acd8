"""What a story's file says: the front matter of content/stories/SLUG/index.md, parsed once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from plugins.guard.content import PHOTO_NAME, ContentFile
from plugins.guard.document import Document
from plugins.guard.fields import Fields
from plugins.guard.finding import Finding, Level
from plugins.people.profile import FOCALS

from .consent import Consent, parse_consent

RELATIONSHIPS = ("customer", "member", "employee", "former employee", "gifted", "paid", "partner", "guest")
PERMISSIONS = ("given", "own", "licence", "asked")
CREDIT_KINDS = ("edited", "translated", "photographed")
# `answers: nobody` is the storyteller's wish to have no conversation under the story.
NOBODY = "nobody"
SUMMARY_LENGTH = 300
TITLE_LENGTH = 250


@dataclass(frozen=True)
class PhotoNote:
    """What the story says of one photograph in its folder."""

    name: str
    alt: str
    credit: str
    permission: str
    focal: str


@dataclass(frozen=True)
class Via:
    """Where the story was first published."""

    name: str
    url: str


@dataclass(frozen=True)
class FeedSource:
    """The feed and the entry a story came from; what keeps a re-run from making it twice."""

    feed: str
    id: str


@dataclass(frozen=True)
class Story:
    """A story as its file describes it. Fields as in the README's table."""

    slug: str
    lang: str
    title: str
    date: datetime.date
    status: str
    authors: tuple[str, ...]
    category: str
    tags: tuple[str, ...]
    summary: str
    cover: str
    photos: tuple[PhotoNote, ...]
    appearing: tuple[str, ...]
    credits: tuple[tuple[str, tuple[str, ...]], ...]
    relationship: str
    answers: str
    conversation: tuple[tuple[str, str], ...]  # comment system, and the thread's place there
    via: Via | None
    canonical: str
    source: FeedSource | None
    consent: Consent | None
    locked: bool

    def photo(self, name: str) -> PhotoNote | None:
        """The note on a photograph by its file name."""
        return next((photo for photo in self.photos if photo.name == name), None)

    def named(self) -> list[tuple[str, str]]:
        """Every person the file names, with the field that names them."""
        pairs = [("author", slug) for slug in self.authors] + [("with", slug) for slug in self.appearing]
        pairs += [("credits", slug) for _, slugs in self.credits for slug in slugs]
        return pairs + ([("answers", self.answers)] if self.answers not in ("", NOBODY) else [])


def page_path(slug: str, lang: str, default: str) -> str:
    """The path of a story's page in a language, on a site whose own is `default`: "es/stories/SLUG/"."""
    return f"stories/{slug}/" if lang == default else f"{lang}/stories/{slug}/"


def parse_story(
    file: ContentFile, document: Document, default_lang: str = "en"
) -> tuple[Story, list[Finding]]:
    """The story and what is wrong with it. A story with errors must not be built.

    What only a published story needs (consent, alt texts, credits) is a hint in a draft.
    """
    fields = Fields(file, document)
    status = str(document.front.get("status", "published")).lower()
    canonical = fields.web_address("canonical")
    story = Story(
        slug=file.slug,
        lang=file.lang or fields.text("lang") or default_lang,
        title=fields.text("title", required="Write one: `title: The night the line stopped`."),
        date=fields.date("date", required="Write the day: `date: 2026-11-01`.") or datetime.date(1970, 1, 1),
        status=status,
        authors=_authors(fields),
        category=fields.text("category", required="Name the collection: `category: The workshop`."),
        tags=fields.texts("tags"),
        summary=fields.text("summary", required="Say in one sentence what the story is about."),
        cover=fields.text("cover"),
        photos=_photos(fields, file, status),
        appearing=fields.slugs("with"),
        credits=_credits(fields),
        relationship=fields.text("relationship"),
        answers=fields.text("answers"),
        conversation=_conversation(fields),
        via=_via(fields.mapping("via")),
        canonical=canonical,
        source=_source(fields.mapping("source")),
        consent=parse_consent(fields, status),
        locked=fields.flag("locked"),
    )
    if len(story.title) > TITLE_LENGTH:
        fields.refuse(
            "title", f"The title has {len(story.title)} characters.", f"Keep it under {TITLE_LENGTH}."
        )
    if len(story.summary) > SUMMARY_LENGTH:
        fields.refuse(
            "summary", f"The summary has {len(story.summary)} characters.", "Keep it to one sentence."
        )
    if story.cover and story.photo(story.cover) is None:
        fields.refuse(
            "cover",
            f"The cover {story.cover!r} is not among `photos`.",
            "List it there, with alt and credit.",
        )
    return story, fields.findings


def _authors(fields: Fields) -> tuple[str, ...]:
    if fields.has("author") and fields.has("authors"):
        fields.refuse("authors", "Both `author` and `authors` are there.", "Keep one, with everybody in it.")
    authors = fields.slugs("authors") or fields.slugs("author")
    if not authors and not fields.has("author") and not fields.has("authors"):
        fields.refuse(
            "author", "Nobody tells this story: `author` is missing.", "Write the slug of a person."
        )
    return authors


def _photos(fields: Fields, file: ContentFile, status: str) -> tuple[PhotoNote, ...]:
    listed = fields.mapping("photos")
    if listed is None:
        return ()
    level: Level = "error" if status == "published" else "hint"
    notes = []
    for name in listed.keys():  # noqa: SIM118 - a method, not a mapping's
        inner = listed.mapping(name)
        if not PHOTO_NAME.fullmatch(name):
            listed.refuse(
                "photos", f"{name!r} is not a photograph's name.", "Use letters, digits, - and _, and .jpg."
            )
            continue
        if not file.has(name):
            listed.refuse(name, f"The photograph {name} is not in the story's folder.", "Put it there.")
        if inner is None:
            listed.refuse(
                "photos", f"{name} has no alt text.", f'Write `{name}: {{alt: "...", credit: "..."}}`.'
            )
            continue
        inner.only(("alt", "credit", "permission", "focal"))
        alt, credit = inner.text("alt"), inner.text("credit")
        for what, value in (("alt text", alt), ("credit", credit)):
            if not value:
                inner.refuse(what.split()[0], f"{name} has no {what}.", f"Say {_ASK[what]}.", level)
        notes.append(PhotoNote(name, alt, credit, _permission(inner, level), inner.one_of("focal", FOCALS)))
    return tuple(notes)


def _permission(fields: Fields, level: Level) -> str:
    permission = fields.one_of("permission", PERMISSIONS)
    if permission == "asked":
        fields.refuse(
            "permission",
            "Who made it, or is in it, has been asked and has not said yes.",
            "Wait for it.",
            level,
        )
    return permission


_ASK = {"alt text": "what it shows, for those who cannot see it", "credit": "who made it"}


def _credits(fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    inner = fields.mapping("credits")
    if inner is None:
        return ()
    inner.only(CREDIT_KINDS)
    return tuple((kind, inner.slugs(kind)) for kind in CREDIT_KINDS if inner.has(kind))


def _conversation(fields: Fields) -> tuple[tuple[str, str], ...]:
    """The comment systems of this story; one alone may be written as a word."""
    if isinstance(fields.document.front.get("conversation"), str):
        return ((fields.text("conversation"), ""),)
    return fields.pairs("conversation")


def _via(inner: Fields | None) -> Via | None:
    if inner is None:
        return None
    inner.only(("name", "url"))
    name = inner.text("name", required="Say where it was first published.")
    url = inner.web_address("url")
    if not url:
        inner.refuse("url", "`via` has no address.", "Write the address of the first publication.")
    return Via(name, url) if name and url else None


def _source(inner: Fields | None) -> FeedSource | None:
    if inner is None:
        return None
    inner.only(("feed", "id"))
    return FeedSource(inner.text("feed", required="Name it."), inner.text("id", required="Name it."))
