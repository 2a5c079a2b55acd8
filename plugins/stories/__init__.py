"""Stories: what a story adds to a Pelican article.

Its schema and checks, consent, credits, faces, figures, related stories, feeds and structured data.
A build begins with the check of the whole content: everything wrong is said at once, before a page
is written.
"""

from __future__ import annotations

from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from plugins.guard.finding import ContentRefused, errors
from plugins.guard.reader import DOCUMENTS

from .attach import STORIES, make_ready, parse_front_matter, withhold
from .check import check_content
from .consent import Channel, Consent, may_show
from .feeds import FeedsGenerator
from .settings import enforce
from .story import Story, parse_story

__all__ = ["Channel", "Consent", "Story", "check_content", "may_show", "parse_story", "register"]


def _initialized(pelican: Pelican) -> None:
    enforce(pelican.settings)


def _generators(pelican: Pelican) -> type[FeedsGenerator]:
    checked = check_content(Path(pelican.settings["PATH"]), pelican.settings["DEFAULT_LANG"])
    if stop := errors(checked.findings):
        raise ContentRefused(stop)
    pelican.settings[DOCUMENTS] = {file.path: document for file, document in checked.files.items()}
    pelican.settings[STORIES] = {file.path: story for file, (story, _) in checked.stories.items()}
    return FeedsGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
    signals.article_generator_context.connect(parse_front_matter)
    signals.article_generator_pretaxonomy.connect(withhold)
    signals.all_generators_finalized.connect(make_ready)
