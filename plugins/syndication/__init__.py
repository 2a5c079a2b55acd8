"""Syndication: members' own feeds, brought in as stories that wait, or as stories where we trust.

`pull` is the way in. A source of content/sources.toml is fetched (guard), read in a worker process
(parse), each entry told from the stories that are there (decide), made into a story's file (compose,
with tidy and excerpt), put on the shelf and remembered (handover). An edit waits for whoever published
the story (changes), an entry that was taken away asks (gone), its comments come along (comments,
threads), and all of it is told (report). A second pull of the same feed changes nothing.

What is named here is loaded when it is first asked for: the worker that reads a single feed starts
through this door too, and needs neither Pelican nor a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins import door

if TYPE_CHECKING:
    from .arrivals import CannotPull
    from .bring import pull
    from .report import PullReport
    from .source import Source, check_sources, read_sources

__all__ = ["CannotPull", "PullReport", "Source", "check_sources", "pull", "read_sources"]

__getattr__ = door(
    __name__,
    {
        "CannotPull": "arrivals",
        "PullReport": "report",
        "pull": "bring",
        "Source": "source",
        "check_sources": "source",
        "read_sources": "source",
    },
)


def register() -> None:
    """Called by Pelican: the build lists the members' own sites."""
    from pelican.plugins import signals

    from .members import list_members, make_list

    signals.get_generators.connect(make_list)
    signals.all_generators_finalized.connect(list_members)
