"""A pull: feeds fetched and read together, handed over source by source, and told line by line.

Whatever ends it, Ctrl-C or the machine, keeps what was done: every entry's outcome is one transaction,
and a feed counts as read only when all its entries were handed over.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import fcntl
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

from plugins import today
from plugins.database import Database, database
from plugins.desk import Desk
from plugins.desk.slugs import taken_slugs
from plugins.desk.withdrawn import read_withdrawn
from plugins.fastbuild.progress import watched
from plugins.guard.fetch import Fetcher
from plugins.guard.text import one_line

from .arrivals import CannotPull, arrive, chosen, from_file
from .asking import Arrival
from .atdesk import AtDesk
from .comments import Commented, bring_comments
from .credit import read_people
from .decide import Decision, decide, same_key
from .entry import Feed
from .gone import Gone, gone
from .handover import Handover
from .rehearsal import rehearsed
from .remembered import Remembered, changed, recall, stories_of
from .report import Lines, Outcome, PullReport, Say, digest
from .shelf import clear_away, existing_stories
from .source import Source, read_sources
from .visits import Visits

_FORGOTTEN = (
    "  var/ knows nothing of this feed: a draft that was removed here is made again. Remove it once more;"
    " it stays away as long as var/ is kept."
)


def pull(
    content: Path,
    *,
    source: str | None = None,
    file: Path | None = None,
    dry_run: bool = False,
    again: bool = False,
    say: Say = print,
    contact: str = "",
    desk: Desk | None = None,
) -> PullReport:
    """Read the feeds of content/sources.toml, or one feed from a file, into story folders.

    `source` is a person's slug: only their feeds, asked whether or not their time has come, or whose
    feed the file is. Stories from a file are never published at once. `again` brings back stories that
    were taken away here. With a `desk`, stories of sources with `review` wait there; without, they are
    drafts. A dry run writes nothing, not even to the database. `say` gets a line for every entry.
    `contact` goes into the User-Agent. Feeds that fail are in the report; the others go on.
    Ctrl-C ends it with `stopped` in the report.
    Raises CannotPull, DatabaseUnusable, ContentRefused where sources.toml or a story cannot be read, and
    ForgeDown, ForgeRefused where the desk takes nothing: what was not brought is brought the next time.
    """
    report = PullReport()
    by_hand = [_by_hand(content, file, source)] if file is not None else []
    sources = [] if file is not None else chosen(content, source, say)
    if by_hand or sources:
        root = content.parent
        with rehearsed(root) if dry_run else _alone(root) as kept:
            if not dry_run:
                clear_away(content)
            shown = str(file) if file is not None else ""
            pulling = _Pull(content, kept, dry_run, again, say, contact, report, source is not None, shown)
            pulling.desk = AtDesk(desk) if desk else None
            try:
                asyncio.run(pulling.all(sources, by_hand))
            except KeyboardInterrupt:
                report.stopped = True
    say(report.summary(dry_run=dry_run))
    return report


def rehearse(content: Path, arrival: Arrival, *, say: Say = print, contact: str = "") -> PullReport:
    """What a pull would do with one feed that was read already; nothing is written."""
    report = PullReport()
    with rehearsed(content.parent) as kept:
        pulling = _Pull(content, kept, True, False, say, contact, report, True, arrival.source.feed)
        asyncio.run(pulling.all([], [arrival]))
    say(report.summary(dry_run=True))
    return report


def _by_hand(content: Path, file: Path, person: str | None) -> Arrival:
    """The arrival of a file: it is none of the feeds, and what it does not have is not gone."""
    source, feed = from_file(content, file, person)
    source = dataclasses.replace(source, feed="")
    if not isinstance(feed, Feed):
        return Arrival(source, error=feed)
    entries = tuple(dataclasses.replace(entry, comments_feed="") for entry in feed.entries)
    return Arrival(source, dataclasses.replace(feed, entries=entries))


@contextmanager
def _alone(root: Path) -> Iterator[Database]:
    """The site's database, for one pull at a time: two would tell one entry twice. Raises CannotPull."""
    with database(root) as kept:
        folder = root / "var"
        folder.mkdir(mode=0o700, exist_ok=True)  # where another database is named
        with (folder / "pulling").open("a") as lock:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CannotPull("Another pull is under way. Wait until it is done.") from error
            except OSError:  # a disk without locks
                pass
            yield kept


