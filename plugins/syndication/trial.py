"""Trying an address: is there a feed, or a page that names one, and what would become of its entries."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

from plugins.guard.fetch import Fetcher, Response
from plugins.guard.text import one_line

from .arrivals import CannotPull
from .asking import ACCEPT, DEADLINE, Arrival
from .bring import rehearse
from .discover import find_feeds
from .entry import Feed
from .parse import MAX_FEED, FeedUnreadable, read_feed
from .report import PullReport, Say
from .source import Source, read_sources
from .web import web_address


def try_address(
    content: Path, address: str, *, person: str = "", say: Say = print, contact: str = ""
) -> PullReport:
    """Say what a pull would do with the feed at an address, or with the one that a blog's page names.

    `person` is whose it would be; where sources.toml has the feed already, it is theirs. Nothing is written.
    Raises CannotPull where there is no feed, FetchRefused, FetchFailed, DatabaseUnusable, ContentRefused.
    """
    url = web_address(address if "://" in address else f"https://{address}")
    if not url:
        raise CannotPull(
            f"{one_line(address)[:200]!r} is no web address. Write it like https://blog.example/."
        )
    asked, answer, feed = asyncio.run(_find(url, say, contact))
    for line in _described(asked, answer, feed):
        say(line)
    known = {source.feed: source for source in read_sources(content)}
    source = known.get(asked) or known.get(url)
    if source is None:
        source = Source(person or _somebody(content), asked)
        say("  It is not in sources.toml yet. To bring it in, write there:")
        say(f'  [[source]]\n  person = "{person or "SLUG"}"\n  feed = "{_lasting(asked, answer)}"')
    return rehearse(content, Arrival(dataclasses.replace(source, feed=asked), feed), say=say, contact=contact)


async def _find(url: str, say: Say, contact: str) -> tuple[str, Response, Feed]:
    """The feed at this address, or the first that can be read of those that the page there names."""
    async with Fetcher(contact=contact) as fetcher:
        answer = await _get(fetcher, url)
        try:
            return url, answer, await _read(answer)
        except FeedUnreadable as error:
            named = find_feeds(answer.body, answer.url)
            if not named:
                raise CannotPull(f"{url} is no feed: {error}. It names no feed either.") from error
        say(f"{url} is a page. It names {len(named)} feed{'s' if len(named) != 1 else ''}:")
        for one in named:
            say(f"  {one.url} {one_line(one.title)[:80]}".rstrip())
        for one in named:
            try:
                answer = await _get(fetcher, one.url)
                return one.url, answer, await _read(answer)
            except (CannotPull, FeedUnreadable) as error:
                say(f"  {one.url}: {error}")
    raise CannotPull(f"None of the feeds that {url} names can be read. Ask the author for another.")


async def _get(fetcher: Fetcher, url: str) -> Response:
    answer = await fetcher.fetch(url, limit=MAX_FEED, deadline=DEADLINE, accept=ACCEPT)
    if answer.status != 200:
        raise CannotPull(f"{url} answers {answer.status}, which is no feed. Check the address.")
    return answer


async def _read(answer: Response) -> Feed:
    return await asyncio.to_thread(read_feed, answer.body, answer.url, answer.content_type)


def _described(asked: str, answer: Response, feed: Feed) -> list[str]:
    lines = [f"{asked} is a feed: {one_line(feed.title)[:100] or 'without a title'}."]
    if answer.redirects:
        lines.append(f"  It sends us on to {answer.url}{' for good' if answer.moved_for_good else ''}.")
    if not any((answer.validators.etag, answer.validators.modified)):
        lines.append("  Its server cannot say that nothing has changed, so every pull reads it whole.")
    if not any(entry.comments_feed for entry in feed.entries):
        lines.append("  Its entries name no feed of comments.")
    return lines


def _lasting(asked: str, answer: Response) -> str:
    return answer.url if answer.moved_for_good else asked


def _somebody(content: Path) -> str:
    """Anybody: whose the stories would be changes nothing in what is shown."""
    return next((path.stem for path in sorted((content / "people").glob("*.md"))), "somebody")
