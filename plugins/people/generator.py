"""Reads content/people/, writes the profile pages, the directory and the redirects of old names."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pelican.generators import Generator
from pelican.writers import Writer

from plugins.guard.content import survey
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.photo import PhotoRefused

from .person import Person
from .profile import KINDS, parse_profile


class PeopleGenerator(Generator):  # type: ignore[misc]
    """`context["people"]`: those with a page, in the directory's order; `person_by_slug`: all."""

    def generate_context(self) -> None:
        """Read every person. Raises ContentRefused with everything that is wrong."""
        self.people: list[Person] = []
        findings: list[Finding] = []
        by_slug: dict[str, Person] = {}
        for file in survey(Path(self.path))[0]:
            if file.kind != "person":
                continue
            try:
                body, metadata = self.readers.readers["md"].read(str(file.path))
                profile, problems = parse_profile(file, metadata["document"])
                findings += problems
                if not errors(problems):
                    metadata.update(profile=profile, title=profile.name, summary=profile.summary)
                    by_slug[file.slug] = Person(body, metadata, self.settings, str(file.path), self.context)
            except ContentRefused as refused:
                findings += refused.findings
            except PhotoRefused as refused:
                findings.append(
                    Finding(file.shown, metadata["document"].line("portrait"), "error", str(refused), "")
                )
        if stop := errors(findings):
            raise ContentRefused(stop)
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

    def generate_output(self, writer: Writer) -> None:
        """Write the pages."""
        write = partial(writer.write_file, context=self.context, relative_urls=False)
        write("people/index.html", self.get_template("people"), url="people/")
        page, redirect = self.get_template("person"), self.get_template("redirect")
        for person in self.people:
            write(person.save_as, page, url=person.url, person=person)
            for alias in person.profile.aliases:
                if alias not in self.context["person_by_slug"]:
                    write(f"people/{alias}/index.html", redirect, url=f"people/{alias}/", target=person.url)


def lately(people: list[Person], count: int = 6) -> list[Person]:
    """Who told the newest stories, each once; then the others, as the directory has them. Not who left."""
    here = [person for person in people if not person.has_left]
    telling = [person for person in here if person.stories]
    telling.sort(key=lambda person: (person.stories[0].date, person.stories[0].slug), reverse=True)
    return [*telling, *(person for person in here if not person.stories)][:count]
