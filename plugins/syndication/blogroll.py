"""A list of feeds from elsewhere into content/sources.toml: known people at once, the others by asking.

Nobody is guessed: an outline belongs to the one person who has exactly its name, or who names its
address in their own file. What is in sources.toml already, retired or not, stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.files import write_atomically
from plugins.guard.text import one_line
from plugins.people import Profile, nearest

from .credit import read_people
from .opml import Outline
from .parse import FeedUnreadable, read_outlines
from .source import NAME, read_sources
from .web import host, web_address

_LONGEST = 100  # characters of a title, as it is asked about


class CannotImport(FirsthandError):
    """A list that cannot be read; nothing was written."""


def import_sources(content: Path, file: Path, say: Callable[[str], None]) -> int:
    """Append a [[source]] for every feed of an OPML file whose owner is known; how many there were.

    Says a line for each. New sources are excerpts that wait for an editor. Raises CannotImport,
    ContentRefused where sources.toml is wrong already, and OSError.
    """
    try:
        outlines = read_outlines(file)
    except FeedUnreadable as error:
        raise CannotImport(f"{file}: {str(error).rstrip('.')}. Export the list anew, as OPML.") from error
    except OSError as error:
        raise CannotImport(f"{file} cannot be read: {error.strerror or error}. Check its name.") from error
    have = {_same(source.feed): source.person for source in read_sources(content)}
    people = read_people(content)
    added: list[tuple[str, str]] = []
    asked = there = 0
    for outline in outlines:
        title, feed = one_line(outline.title)[:_LONGEST] or host(outline.feed), web_address(outline.feed)
        shown = f"{title} ({one_line(outline.feed)[:300]})"
        if not feed:
            asked += 1
            say(f"  left out  {shown}: its address may not become a link. Look at it by hand.")
        elif owner := have.get(_same(feed)):
            there += 1
            say(f"  there     {shown}: in {NAME} already, for {owner}")
        elif len(owners := _owners(outline, people)) == 1:
            have[_same(feed)] = owners[0]
            added.append((owners[0], feed))
            say(f"  new       {shown}: for {owners[0]}")
        else:
            asked += 1
            say(f"  asked     {_question(title, shown, owners, people)}")
    if added:
        _append(content / NAME, added)
    say(f"{len(added)} new, {there} there already, {asked} to be answered by you.")
    return len(added)


def _owners(outline: Outline, people: Mapping[str, Profile]) -> list[str]:
    """Who names one of the outline's addresses; else who has its title for a name."""
    addresses = {_same(address) for address in (outline.feed, outline.site) if address}
    by_address = [slug for slug, who in people.items() if addresses & set(map(_same, who.links))]
    name = _folded(outline.title)
    by_name = [
        slug for slug, who in people.items() if name in map(_folded, (who.name, slug, *who.aliases)) and name
    ]
    return by_address or by_name


def _question(title: str, shown: str, owners: list[str], people: Mapping[str, Profile]) -> str:
    if owners:
        several = " and ".join(owners)
        return f"Whose is {shown}? It fits {several}. Add a [[source]] for the right one to {NAME}."
    near = nearest(title.lower().replace(" ", "-"), {slug: slug for slug in people})
    hint = f" Is it {' or '.join(near)}?" if near else ""
    return (
        f"Whose is {shown}? Nobody in people/ has that name or address.{hint}"
        " Write its address into that person's `links`, and import the list again."
    )


def _append(file: Path, added: Iterable[tuple[str, str]]) -> None:
    text = file.read_text("utf-8") if file.exists() else ""
    tables = [f"[[source]]\nperson = {_quoted(person)}\nfeed = {_quoted(feed)}\n" for person, feed in added]
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    write_atomically(file, before + "\n".join(tables))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # of one line without controls TOML says the same


def _same(address: str) -> str:
    """For comparing only: http and https are one, and so are a host with and without www."""
    return re.sub(r"^https?://(?:www\.)?", "", address.strip(), flags=re.IGNORECASE).rstrip("/").casefold()


def _folded(name: str) -> str:
    return " ".join(one_line(name).casefold().split())
