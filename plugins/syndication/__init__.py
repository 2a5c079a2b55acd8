"""Syndication: members' own feeds, brought in as stories that wait, or as stories where we trust.

`pull` is the way in. A source of content/sources.toml is fetched (guard), read in a worker process
(parse), each entry told from the stories that are there (decide), made into a story's file (compose,
with tidy and excerpt) and put on the shelf. A second pull of the same feed changes nothing.

What is named here is loaded when it is first asked for: the worker that reads a single feed starts
through this door too, and needs neither Pelican nor a network.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .arrivals import CannotPull
    from .bring import PullReport, pull
    from .source import Source, check_sources, read_sources

__all__ = ["CannotPull", "PullReport", "Source", "check_sources", "pull", "read_sources"]

_ROOMS = {
    "CannotPull": "arrivals",
    "PullReport": "bring",
    "pull": "bring",
    "Source": "source",
    "check_sources": "source",
    "read_sources": "source",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)
