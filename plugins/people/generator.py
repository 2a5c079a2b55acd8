"""Makes people of content/people/; writes the profile pages, the directory and the redirects of old names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pelican.generators import Generator

from plugins.guard.content import ContentFile
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.lines import Lines
from plugins.guard.photo import PhotoRefused

from .person import Person
from .profile import KINDS, Profile

# Where a run's settings keep what was read of people, by slug.
PROFILES = "BUILD_PEOPLE"


class Body(Protocol):
    """A text that is fetched when it is rendered."""

    def body(self) -> str: ...  # noqa: D102
    def fingerprint(self) -> bytes: ...  # noqa: D102


@dataclass(frozen=True)
class PersonRead:
    """One person's file, read and found right."""

    file: ContentFile
    profile: Profile
    body: Body


class PeopleGenerator(Generator):  # type: ignore[misc]
    """`context["people"]`: those with a page, in the directory's order; `person_by_slug`: all."""

    def generate_context(self) -> None:
        """Make a Person of each file. Raises ContentRefused for portraits that cannot be shown."""
        read: Mapping[str, PersonRead] = self.settings.get(PROFILES, {})
        by_slug: dict[str, Person] = {}
        refused: list[Finding] = []
        for slug, one in read.items():
            metadata = {
                "slug": slug,
                "title": one.profile.name,
                "summary": one.profile.summary,
                "profile": one.profile,
                "file": one.file,
                "body": one.body,
                "document": Lines(one.file),
            }
            try:
                by_slug[slug] = Person("", metadata, self.settings, str(one.file.path), self.context)
            except PhotoRefused as error:
                refused.append(
                    Finding(one.file.shown, Lines(one.file).line("portrait"), "error", str(error), "")
                )
        if refused:
            raise ContentRefused(refused)
        self.people = sorted(
            (person for person in by_slug.values() if person.has_page),
            key=lambda person: (
                KINDS.index(person.kind),
                person.has_left,
                person.name.casefold(),
                person.slug,
            ),
        )
        self.context["people"] = self.people
        self.context["person_by_slug"] = by_slug

    def refresh_metadata_intersite_links(self) -> None:
        """Pelican calls this once stories and people are linked, and before anything is written."""
        self.context["people_lately"] = lately(self.people)

    def generate_output(self, writer: Any) -> None:
        """Write the pages, by the site's own writer."""
        writer.page_of("people/index.html", "people.html", b"", self._directory)
        for person in self.people:
            writer.page_of(person.save_as, "person.html", b"", person.shown)
            for alias in person.profile.aliases:
                if alias not in self.context["person_by_slug"]:
                    target: partial[dict[str, str]] = partial(dict, target=person.url)
                    writer.page_of(f"people/{alias}/index.html", "redirect.html", b"", target)

    def _directory(self) -> dict[str, Any]:
        return {"people": tuple(person.entry for person in self.people)}


def lately(people: list[Person], count: int = 6) -> list[Person]:
    """Who told the newest stories, each once; then the others, as the directory has them. Not who left."""
    here = [person for person in people if not person.has_left]
    telling = [person for person in here if person.stories]
    telling.sort(key=lambda person: (person.stories[0].date, person.stories[0].slug), reverse=True)
    return [*telling, *(person for person in here if not person.stories)][:count]
