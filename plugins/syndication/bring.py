"""Bringing members' feeds in: fetch, read, decide, compose, write, and say what was done and why."""

from __future__ import annotations

import asyncio
import difflib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from plugins import FirsthandError, today
from plugins.guard.fetch import fetch
from plugins.guard.text import is_slug, one_line

from .compose import CannotCompose, Composed, compose, kept_date, pulled, slug_for, story_date
from .decide import Decision, Existing, decide
from .entry import Feed
from .parse import MAX_FEED, FeedUnreadable, read_feed
from .shelf import change_story, existing_stories, free_slug, objections, put_story, taken_slugs
from .source import Source, read_sources

A_HOST = 2  # connections to one host at a time
DEADLINE = 30.0  # seconds for one feed
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)

Say = Callable[[str], None]


class CannotPull(FirsthandError):
    """Words that name no feed or no person; nothing was read."""


@dataclass
class PullReport:
    """What a pull did: how many entries of each kind, the stories written, the feeds that failed."""

    counts: Counter[str] = field(default_factory=Counter)  # new, same, changed, skipped
    written: list[str] = field(default_factory=list)  # slugs, in order
    failed: dict[str, str] = field(default_factory=dict)  # feed: why

    def summary(self, *, dry_run: bool = False) -> str:
        """One line: "3 new, 20 the same, 1 changed, 0 skipped; 1 feed could not be read."."""
        numbers = ", ".join(
            f"{self.counts[kind]} {words}"
            for kind, words in (
                ("new", "new"),
                ("same", "the same"),
                ("changed", "changed"),
                ("skipped", "skipped"),
            )
        )
        lost = len(self.failed)
        failures = f"; {lost} feed{'s' if lost != 1 else ''} could not be read" if lost else ""
        return f"{numbers}{failures}.{' Nothing was written: this was a dry run.' if dry_run else ''}"


def pull(
    content: Path,
    *,
    source: str | None = None,
    file: Path | None = None,
    dry_run: bool = False,
    say: Say = print,
    contact: str = "",
) -> PullReport:
    """Read the feeds of content/sources.toml, or one feed from a file, into story folders.

    `source` is a person's slug: only their feeds, or whose feed the file is. Stories from a file
    are drafts. `say` gets a line for every entry. `contact` goes into the User-Agent. Feeds that
    fail are in the report; the others go on.
    Raises CannotPull, and ContentRefused where sources.toml or a story cannot be read.
    """
    report = PullReport()
    if file is not None:
        feeds = [_from_file(content, file, source)]
    else:
        feeds = asyncio.run(_fetch_all(_chosen(content, source, say), contact))
    stories = existing_stories(content) if feeds else []
    taken = taken_slugs(content)
    for origin, feed in feeds:
        where = str(file) if file is not None else origin.feed
        if isinstance(feed, str):
            report.failed[where] = feed
            say(f"{one_line(where)}: not read: {feed}. Its stories stay as they are.")
            continue
        count = len(feed.entries)
        say(f"{one_line(where)}: {count} entr{'y' if count == 1 else 'ies'} by {origin.person}")
        if feed.left_out:
            say(f"  {feed.left_out} more entries were left out: {count} are read at a time.")
        for decision in decide(feed.entries, stories, origin):
            kind, why = _do(content, decision, feed, origin, taken, report, dry_run)
            report.counts[kind] += 1
            title = one_line(decision.entry.title)[:100] or "(no title)"
            say(f"  {kind:<7} {title}: {why}")
    say(report.summary(dry_run=dry_run))
    return report


def _do(
    content: Path,
    decision: Decision,
    feed: Feed,
    source: Source,
    taken: set[str],
    report: PullReport,
    dry_run: bool,
) -> tuple[str, str]:
    """Do what was decided; the kind of the entry and why."""
    if decision.skip:
        return "skipped", decision.skip
    entry, story = decision.entry, decision.story
    seen = (kept_date(story.document) if story else None) or today()
    date = seen if story else story_date(entry, seen)
    status = "draft" if source.review else "published"
    # The identity a story was made with stays, though the feed's guids may have moved on.
    key = story.id if story else decision.key
    try:
        made = compose(entry, feed, source, key=key, date=date, status=status)
        slug = story.slug if story else free_slug(slug_for(entry, source.person, made.fields["title"]), taken)
        if refused := objections(made.text(), slug, content):
            note = f"{refused[0].message.rstrip('.')}, so an excerpt"
            made = replace(
                compose(entry, feed, source, key=key, date=date, status=status, in_full=False), note=note
            )
            if refused := objections(made.text(), slug, content):
                return "skipped", f"the build would refuse it: {refused[0].message}"
    except CannotCompose as error:
        return "skipped", str(error)
    if story is not None:
        return _compare(content, story, made, report, dry_run)
    taken.add(slug)
    if not dry_run:
        put_story(content, slug, made.text())
    report.written.append(slug)
    what = "a draft" if status == "draft" else "published, as the source is trusted"
    return "new", f"{what} in stories/{slug}" + (f"; {made.note}" if made.note else "")


def _compare(
    content: Path, story: Existing, made: Composed, report: PullReport, dry_run: bool
) -> tuple[str, str]:
    was, untouched = pulled(story.document)
    if was == made.digest:
        return "same", f"stories/{story.slug}"
    if story.is_locked:
        return "same", f"stories/{story.slug} is locked by an editor"
    if not story.is_draft:
        return "changed", f"the feed has another text now; stories/{story.slug} is published and stays"
    if not untouched:
        return "changed", f"the feed has another text now; stories/{story.slug} was edited here and stays"
    if not dry_run:
        change_story(content, story.slug, made.text())
    report.written.append(story.slug)
    return "changed", f"the feed has another text; the draft stories/{story.slug} follows it"


def _chosen(content: Path, person: str | None, say: Say) -> list[Source]:
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


async def _fetch_all(sources: list[Source], contact: str) -> list[tuple[Source, Feed | str]]:
    gates: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(A_HOST))
    # A worker takes a processor for itself, so no more of them than two at a time either.
    reading = asyncio.Semaphore(A_HOST)

    async def one(source: Source) -> tuple[Source, Feed | str]:
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


def _from_file(content: Path, file: Path, person: str | None) -> tuple[Source, Feed | str]:
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
    return replace(known[0] if len(known) == 1 else Source(person), review=True), feed


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace(" ", "-"), names, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    if not names:
        return "There is nobody yet: write a person's file first (./inv new-person)."
    shown = ", ".join(names[:12])
    return f"There are: {shown}{' ...' if len(names) > 12 else ''}."
