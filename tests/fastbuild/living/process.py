"""Where a build runs: in a process of its own, or in this one, which it leaves as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pelican.log import FatalLogger, console
from pelican.plugins import signals

from tests.fastbuild.nursery import Born, Nursery

ROOT = Path(__file__).resolve().parents[3]

# Counts each file below the site that is opened for writing, moved or removed, just before it is;
# at the one asked for, the process kills itself as nothing could stop it from being killed.
_COUNTING = """
import os, signal, sys
done = 0
def count(event, words):
    global done
    writes = event == "open" and isinstance(words[2], int) and words[2] & (os.O_WRONLY | os.O_RDWR)
    if (writes or event in ("os.rename", "os.remove", "os.rmdir")) and str(words[0]).startswith({root!r}):
        done += 1
        if done == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
"""
# A first site of so few pages is made by heirs, too.
HEIRS = "from plugins.fastbuild import heirs, writer\nheirs.PARCEL, writer.FEW = 5, 10\n"


def command(conf: Path) -> list[str]:
    """The command line of a build in a process of its own."""
    return [sys.executable, "-c", code_of(conf)]


def code_of(conf: Path, kill_at: int | None = None, **words: Any) -> str:
    """What such a process does; it says `begin` when it has loaded itself.

    With `kill_at` it ends itself before that file (from 1) is written, moved or removed; with 0 it
    says at the end how many there were.
    """
    return (
        "from pathlib import Path\n"
        "from plugins.fastbuild.build import build_site\n"
        f"{HEIRS if kill_at is None else _COUNTING.format(root=str(conf.parent), at=kill_at)}"
        "if __name__ == '__main__':\n"
        "    print('begin', flush=True)\n"
        f"    build_site(Path({str(conf)!r}), quiet=True, **{words!r})\n"
        f"    print({'0' if kill_at is None else 'done'})\n"
    )


def environment(day: str) -> dict[str, str]:
    """The variables of such a process."""
    return {**os.environ, "SOURCE_DATE_EPOCH": day, "PYTHONPATH": str(ROOT)}


def run_build(
    conf: Path, day: str, kill_at: int | None = None, nursery: Nursery | None = None, **words: Any
) -> int:
    """Build in a process of its own, or in a fork where there is a nursery.

    Raises AssertionError where it fails without being asked to.
    Returns how many files it wrote, moved or removed, where `kill_at` is a number; 0 where it was killed.
    """
    with tempfile.TemporaryFile("w+") as said:  # not a pipe, which the workers of a killed build hold open
        code, env = code_of(conf, kill_at, **words), environment(day)
        child: Born | subprocess.Popen[bytes]
        if nursery:
            child = nursery.build(code, env, said)
        else:
            child = subprocess.Popen(
                [sys.executable, "-c", code],
                env=env,
                cwd=ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        failed = child.wait()
        end_session(child.pid)
        said.seek(0)
        text = said.read()
    if kill_at and failed == -signal.SIGKILL:
        return 0
    assert failed == 0, text
    return int(text.split()[-1])


def end_session(session: int) -> None:
    """End whatever is left of a build that led a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


@contextmanager
def as_it_was() -> Iterator[None]:
    """Pelican's signals and log level outlive a build."""
    found = [value for value in vars(signals).values() if hasattr(value, "receivers")]
    before = [(one, dict(one.receivers)) for one in found]
    level, console.quiet = FatalLogger.fatal_lvl, True
    try:
        yield
    finally:
        console.quiet = False
        FatalLogger.fatal_lvl = level
        for one, receivers in before:
            one.receivers.clear()
            one.receivers.update(receivers)
