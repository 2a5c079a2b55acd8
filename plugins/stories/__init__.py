"""Stories: what a story adds to a Pelican article.

Its schema and checks, consent, credits, faces, figures, related stories, feeds and structured data.
A build begins with the check of the whole content: everything wrong is said at once, before a page
is written.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from .attach import make_ready
from .check import check_content
from .consent import Channel, Consent, may_show
from .feeds import FeedsGenerator
from .gate import read_content
from .generator import StoriesGenerator
from .settings import enforce
from .story import Story, parse_story

__all__ = ["Channel", "Consent", "Story", "check_content", "may_show", "parse_story", "register"]


def _initialized(pelican: Pelican) -> None:
    enforce(pelican.settings)


def _generators(pelican: Pelican) -> tuple[type[Generator], ...]:
    read_content(pelican.settings)
    return StoriesGenerator, FeedsGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
    signals.all_generators_finalized.connect(make_ready)
