"""How the members' feeds are: when each last came, what went wrong, when it is asked again."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plugins import today
from plugins.database import Database, database
from plugins.guard.text import one_line

from .remembered import recall
from .schedule import is_due
from .shelf import existing_stories
from .source import Source, read_sources
from .visits import Visits

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Health:
    """One source of sources.toml, in words."""

    person: str
    feed: str
    succeeded: str  # "2026-11-22 08:30", or "never"
    error: str  # the last error, with its day where the feed has come since; "" where there was none
    next: str
    stories: int


def health(content: Path, now: datetime.datetime) -> list[Health]:
    """Every source, those in trouble first. Raises ContentRefused, DatabaseUnusable."""
    sources = read_sources(content)
    if not sources:
        return []
    with database(content.parent) as kept:
        visits = Visits(kept, keep=False)
        told = _stories(content, kept, sources)
        rows = [_one(source, visits, told[source.feed], int(now.timestamp())) for source in sources]
    return sorted(rows, key=lambda row: (not row.error, row.person, row.feed))


def table(rows: Iterable[Health]) -> Table:
    """The rows for a terminal. Feeds' own words are text in it, never markup."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False)
    for name in ("Person", "Feed", "Last success (UTC)", "Last error", "Next"):
        made.add_column(name, overflow="fold")
    made.add_column("Stories", justify="right")
    for row in rows:
        shown = (row.person, row.feed, row.succeeded, row.error, row.next, str(row.stories))
        made.add_row(*(Text(one_line(cell)) for cell in shown))
    return made


def _one(source: Source, visits: Visits, stories: int, now: int) -> Health:
    visit = visits.of(source)
    if not source.active:
        following = "retired"
    elif ended := source.ended(today()):
        following = ended
    elif visit.paused:
        following = "paused: see its error"
    elif is_due(visit.next_at, now):
        following = "at the next pull"
    else:
        following = _moment(visit.next_at)
    error = visit.error
    if error and visit.failures > 1:
        error = f"{error} ({visit.failures} times in a row)"
    feed = f"{source.feed} (now at {visit.address})" if visit.address else source.feed
    return Health(source.person, feed, _moment(visit.succeeded_at), error, following, stories)


def _stories(content: Path, kept: Database, sources: list[Source]) -> Counter[str]:
    """How many stories of content/ came from each feed."""
    slugs: dict[str, set[str]] = {}
    for story in existing_stories(content):
        slugs.setdefault(story.feed, set()).add(story.slug)
    feeds = Counter(source.person for source in sources)
    found: Counter[str] = Counter()
    for source in sources:
        mine = slugs.get(source.person, set())
        if feeds[source.person] > 1 and mine:  # a story names its person, not which of their feeds
            mine = mine & {row.slug for row in recall(kept, source.person) if row.feed == source.feed}
        found[source.feed] = len(mine)
    return found


def _moment(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M")
