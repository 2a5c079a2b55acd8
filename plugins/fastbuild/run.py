"""What the parts of one build share: who works, what was read, where it is written."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from plugins.guard.photo import known_measures, remember_measures

from .code import code
from .crew import Crew
from .reader import Kept, Reader
from .sealed import load, save

KEY = "BUILD_RUN"
# Set in the settings of a build that is to ignore what was kept.
FULL = "BUILD_FULL"


class Output(Protocol):
    """What a build asks of its writer."""

    rendered: int
    written: int
    removed: int

    @property
    def files(self) -> list[str]: ...  # noqa: D102
    @property
    def listed(self) -> list[str]: ...  # noqa: D102
    def finish(self) -> None: ...  # noqa: D102
    def prune(self) -> None: ...  # noqa: D102
    def abandon(self) -> None: ...  # noqa: D102
    def put(self, path: Path, data: bytes | str) -> None: ...  # noqa: D102


class Run:
    """One build, from the first file read to the last page written."""

    def __init__(self, cache: Path, full: bool) -> None:
        self.cache, self.full = cache, full
        self.crew = Crew()
        self._measures: bytes = (not full and load(cache / "measures", code())) or b"{}"
        remember_measures(self._measures)
        self.reader: Reader | None = None
        self.kept: dict[str, Kept] = {}  # by the name a file is shown by
        self.writer: Output | None = None
        self.stories = 0  # that show
        self.compiled: Future[bytes] | None = None  # templates, where a worker was idle

    def keep(self) -> None:
        """Keep what was read, and measured of photographs, for the next build."""
        if self.reader is not None:
            self.reader.save()
        if (measures := known_measures()) != self._measures:
            save(self.cache / "measures", code(), measures)
            self._measures = measures

    def flush(self) -> None:
        """Have nothing in a buffer that a copy of this process would write once more."""
        if self.reader is not None:
            self.reader.flush()

    def close(self) -> None:
        """Let go of workers and files."""
        self.crew.close()
        if self.writer is not None:
            self.writer.abandon()
        if self.reader is not None:
            self.reader.close()


def run_of(settings: dict[str, Any]) -> Run:
    """The build that these settings are for; begun by whoever asks first."""
    if KEY not in settings:
        settings[KEY] = Run(Path(settings["CACHE_PATH"]), bool(settings.get(FULL)))
    run: Run = settings[KEY]
    return run
