"""/feeds/members.opml: the members' own sites as a list that feed readers take."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins import today
from plugins.fastbuild import SiteWriter
from plugins.fastbuild.world import world_of

from .opml import Outline, write_opml
from .source import Source, read_sources

ADDRESS = "feeds/members.opml"


class MembersGenerator(Generator):  # type: ignore[misc]
    """Writes the list where anybody is on it; `context["members_list"]` is its address then."""

    outlines: tuple[Outline, ...] = ()

    def generate_output(self, writer: SiteWriter) -> None:
        """The list as OPML 2.0."""
        if self.outlines:
            title = self.settings["FIRSTHAND_WORDS"].say("members_list_of", name=self.settings["SITENAME"])
            writer.put(Path(ADDRESS), write_opml(title, self.outlines))


def make_list(_: Any) -> type[MembersGenerator]:
    """Who writes the list, for Pelican."""
    return MembersGenerator


def list_members(generators: Iterable[Any]) -> None:
    """When everybody is known: who is on the list. Raises ContentRefused for a wrong sources.toml."""
    for generator in generators:
        if isinstance(generator, MembersGenerator):
            sources = read_sources(Path(generator.settings["PATH"]))
            generator.outlines = tuple(_shown(sources, generator.context["person_by_slug"]))
            generator.context["members_list"] = ADDRESS if generator.outlines else ""
            # The page of feeds names the list only where there is one.
            world_of(generator.settings).stands_on("plugins.syndication", bool(generator.outlines))


def _shown(sources: Iterable[Source], people: dict[str, Any]) -> Iterable[Outline]:
    """Active sources of people who have a page, where their consent does not say otherwise."""
    for source in sources:
        person = people.get(source.person)
        if source.active and person is not None and person.has_page and _agreed(source, today()):
            yield Outline(person.profile.name, source.feed)


def _agreed(source: Source, day: datetime.date) -> bool:
    """True where a consent, if one is written, covers the whole name, on the site and in feeds, today."""
    consent = dict(source.consent)
    if not consent:
        return True
    open_to = {"site", "feeds"} <= set(consent["channels"])
    return bool(consent["name"] == "full" and open_to and not source.ended(day))
