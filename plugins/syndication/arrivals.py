"""Where feeds come from: the addresses of sources.toml, a few at a time, or a file given by hand."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path

from plugins import FirsthandError, today
from plugins.guard.fetch import Fetcher
from plugins.guard.fetch_turns import Places
from plugins.guard.text import is_slug, one_line
from plugins.people import did_you_mean, nearest

from .asking import Arrival, ask, moment
from .entry import Feed
from .parse import FeedUnreadable, read_export
from .schedule import is_due
from .source import Source, read_sources
from .visits import Visits

READERS = 2  # feeds being parsed at a time: a worker takes a processor for itself
_READ_AHEAD = 4  # feeds read that nobody has taken yet


class CannotPull(FirsthandError):
    """Words that name no feed or no person; nothing was read."""


def chosen(content: Path, person: str | None, say: Callable[[str], None]) -> list[Source]:
    """The sources to ask, or one person's; says which are retired or paused.

    Raises CannotPull, ContentRefused.
    """
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
        elif said := source.ended(today()):
            say(f"{source.feed}: {said}.")
    if not sources:
        say(f"{content.name}/sources.toml names no feed. Add a [[source]], or read a file with --file.")
    return [source for source in sources if source.active and not source.ended(today())]


async def arrive(
    sources: Iterable[Source],
    fetcher: Fetcher,
    visits: Visits,
    now: datetime.datetime,
    *,
    anyway: bool = False,
) -> AsyncIterator[Arrival]:
    """Every source as it comes in, the quickest first; those whose time has not come are not asked.

    `anyway` asks them too, and reads them whether they have changed or not. Errors are arrivals like
    others. What was learnt of feeds without news is written at the end, of the others when the
    caller calls `visits.done`. Close the iterator (`aclosing`) where it is left early: that ends every
    fetch and keeps what was learnt. Raises DatabaseUnusable.
    """
    second = int(now.timestamp())
    due = []
    for source in sources:
        visit = visits.of(source)
        if anyway or (is_due(visit.next_at, second) and not visit.paused):
            due.append(source)
        elif visit.paused:
            yield Arrival(source, error=visit.error)
        else:
            last = f"; the last time: {visit.error}" if visit.error else ""
            yield Arrival(source, unchanged=True, note=f"not asked: next at {moment(visit.next_at)}{last}")
    due.sort(key=lambda source: visits.of(source).failures)  # those that may hang come last
    come: asyncio.Queue[Arrival | BaseException] = asyncio.Queue(_READ_AHEAD)
    reading = asyncio.Semaphore(READERS)
    places = Places()

    async def one(source: Source) -> None:
        try:
            # A place here bounds how many bodies wait for the readers.
            async with places.one():
                arrival = await ask(source, fetcher, visits, second, reading, anew=anyway)
                await come.put(arrival)
        except Exception as error:
            await come.put(error)

    tasks = [asyncio.create_task(one(source)) for source in due]
    try:
        for _ in tasks:
            arrival = await come.get()
            if isinstance(arrival, BaseException):
                raise arrival
            yield arrival
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        visits.flush()


def from_file(content: Path, file: Path, person: str | None) -> tuple[Source, Feed | str]:
    """The feed in a file with the person it belongs to. Raises CannotPull where nobody is named."""
    people = sorted(path.stem for path in (content / "people").glob("*.md"))
    try:
        feed: Feed | str = read_export(file)
    except OSError as error:
        raise CannotPull(f"{file} cannot be read: {error.strerror or error}. Check its name.") from error
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
    if len(known) == 1 and (said := known[0].ended(today())):
        raise CannotPull(f"The feed of {person} is {said}.")
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
