"""Reading a feed in a process of its own, which can be stopped.

A 39 KB author field keeps feedparser busy for 17 seconds, 564 KB of attributes for 40. So no feed
is parsed in our own process: the worker has 10 seconds of processor, 1 GB of memory and 15 seconds
by the clock; then it is ended, and the other feeds go on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from plugins import FirsthandError

from .entry import Feed
from .jsonfeed import looks_like_json, read_json_feed
from .xmlfeed import read_xml_feed

CPU_SECONDS = 10
MEMORY_BYTES = 1 << 30
WALL_SECONDS = 15
MAX_ENTRIES = 500
MAX_FEED = 10_000_000  # bytes
_HOUSE = Path(__file__).resolve().parents[2]


class FeedUnreadable(FirsthandError):
    """Bytes that are no feed, or that take longer to read than any feed should."""


def parse_feed(data: bytes, base: str = "", content_type: str = "") -> Feed:
    """RSS, RDF, Atom or JSON Feed as a Feed, read in this process. Raises ValueError in words."""
    if looks_like_json(data):
        return read_json_feed(data, base, MAX_ENTRIES)
    return read_xml_feed(data, base, content_type, MAX_ENTRIES)


def read_feed(data: bytes, base: str = "", content_type: str = "") -> Feed:
    """The same in a worker process with limits. Raises FeedUnreadable."""
    if len(data) > MAX_FEED:
        raise FeedUnreadable(f"it has {len(data):,} bytes, more than {MAX_FEED:,}")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "plugins.syndication.worker", base, content_type],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=_HOUSE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FeedUnreadable(f"reading it took more than {WALL_SECONDS} seconds, so it was left") from error
    try:
        answer = json.loads(done.stdout)
        if "refused" in answer:
            raise FeedUnreadable(str(answer["refused"]))
        return Feed.from_json(answer)
    except (ValueError, TypeError, KeyError) as error:
        if done.returncode < 0:  # ended by the system, at a limit of ours
            raise FeedUnreadable("reading it took too much time or memory, so it was left") from error
        said = done.stderr.decode("ascii", "replace").split("\n")
        last = next((line for line in reversed(said) if line.strip()), "no reason given").strip()
        raise FeedUnreadable(f"no parser of ours can read it ({last[:100]})") from error
