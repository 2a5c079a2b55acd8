"""Where feeds come from: the addresses of sources.toml, a few at a time, or a file given by hand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from plugins import FirsthandError
from plugins.guard.fetch import fetch
from plugins.guard.text import is_slug, one_line
from plugins.people import did_you_mean, nearest

from .entry import Feed
from .parse import MAX_FEED, FeedUnreadable, read_feed
from .source import Source, read_sources

A_HOST = 2  # connections to one host at a time
DEADLINE = 30.0  # seconds for one feed
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)

Arrival = tuple[Source, Feed | str]  # a feed, or in words why there is none


class CannotPull(FirsthandError):
    """Words that name no feed or no person; nothing was read."""


def chosen(content: Path, person: str | None, say: Callable[[str], None]) -> list[Source]:
    """The active sources, or one person's; says which are retired. Raises CannotPull, ContentRefused."""
    sources = read_sources(content)
    if person is not None:
        mine = [source for source in sources if source.person == person]
        if not mine:
            names = sorted({source.person for source in sources})
            raise CannotPull(
                f"{content.name}/sources.toml has no feed of {person!r}. {_nearest(person, names)}"
            )
        sources = mine
    for source in sources:
        if not source.active:
            say(f"{source.feed}: retired; its stories stay.")
    if not sources:
        say(f"{content.name}/sources.toml names no feed. Add a [[source]], or read a file with --file.")
    return [source for source in sources if source.active]


async def fetch_all(sources: list[Source], contact: str) -> list[Arrival]:
    """Every source with its feed, or with why it could not be read; in their order."""
    gates: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(A_HOST))
    # A worker takes a processor for itself, so no more of them than two at a time either.
    reading = asyncio.Semaphore(A_HOST)

    async def one(source: Source) -> Arrival:
        try:
            async with gates[urlsplit(source.feed).hostname or ""]:
                answer = await fetch(
                    source.feed, limit=MAX_FEED, deadline=DEADLINE, accept=ACCEPT, contact=contact
                )
            if answer.status != 200:
                return source, f"the server answered {answer.status}"
            async with reading:
                return source, await asyncio.to_thread(
                    read_feed, answer.body, answer.url, answer.content_type
                )
        except FirsthandError as error:
            return source, str(error).rstrip(".")

    return list(await asyncio.gather(*map(one, sources)))


def from_file(content: Path, file: Path, person: str | None) -> Arrival:
    """The feed in a file with the person it belongs to. Raises CannotPull where nobody is named."""
    people = sorted(path.stem for path in (content / "people").glob("*.md"))
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_FEED else b""
    except OSError as error:
        raise CannotPull(f"{file} cannot be read: {error.strerror or error}. Check its name.") from error
    try:
        feed: Feed | str = read_feed(data) if data or not size else f"it has {size:,} bytes, too many"
    except FeedUnreadable as error:
        feed = str(error)
    if person is None:
        author = one_line(feed.author)[:80] if isinstance(feed, Feed) else ""
        said = f" It names {author!r} as its author, but a name proves nothing." if author else ""
        raise CannotPull(
            f"Whose feed is {file}?{said} Say it with --source PERSON. {_nearest(author, people)}"
        )
    if not is_slug(person) or person not in people:
        raise CannotPull(f"{content.name}/people has nobody called {person!r}. {_nearest(person, people)}")
    known = [source for source in read_sources(content) if source.person == person]
    # Nobody said that this file is the feed they agreed to, so what comes of it waits for an editor.
    # An editor who names a file wants what is in it: the tags that choose from the feed do not count.
    return replace(known[0] if len(known) == 1 else Source(person), review=True, tags=()), feed


def _nearest(name: str, names: list[str]) -> str:
    near = nearest(name.lower().replace(" ", "-"), {slug: slug for slug in names})
    if near:
        return did_you_mean(near)
    if not names:
        return "There is nobody yet: write a person's file first (./inv new-person)."
    shown = ", ".join(names[:12])
    return f"There are: {shown}{' ...' if len(names) > 12 else ''}."
