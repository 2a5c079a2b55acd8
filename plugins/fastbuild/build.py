"""One build of the site: what `./inv build` calls, and what the server calls again on a change."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import init as init_logging
from pelican.plugins import signals
from pelican.settings import read_settings

from plugins import FirsthandError

from .writer import SiteWriter


@dataclass(frozen=True)
class Report:
    """What a build did."""

    stories: int
    pages: int
    files: int
    written: int
    removed: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.stories} stories, {self.pages} pages: {self.written} of {self.files} files written,"
            f" {self.removed} removed, in {self.seconds:.1f} s"
        )


class BuildFailed(FirsthandError):
    """Pelican reported an error; its own message is on the console already."""


class _Count:
    """Receives the run's writer; an object, since Pelican holds receivers weakly."""

    def __init__(self) -> None:
        self.writer: SiteWriter | None = None
        self.stories = 0

    def articles(self, generator: Any, writer: SiteWriter) -> None:
        self.writer = writer
        self.stories = len(generator.articles) + len(generator.translations)


def build_site(settings_file: Path, *, quiet: bool = False, **overrides: Any) -> Report:
    """Build the site that the settings describe; any error stops it.

    `overrides` are Pelican settings that count more than the file's. Raises FirsthandError with
    everything that is wrong with the content or the settings, and BuildFailed where Pelican
    logged an error of its own.
    """
    started = time.perf_counter()
    init_logging(level=logging.ERROR if quiet else logging.WARNING, fatal="errors")
    settings = read_settings(str(settings_file), override=overrides)
    count = _Count()
    signals.article_writer_finalized.connect(count.articles)
    try:
        Pelican(settings).run()
    except RuntimeError as error:
        if str(error) != "Warning or error encountered":
            raise
        raise BuildFailed("The build stopped at the error above; the site is as it was before.") from error
    finally:
        signals.article_writer_finalized.disconnect(count.articles)
    writer = count.writer
    if writer is None:
        raise BuildFailed("No page was written: no plugin of the settings provides the writer.")
    pages = sum(path.suffix == ".html" for path in writer.files)
    seconds = time.perf_counter() - started
    return Report(count.stories, pages, len(writer.files), writer.written, writer.removed, seconds)
