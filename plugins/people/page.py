"""What the pages show of a person: their own page, and their place in the directory. Plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from plugins.guard.photo import Photograph
from plugins.guard.template import as_script

from .face import Face
from .profile import Role


@dataclass(frozen=True)
class PersonEntry:
    """A person in the directory."""

    slug: str
    url: str
    kind: str
    tint: str
    face: Face
    ask_me_about: tuple[str, ...]
    role_line: str
    left_year: int | None  # the year in which they left

    @property
    def has_left(self) -> bool:
        """True for somebody who is here no more."""
        return self.left_year is not None


@dataclass(frozen=True)
class PersonPage:
    """A person's own page, but for their text. `asked_under` is the latest story where they answer."""

    slug: str
    name: str
    url: str
    summary: str
    tint: str
    face: Face
    portrait: Photograph | None
    roles: tuple[Role, ...]
    role_line: str
    has_left: bool
    has_feed: bool
    ask_me_about: tuple[str, ...]
    languages: tuple[str, ...]
    answers_within: str
    place: str
    pronouns: str
    links: tuple[str, ...]
    speaks: tuple[str, ...]  # languages, by their codes
    works_here: bool
    stories: tuple[Any, ...]
    appears_in: tuple[Any, ...]
    replies: tuple[Any, ...]
    talked: tuple[Any, ...]  # the latest conversations under their stories, where others answered
    asked_under: Any

    def json_ld(self, site_url: str, site_name: str) -> Markup:
        """The page for machines, safe inside a script element; only what the page itself shows.

        Source: https://schema.org/ProfilePage
        """
        person: dict[str, Any] = {"@type": "Person", "name": self.name, "url": f"{site_url}/{self.url}"}
        if self.portrait:
            person["image"] = f"{site_url}/{self.portrait.url}"
        if self.role_line:
            person["jobTitle"] = self.role_line
        if self.works_here:
            person["worksFor"] = {"@type": "Organization", "name": site_name}
        if self.speaks:
            person["knowsLanguage"] = list(self.speaks)
        if self.links:
            person["sameAs"] = list(self.links)
        return as_script({"@context": "https://schema.org", "@type": "ProfilePage", "mainEntity": person})
