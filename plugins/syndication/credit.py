"""Whose story an entry is: told by an exact name, or asked. Nobody is credited by a likeness."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.guard.content import ContentFile
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.mailboxes import name_alone
from plugins.guard.text import one_line
from plugins.people import Profile, parse_profile
from plugins.stories.consent import Consent

from .entry import Entry, Feed
from .source import Source

LONGEST = 80  # characters of a name, as it is shown to an editor


@dataclass(frozen=True)
class Credited:
    """Who tells a story, by which name its pictures are credited, and what the editor has to say."""

    author: str
    name: str
    questions: tuple[str, ...] = ()
    consents: bool = True  # the source's consent is this person's


def read_people(content: Path) -> dict[str, Profile]:
    """The people of content/people by slug; a file that cannot be read is left to `./inv check`."""
    found = {}
    for path in sorted((content / "people").glob("*.md")):
        shown = f"{content.name}/people/{path.name}"
        try:
            document = read_document(path, shown)
        except ContentRefused:
            continue
        file = ContentFile(path, shown, "person", path.stem, None)
        found[path.stem] = parse_profile(file, document)[0]
    return found


def match_author(entry: Entry, feed: Feed, source: Source, people: Mapping[str, Profile]) -> str | None:
    """The person who wrote an entry: the feed's owner, or somebody by their exact name; None: ask.

    Capitals and spaces do not count, and an e-mail address is no name. The owner is who an entry
    without a name is by, and who is meant by the feed's own author or by a name in `known_as`.
    """
    name = name_alone(entry.author)
    if not name:
        return source.person
    found = [slug for slug, profile in people.items() if _folded(name) in _names(slug, profile)]
    if source.person in found:
        return source.person
    if found:
        return found[0] if len(found) == 1 else None
    own = {_folded(name_alone(feed.author)), *map(_folded, source.known_as)}
    return source.person if _folded(name) in own else None


def credit(entry: Entry, feed: Feed, source: Source, people: Mapping[str, Profile]) -> Credited:
    """Who is credited. Where nobody is certain the owner stands in, in a draft, until an editor says."""
    author = match_author(entry, feed, source, people)
    written = name_alone(entry.author)[:LONGEST]
    if author is None:
        ask = (
            f"The feed says {written!r} wrote it, and nobody here has that name."
            f' If it is {source.person}, write known_as = ["{_quoted(written)}"] in its source;'
            " else correct `author`."
        )
        return Credited(source.person, _shown(source.person, source, people), (ask,), consents=False)
    if author != source.person:
        ask = f"{author} wrote it, in the feed of {source.person}. Ask {author} for consent."
        return Credited(author, people[author].name, (ask,), consents=False)
    return Credited(author, _shown(author, source, people))


def _names(slug: str, profile: Profile) -> set[str]:
    """A person's name, slug and aliases, the latter also as two words."""
    slugs = [slug, *profile.aliases]
    return {_folded(profile.name), *slugs, *(name.replace("-", " ") for name in slugs)}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", one_line(name)).casefold()


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _shown(slug: str, source: Source, people: Mapping[str, Profile]) -> str:
    """The owner's name as they agreed to be shown."""
    profile = people.get(slug)
    if profile is None:
        return ""
    agreed = dict(source.consent)
    if not agreed:
        return profile.name
    return Consent(
        agreed["given"], str(agreed["version"]), agreed["name"], str(agreed.get("shown_as", "")), (), None, ""
    ).name_for(profile)
