"""Bringing an entry's comments: which threads are asked for, and writing what came of them."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from plugins import FirsthandError
from plugins.conversations.written import ThreadUnwritable
from plugins.guard.fetch import Fetcher
from plugins.guard.files import alone_in, write_atomically

from .entry import Entry, Remark
from .merging import Comments
from .parse import MAX_FEED, read_feed
from .remembered import Remembered
from .threads import MOST, as_comments, remarks, thread
from .web import web_address

DEADLINE = 30.0  # seconds for one comment feed
SHOWN = 3  # comments named in one question
MOST_FEEDS = 50  # comment feeds of one source in one pull: the newest entries', which still change
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True)
class Commented:
    """An entry with a story, whose comments may be asked for."""

    entry: Entry
    slug: str
    row: Remembered


@dataclass
class Brought:
    """What came of a source's comments."""

    new: int = 0
    changed: int = 0
    lines: list[str] = field(default_factory=list)
    read: list[Remembered] = field(default_factory=list)  # rows that now know how many there were


def is_asked(entry: Entry, row: Remembered) -> bool:
    """False where there is no comment feed, nobody has commented, or nothing was added since."""
    if not web_address(entry.comments_feed) or entry.comments_count == 0:
        return False
    return entry.comments_count is None or entry.comments_count != row.comments


async def bring_comments(
    content: Path, stories: list[Commented], fetcher: Fetcher, now: datetime.datetime, *, dry_run: bool
) -> Brought:
    """Ask for the threads of one source's entries, and write them into content/conversations/.

    A thread that cannot be read is told in `lines` and asked for again the next time. Raises OSError.
    """
    asked = [one for one in stories if is_asked(one.entry, one.row)]
    brought = Brought()
    if (left := len(asked) - MOST_FEEDS) > 0:
        brought.lines.append(f"  comments of {left} older entries wait: {MOST_FEEDS} are read at a time.")
    answers = await asyncio.gather(*(_read(one.entry, fetcher) for one in asked[:MOST_FEEDS]))
    for one in stories:
        if one.entry.comments:
            _write(content, one, one.entry.comments, now, brought, dry_run)
    for one, said in zip(asked, answers, strict=False):
        if isinstance(said, str):
            brought.lines.append(f"  comments of stories/{one.slug} could not be read: {said}")
        else:
            _write(content, one, said, now, brought, dry_run)
    return brought


async def _read(entry: Entry, fetcher: Fetcher) -> tuple[Remark, ...] | str:
    """The remarks, or in words why there are none."""
    try:
        address = web_address(entry.comments_feed)
        answer = await fetcher.fetch(address, limit=MAX_FEED, deadline=DEADLINE, accept=ACCEPT)
        if answer.status != 200:
            return f"the server answered {answer.status}"
        feed = await asyncio.to_thread(read_feed, answer.body, answer.url, answer.content_type)
    except FirsthandError as error:
        return str(error).rstrip(".")
    return remarks(feed.entries, entry)


def _write(
    content: Path,
    one: Commented,
    said: tuple[Remark, ...],
    now: datetime.datetime,
    brought: Brought,
    dry_run: bool,
) -> None:
    path = content / "conversations" / f"{one.slug}.json"
    try:
        with nullcontext() if dry_run else alone_in(path.parent):
            text, new, changed, missing = thread(path, as_comments(said, one.entry, now), now)
            if text is not None and not dry_run:
                write_atomically(path, text)
    except ThreadUnwritable as error:
        brought.lines.append(f"  comments of stories/{one.slug} stay as they are: {error}")
        return
    brought.new += new
    brought.changed += changed
    if new or changed:
        parts = [f"{new} new"] * bool(new) + [f"{changed} changed"] * bool(changed)
        more = f"; only the first {MOST} are kept" if len(said) > MOST else ""
        brought.lines.append(f"  comments of stories/{one.slug}: {', '.join(parts)}{more}")
    if missing:
        brought.lines.append(_asked_about(one.slug, missing, f"{content.name}/conversations/{path.name}"))
    brought.read.append(dataclasses.replace(one.row, comments=one.entry.comments_count))


def _asked_about(slug: str, missing: Comments, file: str) -> str:
    """A question to the editor; nobody knows whether its writer took it back or the blog cut its feed."""
    named = [f"{one.get('author') or 'somebody'} on {str(one['published'])[:10]}" for one in missing[:SHOWN]]
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    whose, it = ("a comment", "it") if len(missing) == 1 else ("comments", "them")
    return (
        f"  comments of stories/{slug}: its feed no longer has {whose} by {', '.join(named)}{more}, but has"
        f" older and newer ones. Nothing was removed; take {it} out of {file} if that was meant."
    )
