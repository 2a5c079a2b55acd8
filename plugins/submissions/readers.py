"""Who is on the other side of the form: the person who reads, those who work here, and what is promised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.likeness import skeleton
from plugins.guard.photo import Photograph, PhotoRefused, measure
from plugins.people import Face, Profile, parse_profile
from plugins.people.face import face_of


@dataclass(frozen=True)
class Reader:
    """Who reads what comes in, and how soon they answer."""

    face: Face
    within: str


def reader_of(content: Path, slug: str) -> Reader | None:
    """Who reads stories, with their face; None where the settings name nobody."""
    profile = _profile(content / "people" / f"{slug}.md") if slug else None
    if profile is None:
        return None
    day = today()
    portrait = _portrait(content / "people", profile)
    face = face_of(profile, f"people/{slug}/", portrait, on=day, today=day, gone_name=profile.name)
    return Reader(face, profile.answers_within)


def staff_names(content: Path) -> dict[str, str]:
    """The names of those who work here, by what each looks like."""
    read = map(_profile, sorted((content / "people").glob("*.md")))
    return {skeleton(one.name): one.name for one in read if one and one.kind == "staff" and not one.left}


def promise_version(content: Path) -> str:
    """The version of content/pages/promise.md that is agreed to; "1" where it names none."""
    path = content / "pages" / "promise.md"
    return str(read_document(path).front.get("version") or "1") if path.is_file() else "1"


def _profile(path: Path) -> Profile | None:
    """A person's profile; None where there is none, or a build would refuse it."""
    if not path.is_file():
        return None
    try:
        file = ContentFile(path, f"people/{path.name}", "person", path.stem, None)
        return parse_profile(file, read_document(path))[0]
    except ContentRefused:
        return None


def _portrait(folder: Path, profile: Profile) -> Photograph | None:
    if not profile.portrait:
        return None
    source = folder / profile.portrait
    try:
        size = measure(source)
    except PhotoRefused:
        return None
    focal = f"focal-{profile.portrait_focal}" if profile.portrait_focal else ""
    words = profile.portrait_alt, profile.portrait_credit
    return Photograph(f"people/{profile.portrait}", *size, *words, focal, source)
