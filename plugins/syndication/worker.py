"""What runs in the process that reads one feed: bytes in, JSON out; the limits are set around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from plugins.guard.wxr import is_wxr

from .entry import Feed
from .jsonfeed import looks_like_json, read_json_feed
from .opml import is_opml, read_opml
from .wordpress import read_wordpress
from .xmlfeed import read_xml_feed

MAX_ENTRIES = 500  # of a feed, and of an export ten times as many
MAX_EXPORTED = 5_000


def parse_feed(data: bytes, base: str = "", content_type: str = "") -> Feed:
    """RSS, RDF, Atom or JSON Feed as a Feed, read in this process. Raises ValueError in words."""
    if looks_like_json(data):
        return read_json_feed(data, base, MAX_ENTRIES)
    if is_opml(data):
        raise ValueError("it is a list of feeds (OPML); read it with ./inv sources.import")
    return read_xml_feed(data, base, content_type, MAX_ENTRIES)


def parse_export(data: bytes) -> Feed:
    """The same of a file that somebody saved, or WordPress's export. Raises ValueError in words."""
    return read_wordpress(data, MAX_EXPORTED) if is_wxr(data) else parse_feed(data)


def feed_job(parcel: bytes) -> bytes:
    """A feed in a worker: base address, content type and body, each but the last with a line's end."""
    base, content_type, data = parcel.split(b"\n", 2)
    return _told(lambda: parse_feed(data, base.decode(), content_type.decode()).as_json())


def export_job(parcel: bytes) -> bytes:
    """An export in a worker."""
    return _told(lambda: parse_export(parcel).as_json())


def list_job(parcel: bytes) -> bytes:
    """A list of feeds in a worker."""
    return _told(lambda: {"outlines": [asdict(outline) for outline in read_opml(parcel)]})


def _told(read: Callable[[], dict[str, Any]]) -> bytes:
    try:
        answer = read()
    except ValueError as error:
        answer = {"refused": str(error)}
    except (MemoryError, RecursionError):
        answer = {"refused": "reading it took too much memory, so it was left"}
    except Exception as error:  # feedparser trips over what nobody thought of
        answer = {"refused": f"no parser of ours can read it ({type(error).__name__})"}
    return json.dumps(answer).encode()
