"""Building in a process of its own, and building again when a file changes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import watch

from plugins import FirsthandError

SHOWN_LINES = 40
_SERIOUS = re.compile(r"\b(ERROR|CRITICAL)\b|^Traceback|:\d+: ")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class BuildFailed(FirsthandError):
    """The build did not succeed; says what the build said."""


class Build:
    """A build command. It runs in a process of its own, so that new plugin code counts and a
    failing build takes nothing with it."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        self.command, self.root = list(command), root
        self._process: subprocess.Popen[str] | None = None

    def __call__(self) -> None:
        """Run the build. Raises BuildFailed with its words."""
        self._process = subprocess.Popen(
            self.command,
            cwd=self.root,
            env={**os.environ, "COLUMNS": "1000", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        said, _ = self._process.communicate()
        if self._process.returncode:
            raise BuildFailed(essence(said) or f"The build ended with {self._process.returncode}.")

    def stop(self) -> None:
        """End a build that still runs."""
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # its workers too


def build_command(command: Sequence[str], root: Path) -> Build:
    """The build as `serve` wants it: `[sys.executable, "-m", "pelican", ..., "--fatal", "errors"]`."""
    return Build(command, root)


def essence(said: str) -> str:
    """The lines of a build's output that say what went wrong, else its last ones."""
    lines = [_COLOUR.sub("", line).rstrip() for line in said.splitlines()]
    lines = [line for line in lines if line]
    first = next((number for number, line in enumerate(lines) if _SERIOUS.search(line)), None)
    return "\n".join(lines[first : first + SHOWN_LINES] if first is not None else lines[-SHOWN_LINES:])


def changes(root: Path, names: Iterable[str], stop: threading.Event) -> Iterator[None]:
    """Once for every burst of changes under the named folders and files of `root`, until `stop`."""
    paths = [root / name for name in names]
    folders = [path for path in paths if path.is_dir()]
    # An editor replaces a file, and the watch on it is lost: files are looked at by their time.
    files = [path for path in paths if not path.is_dir()]
    seen = _times(files)
    if not folders:
        while not stop.wait(0.5):
            if (now := _times(files)) != seen:
                seen = now
                yield
        return
    for found in watch(
        *folders, stop_event=stop, debounce=400, step=100, rust_timeout=500, yield_on_timeout=True
    ):
        now = _times(files)
        if found or now != seen:
            seen = now
            yield


def _times(files: Iterable[Path]) -> list[int]:
    times = []
    for path in files:
        try:
            times.append(path.stat().st_mtime_ns)
        except OSError:
            times.append(0)
    return times


def rebuild_on_change(
    build: Callable[[], None], root: Path, names: Iterable[str], stop: threading.Event
) -> threading.Thread:
    """Start the thread that builds again after every change; a failing build is told, not fatal."""

    def run() -> None:
        for _ in changes(root, names, stop):
            build_and_tell(build, stop)

    thread = threading.Thread(target=run, name="rebuild", daemon=True)
    thread.start()
    return thread


def build_and_tell(build: Callable[[], None], stop: threading.Event | None = None) -> bool:
    """Build and print how it went; True where it succeeded."""
    begun = time.monotonic()
    try:
        build()
    except FirsthandError as error:
        if stop is None or not stop.is_set():
            print(f"{error}\nThe build failed; you see the site as it was before.", flush=True)
        return False
    print(f"Built in {time.monotonic() - begun:.1f} s.", flush=True)
    return True
