"""Reading a feed or an export in a process of its own, which can be stopped.

A 39 KB author field keeps feedparser busy for 17 seconds, 564 KB of attributes for 40. So no feed
is parsed in our own process: the worker has 10 seconds of processor, 1 GB of memory and 15 seconds
by the clock; then it is ended, and the other feeds go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plugins import FirsthandError
from plugins.fastbuild.limited import Limits, OverLimit, limited
from plugins.guard.text import one_line

from .entry import Feed
from .opml import Outline
from .worker import MAX_ENTRIES, export_job, feed_job, list_job, parse_feed

__all__ = [
    "MAX_ENTRIES",
    "MAX_EXPORT",
    "MAX_FEED",
    "FeedUnreadable",
    "parse_feed",
    "read_export",
    "read_feed",
    "read_outlines",
]

MAX_FEED = 10_000_000  # bytes
MAX_EXPORT = 100_000_000  # bytes: an export has all of a blog's years in it
LIMITS = Limits(cpu=10, memory=1 << 30, wall=15)


class FeedUnreadable(FirsthandError):
    """Bytes that are no feed, or that take longer to read than any feed should."""


def read_feed(data: bytes, base: str = "", content_type: str = "", *, limits: Limits = LIMITS) -> Feed:
    """RSS, RDF, Atom or JSON Feed, read in a worker process; may be called from several threads.

    `base` is the address it came from, `content_type` what the server called it. Raises FeedUnreadable.
    """
    if len(data) > MAX_FEED:
        raise FeedUnreadable(f"it has {len(data):,} bytes, more than {MAX_FEED:,}")
    head = f"{one_line(base)}\n{one_line(content_type)}\n".encode("utf-8", "replace")
    return Feed.from_json(_read(feed_job, head + data, limits))


def read_export(path: Path, *, limits: Limits = LIMITS) -> Feed:
    """A file that somebody saved: WordPress's export with its comments, or any feed.

    Raises FeedUnreadable, and OSError where the file cannot be read.
    """
    if (size := path.stat().st_size) > MAX_EXPORT:
        raise FeedUnreadable(f"it has {size:,} bytes, more than {MAX_EXPORT:,}")
    return Feed.from_json(_read(export_job, path.read_bytes(), limits))


def read_outlines(path: Path, *, limits: Limits = LIMITS) -> list[Outline]:
    """The feeds that an OPML file lists. Raises FeedUnreadable, and OSError."""
    if (size := path.stat().st_size) > MAX_FEED:
        raise FeedUnreadable(f"it has {size:,} bytes, more than {MAX_FEED:,}")
    return [Outline(**one) for one in _read(list_job, path.read_bytes(), limits)["outlines"]]


def _read(job: Callable[[bytes], bytes], parcel: bytes, limits: Limits) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(limited(job, parcel, limits))
    except OverLimit as error:
        raise FeedUnreadable(f"reading {error}, so it was left") from error
    if "refused" in answer:
        raise FeedUnreadable(str(answer["refused"]))
    return answer
