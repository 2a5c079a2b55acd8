"""Bringing members' feeds in: fetch, read, decide, compose, write, and say what was done and why."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from plugins import today
from plugins.guard.text import one_line

from .arrivals import chosen, fetch_all, from_file
from .compose import CannotCompose, Composed, compose, kept_date, pulled, slug_for, story_date
from .decide import Decision, Existing, decide
from .entry import Feed
from .shelf import change_story, existing_stories, free_slug, objections, put_story, taken_slugs
from .source import Source

Say = Callable[[str], None]


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
        feeds = [from_file(content, file, source)]
    else:
        feeds = asyncio.run(fetch_all(chosen(content, source, say), contact))
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
            kind, why = _do(content, decision, feed, origin, taken, stories, report, dry_run)
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
    stories: list[Existing],
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
    note = ""
    try:
        made = compose(entry, feed, source, key=key, date=date, status=status)
        slug = story.slug if story else free_slug(slug_for(entry, source.person, made.fields["title"]), taken)
        refused = objections(made.text(), slug, content)
        if refused and source.mode == "full":
            note = f"; an excerpt, as the whole is too much for a page: {refused[0].message}"
            made = compose(entry, feed, source, key=key, date=date, status=status, in_full=False)
            refused = objections(made.text(), slug, content)
        if refused:
            return "skipped", f"the build would refuse it: {refused[0].message}"
    except CannotCompose as error:
        return "skipped", str(error)
    if story is not None:
        return _compare(content, story, made, report, dry_run)
    taken.add(slug)
    if not dry_run:
        try:
            put_story(content, slug, made.text())
        except OSError as error:
            return "skipped", f"stories/{slug} could not be written: {error.strerror or error}"
    report.written.append(slug)
    # Another feed of the same person may have the entry too.
    stories.append(Existing(slug, source.person, key, made.url, made.document(content / "stories" / slug)))
    what = "a draft" if status == "draft" else "published, as the source is trusted"
    return "new", f"{what} in stories/{slug}{note}"


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
