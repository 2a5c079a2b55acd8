"""Asking one source: has it changed, where is it now, what went wrong, and when to come back."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import hashlib
import tempfile
from dataclasses import dataclass
from typing import IO

from plugins import FirsthandError
from plugins.guard.fetch import Fetcher, Response, Validators
from plugins.guard.text import one_line

from .entry import Feed
from .moved import is_strange, marks, new_address
from .parse import MAX_FEED, read_feed
from .schedule import back_off, interval, retry_after
from .source import Source
from .visits import Visit, Visits, wanted

DEADLINE = 20.0  # seconds for one feed
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_LARGE = 500_000  # bytes that wait for the reader on the disk
GONE = 410
_STATUS = {
    401: "its server asks for a password. Ask the author for an address that everybody may read",
    403: "its server does not let us read it. Ask the author whether that is meant",
    404: "there is nothing at that address. Ask the author where the feed is now",
    GONE: (
        "its server says that it is gone for good, so it is not asked again. Ask the author, then write"
        " active = false or the new address into sources.toml"
    ),
    429: "its server asks us to come less often",
    503: "its server cannot answer just now",
}


@dataclass(frozen=True)
class Arrival:
    """One source as a pull finds it. Exactly one of a feed, an error, or `unchanged`."""

    source: Source
    feed: Feed | None = None
    error: str = ""  # why there is nothing to read, in plain words without a full stop
    unchanged: bool = False  # as it was at the last pull, or not asked: nothing to read
    note: str = ""  # what an editor may want to know besides


async def ask(
    source: Source, fetcher: Fetcher, visits: Visits, now: int, reading: asyncio.Semaphore, *, anew: bool
) -> Arrival:
    """Ask one source; `anew` reads it whole whether it has changed or not.

    `now` is the pull's own moment in seconds since 1970; `reading` says how many feeds are parsed at a time.
    """
    visit = visits.of(source)
    same_wishes = visit.wanted == wanted(source) and not anew
    address = visit.address or source.feed
    try:
        answer = await fetcher.fetch(
            address,
            limit=MAX_FEED,
            deadline=DEADLINE,
            validators=visit.validators if same_wishes else Validators(),
            accept=ACCEPT,
        )
        if answer.status != 200 and not (answer.not_modified and same_wishes):
            return _no_feed(source, visits, visit, answer, now)
        digest = visit.digest if answer.not_modified else hashlib.sha256(answer.body).hexdigest()
        succeeded = _succeeded(visit, answer, digest, now)
        if same_wishes and digest == visit.digest:
            visits.note(succeeded)
            return Arrival(source, unchanged=True, note=_moved(visit.address))
        with tempfile.SpooledTemporaryFile(_LARGE) as body:  # large ones wait for a reader on the disk
            body.write(answer.body)
            answer = dataclasses.replace(answer, body=b"")
            feed = await _parsed(answer, body, reading)
        return _brought(source, visits, succeeded, answer, feed)
    except FirsthandError as error:
        return _failed(source, visits, visit, str(error), back_off(visit.failures + 1), now)


def _brought(source: Source, visits: Visits, visit: Visit, answer: Response, feed: Feed) -> Arrival:
    """A feed that could be read, checked against what was known before it is believed."""
    before, now = visits.of(source), visit.asked_at or 0
    if is_strange(answer, before.address or source.feed, feed, before.known):
        there = one_line(answer.url)[:200]
        error = f"it sends us to {there}, where no entry is one we know. If it is the author's, put it into"
        return _failed(source, visits, before, f"{error} sources.toml", back_off(before.failures + 1), now)
    address = new_address(answer, feed, before.known) or before.address
    address = "" if address == source.feed else address
    visits.hold(
        dataclasses.replace(
            visit,
            address=address,
            ttl=feed.ttl,
            known=marks(feed) or before.known,
            wanted=wanted(source),
            next_at=now + interval(answer.headers, feed.ttl, now),
        )
    )
    return Arrival(source, feed, note=_moved(address))


async def _parsed(answer: Response, body: IO[bytes], reading: asyncio.Semaphore) -> Feed:
    """Read by a worker, when one is free. Raises FeedUnreadable."""
    async with reading:
        body.seek(0)
        return await asyncio.to_thread(read_feed, body.read(), answer.url, answer.content_type)


def _succeeded(visit: Visit, answer: Response, digest: str, now: int) -> Visit:
    """The visit after an answer that brought the feed or said that it had not changed."""
    # A 304 may leave out what has not changed (RFC 9110, section 15.4.5).
    kept = visit.validators if answer.not_modified else Validators()
    return dataclasses.replace(
        visit,
        etag=answer.validators.etag or kept.etag,
        modified=answer.validators.modified or kept.modified,
        digest=digest,
        asked_at=now,
        succeeded_at=now,
        error="",
        failures=0,
        paused=False,
        next_at=now + interval(answer.headers, visit.ttl, now),
    )


def _no_feed(source: Source, visits: Visits, visit: Visit, answer: Response, now: int) -> Arrival:
    """An answer with another status than 200."""
    failures = visit.failures + 1
    after = retry_after(answer.headers, failures, now) if answer.status in (429, 503) else back_off(failures)
    trouble = "its server has trouble" if answer.status >= 500 else "its server gave no feed"
    words = _STATUS.get(answer.status, trouble)
    paused = answer.status == GONE and not visit.address
    if visit.address and answer.status in (404, GONE):
        visit = dataclasses.replace(visit, address="", etag=None, modified=None)
        words = "it is no longer where it had moved to; its old address is asked next time"
    said, stop, advice = words.partition(".")
    error = f"{said} ({answer.status}){stop}{advice}"
    return _failed(source, visits, visit, error, after, now, paused=paused)


def _failed(
    source: Source, visits: Visits, visit: Visit, error: str, after: int, now: int, *, paused: bool = False
) -> Arrival:
    """An error, remembered; validators and marks stay those of the last good copy."""
    words = one_line(error).rstrip(".")
    visits.note(
        dataclasses.replace(
            visit,
            asked_at=now,
            failed_at=now,
            error=words,
            failures=visit.failures + 1,
            next_at=now + after,
            paused=paused,
        )
    )
    return Arrival(source, error=words)


def moment(seconds: int) -> str:
    """Seconds since 1970 as people read them: 2026-11-22 08:30 UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _moved(address: str) -> str:
    return (
        f"moved for good to {one_line(address)[:200]}: put that address into sources.toml" if address else ""
    )
