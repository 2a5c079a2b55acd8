"""Building: whole files only, equal ones left alone, and what has no source removed."""

from __future__ import annotations

import logging

from pelican import Pelican
from pelican.plugins import signals

from .run import run_of
from .sitemap import write_sitemap
from .theme import ThemeGenerator
from .world import world_of
from .writer import SiteWriter

__all__ = ["SiteWriter", "ThemeGenerator", "register"]

logger = logging.getLogger(__name__)


def _initialized(pelican: Pelican) -> None:
    pelican.settings.update(THEME_STATIC_PATHS=[], DELETE_OUTPUT_DIRECTORY=False)
    world = world_of(pelican.settings)
    world.stands_on("plugins.fastbuild")
    world.stands_on("plugins.guard")  # settings, words, and what was read


def _generators(pelican: Pelican) -> type[ThemeGenerator]:
    return ThemeGenerator


def _writer(pelican: Pelican) -> type[SiteWriter]:
    return SiteWriter


def _finish(pelican: Pelican) -> None:
    run = run_of(pelican.settings)
    if (writer := run.writer) is not None:
        writer.finish()
        write_sitemap(writer, pelican.settings["SITEURL"])
        writer.prune()
        logger.info("%s files, %s written, %s removed", len(writer.files), writer.written, writer.removed)
    run.close()


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
    signals.get_writer.connect(_writer)
    signals.finalized.connect(_finish)
