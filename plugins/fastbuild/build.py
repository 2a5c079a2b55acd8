"""One build of the site: what `./inv build` calls, and what the server calls again on a change."""

from __future__ import annotations

import gc
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican.log import init as init_logging
from pelican.settings import read_settings

from plugins.guard.survey import is_large

from .alone import alone
from .executor import prepare
from .failure import BuildFailed, told_plainly
from .reader import KEPT
from .run import FULL, run_of
from .site import Site


@dataclass(frozen=True)
class Report:
    """What a build did: how much the site has, and what of it was made anew."""

    stories: int
    pages: int
    files: int
    read: int  # content files
    rendered: int  # pages
    written: int  # files
    removed: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.stories} stories, {self.pages} pages: {self.read} read, {self.rendered} rendered,"
            f" {self.written} of {self.files} files written, {self.removed} removed, in {self.seconds:.1f} s"
        )


def build_site(settings_file: Path, *, quiet: bool = False, full: bool = False, **overrides: Any) -> Report:
    """Build the site that the settings describe; any error stops it.

    `overrides` are Pelican settings that count more than the file's; with `full`, nothing that was
    kept counts. Raises FirsthandError with everything that is wrong with the content or the settings,
    and BuildFailed where a template, the disk or Pelican stopped it.
    """
    started = time.perf_counter()
    init_logging(level=logging.ERROR if quiet else logging.WARNING, fatal="errors")
    settings = read_settings(str(settings_file), override={**overrides, FULL: full})
    run, collects = None, gc.isenabled()
    try:
        gc.disable()  # all that a build makes stays until it ends
        with told_plainly(), alone(Path(settings["CACHE_PATH"])):
            _call_workers(settings)
            site = Site(settings)
            run = run_of(site.settings)
            site.run()
    finally:
        if collects:
            gc.enable()
        if run is not None:
            run.close()
    writer = run.writer
    if writer is None:
        raise BuildFailed("No page was written: no plugin of the settings provides the writer.")
    return Report(
        stories=run.stories,
        pages=sum(path.endswith(".html") for path in writer.files),
        files=len(writer.files),
        read=run.reader.anew if run.reader else 0,
        rendered=writer.rendered,
        written=writer.written,
        removed=writer.removed,
        seconds=time.perf_counter() - started,
    )


def _call_workers(settings: dict[str, Any]) -> None:
    """Where a large site is read for the first time, workers are on their way while plugins are loaded."""
    first = settings[FULL] or not (Path(settings["CACHE_PATH"]) / KEPT).exists()
    if first and is_large(Path(settings["PATH"])):
        prepare(*(name for name in settings["PLUGINS"] if name.startswith("plugins.")))
