"""Where a build runs: in a process of its own, or in this one, which it leaves as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pelican.log import FatalLogger
from pelican.plugins import signals

ROOT = Path(__file__).resolve().parents[3]


def command(conf: Path, **words: Any) -> list[str]:
    """The command line of a build in a process of its own; it says `begin` when it has loaded itself."""
    code = (
        "from pathlib import Path\n"
        "from plugins.fastbuild.build import build_site\n"
        "print('begin', flush=True)\n"
        f"print(build_site(Path({str(conf)!r}), quiet=True, **{words!r}))\n"
    )
    return [sys.executable, "-B", "-c", code]


def environment(day: str) -> dict[str, str]:
    """The variables of such a process."""
    return {**os.environ, "SOURCE_DATE_EPOCH": day, "PYTHONPATH": str(ROOT)}


def run_build(conf: Path, day: str, **words: Any) -> None:
    """Build in a process of its own. Raises AssertionError where it fails."""
    done = subprocess.run(
        command(conf, **words), env=environment(day), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def as_it_was() -> Iterator[None]:
    """Pelican's signals and log level outlive a build."""
    found = [value for value in vars(signals).values() if hasattr(value, "receivers")]
    before = [(signal, dict(signal.receivers)) for signal in found]
    level = FatalLogger.fatal_lvl
    try:
        yield
    finally:
        FatalLogger.fatal_lvl = level
        for signal, receivers in before:
            signal.receivers.clear()
            signal.receivers.update(receivers)
