"""Syndication: members' own feeds, brought in as stories that wait, or as stories where we trust.

`pull` is the way in. A source of content/sources.toml is fetched (guard), read in a worker process
(parse), each entry told from the stories that are there (decide), made into a story's file (compose,
with tidy and excerpt) and put on the shelf. A second pull of the same feed changes nothing.
"""

from .pull import CannotPull, PullReport, pull
from .source import Source, read_sources

__all__ = ["CannotPull", "PullReport", "Source", "pull", "read_sources"]
