"""Who receives stories: the site's name and addresses, and the people who sign what happens to a story."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.template import Words
from plugins.guard.text import is_slug
from plugins.people import Profile, parse_profile


@dataclass(frozen=True)
class Host:
    """The site as a storyteller meets it."""

    name: str
    url: str  # "https://stories.example.org", without a slash at its end
    content: Path
    words: Words
    reader: str = ""  # the slug of who reads what comes in
    submit: str = "/submit"

    def link(self, token: str) -> str:
        """The storyteller's own page, as a whole address."""
        return f"{self.url}{self.submit}/s/{token}"

    def live(self, slug: str) -> str:
        """The address of a published story."""
        return f"{self.url}/stories/{slug}/"

    def person(self, slug: str) -> Profile | None:
        """A person of content/people; None where there is none of that name, or their file is broken."""
        path = self.content / "people" / f"{slug}.md"
        if not is_slug(slug) or not path.is_file():
            return None
        try:
            file = ContentFile(path, f"people/{slug}.md", "person", slug, None)
            return parse_profile(file, read_document(path))[0]
        except ContentRefused:
            return None

    def signed(self, slug: str) -> str:
        """The name of who did a step; of who reads the stories where nobody is named, else ""."""
        found = self.person(slug) or self.person(self.reader)
        return found.name if found else ""
