"""Storytellers who have no file in content/people/ yet, known by the name that their consent carries.

A story from the form may be merged on a forge's own pages; its teller's file is made afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins import today
from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.text import yaml_front_matter
from plugins.people import PersonRead, Profile, parse_profile
from plugins.people.profile import Kind

from .consent import may_show
from .story import Story


@dataclass(frozen=True)
class Newcomer:
    """Who tells a story, as it says itself; `shows` where that story does today."""

    file: ContentFile  # the story's
    profile: Profile
    shows: bool

    @property
    def read(self) -> PersonRead:
        """As if they had a file that says no more than their name."""
        return PersonRead(self.file, self.profile, _Nothing(self.profile))


@dataclass(frozen=True)
class _Nothing:
    profile: Profile

    def body(self) -> str:
        return ""

    def fingerprint(self) -> bytes:
        return hashlib.sha256(
            f"{self.profile.slug} {self.profile.kind} {self.profile.name}".encode()
        ).digest()


def newcomers(
    stories: Iterable[tuple[ContentFile, Story]], known: Mapping[str, object]
) -> dict[str, Newcomer]:
    """By slug. Only a story that came with a receipt names one, and only its own single teller."""
    found: dict[str, Newcomer] = {}
    for file, story in stories:
        consent = story.consent
        if consent is None or not consent.receipt or not consent.shown_as or len(story.authors) != 1:
            continue
        slug = story.authors[0]
        if slug in known or (slug in found and found[slug].shows):
            continue
        shows = may_show(story, "site", today())
        found[slug] = Newcomer(file, _profile(file, slug, consent.shown_as, story.relationship), shows)
    return found


def kind_of(relationship: str) -> Kind:
    """What somebody is who stands in that relationship to the company."""
    return "member" if relationship == "member" else "guest" if relationship == "guest" else "customer"


def _profile(file: ContentFile, slug: str, name: str, relationship: str) -> Profile:
    """As their file would say it."""
    said = yaml_front_matter({"name": name, "kind": kind_of(relationship)}).encode()
    person = ContentFile(file.path, file.shown, "person", slug, None, frozenset())
    return parse_profile(person, read_document(file.path, file.shown, said))[0]