class _Pull:
    """One run, and what it needs at every source."""

    def __init__(
        self,
        content: Path,
        kept: Database,
        dry_run: bool,
        again: bool,
        say: Say,
        contact: str,
        report: PullReport,
        by_name: bool,
        file: str,
    ) -> None:
        self.content, self.kept, self.dry_run, self.again = content, kept, dry_run, again
        self.say, self.contact, self.report = say, contact, report
        self.by_name, self.file = by_name, file
        self.brought = stories_of(kept)
        self.visits = Visits(kept, keep=not dry_run)
        self.feeds_of = Counter(one.person for one in read_sources(content))
        self.to: Handover
        self.desk: AtDesk | None = None

    async def all(self, sources: list[Source], by_hand: list[Arrival]) -> None:
        """Everything, source by source, as the feeds arrive."""
        async with Fetcher(contact=self.contact) as fetcher:
            self.to = Handover(
                self.content,
                self.kept,
                fetcher,
                read_people(self.content),
                today(),
                self.dry_run,
                existing_stories(self.content),
                taken_slugs(self.content),
                withdrawn=frozenset(one.slug for one in read_withdrawn(self.content)),
                desk=self.desk,
            )
            with watched(len(sources) or 1, "Feeds") as moved:
                async with aclosing(self._arrivals(sources, by_hand, fetcher)) as arrivals:
                    async for arrival in arrivals:
                        await self._one(arrival)
                        moved()
            self.visits.flush()

    async def _arrivals(
        self, sources: list[Source], by_hand: list[Arrival], fetcher: Fetcher
    ) -> AsyncGenerator[Arrival, None]:
        for arrival in by_hand:
            yield arrival
        if sources:
            now = datetime.datetime.now(datetime.UTC)
            arriving: Any = arrive(sources, fetcher, self.visits, now, anyway=self.by_name or self.again)
            async with aclosing(arriving) as arrivals:
                async for arrival in arrivals:
                    yield arrival

    async def _one(self, arrival: Arrival) -> None:
        source, feed, where = arrival.source, arrival.feed, one_line(arrival.source.feed or self.file)
        if arrival.error:
            self.report.failed[where] = arrival.error
            self.say(f"{where}: not read: {arrival.error}. Its stories stay as they are.")
        elif arrival.unchanged or feed is None:
            self.report.counts["same"] += self.brought.get(source.feed, 0)
            self.say(f"{where}: {arrival.note or 'nothing has changed'}")
        else:
            count = len(feed.entries)
            self.say(f"{where}: {count} entr{'y' if count == 1 else 'ies'} by {source.person}")
            if arrival.note:
                self.say(f"  {arrival.note}")
            if feed.left_out:
                self.say(f"  {feed.left_out} more entries were left out: {count} are read at a time.")
            await self._entries(source, feed)
        if not self.dry_run:
            self.visits.done(source, lacking=source.feed in self.to.lacking)

    async def _entries(self, source: Source, feed: Feed) -> None:
        rows = recall(self.kept, source.person)
        had = any(story.feed == source.person for story in self.to.stories)
        self.to.taken |= {row.slug for row in rows if row.slug}
        decisions = decide(
            feed.entries, self.to.stories, source, rows, noindex=feed.noindex, again=self.again
        )
        self.to.claimed = {decision.story.slug for decision in decisions if decision.story}
        outcomes, lines = [], Lines(self.say)
        for place, decision in enumerate(decisions):
            outcomes.append(await self.to.entry(decision, feed, source, place))
            self.report.note(outcomes[-1])
            lines.tell(outcomes[-1])
        lines.end()
        if had and not rows and any(outcome.kind == "new" for outcome in outcomes):
            self.say(_FORGOTTEN)
        if _all_dated_anew(decisions):
            self.say("  all its entries have other dates than before; their stories keep their days.")
        if source.feed:
            only = self.feeds_of[source.person] == 1
            stories = self.to.stories
            for found in gone(decisions, stories, source, rows, there=self.to.claimed, only_feed=only):
                outcomes.append(self._gone(found, source))
                self.report.note(outcomes[-1])
                self.say(outcomes[-1].line())
        await self._comments(decisions, source)
        for line in digest(source.person, outcomes, dry_run=self.dry_run):
            self.say(line)

    def _gone(self, found: Gone, source: Source) -> Outcome:
        """Ask once and remember the question; the story stays whatever the answer is."""
        story, day = found.story, self.to.day
        row = found.row or Remembered(source.person, source.feed, story.id, story.day or day, slug=story.slug)
        self.to.keep(changed(row, day, "gone"))
        title = str(story.document.front.get("title", ""))
        why = f"its feed has it no more, but has older and newer ones; stories/{story.slug} stays"
        if found.is_known:
            return Outcome("gone", title, f"{why}; asked on {row.since}", story.slug)
        asks = (
            f"ask {source.person} whether it should go. Write `status: draft` to take it off the site,"
            " or `locked: true` to keep it."
        )
        return Outcome("gone", title, why, story.slug, asks=(asks,))

    async def _comments(self, decisions: list[Decision], source: Source) -> None:
        rows = {same_key(row.key): row for row in recall(self.kept, source.person) if row.feed == source.feed}
        by_id = {same_key(story.id): story.slug for story in self.to.stories if story.feed == source.person}
        stories = []
        for decision in decisions:
            key = same_key(decision.key)
            slug = decision.story.slug if decision.story else by_id.get(key, "")
            row = rows.get(key) or Remembered(source.person, source.feed, decision.key, self.to.day)
            if slug and not decision.twice:
                stories.append(Commented(decision.entry, slug, dataclasses.replace(row, slug=slug)))
        now = _now()
        brought = await bring_comments(self.content, stories, self.to.fetcher, now, dry_run=self.dry_run)
        self.report.comments += brought.new
        for row in brought.read:
            if rows.get(same_key(row.key)) != row:
                self.to.keep(row)
        for line in brought.lines:
            self.say(line)


def _all_dated_anew(decisions: list[Decision]) -> bool:
    """True where every entry that we know has another date: a site was moved or rebuilt."""
    known = [one for one in decisions if one.row and one.row.published and not one.twice]
    return len(known) > 2 and all(
        one.row and one.entry.published and one.entry.published != one.row.published for one in known
    )


def _now() -> datetime.datetime:
    """Midnight of a day that is set (SOURCE_DATE_EPOCH), else the moment."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    day = today()
    return now if now.date() == day else datetime.datetime.combine(day, datetime.time.max, datetime.UTC)
