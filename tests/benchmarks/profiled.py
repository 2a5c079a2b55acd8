"""Where the time of one edited story goes: `./inv bench --profile`."""

from __future__ import annotations

import io
import pstats
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from plugins import FirsthandError

from .bench import EDITED, STEPS, measure
from .corpus import Corpus
from .generators import ROOT, Firsthand

LINES = 25


def profile(size: int, folder: Path, say: Callable[[str], None]) -> str:
    """Build `size` stories, edit one, build again under cProfile; the functions with most time of their own.

    Only the build's first process is seen; what its workers do shows as waiting.
    """
    corpus, site = Corpus(size), Firsthand(folder / f"profile-{size}")
    say(f"{size} stories: writing them")
    site.prepare(corpus)
    for step in ("cold", EDITED):
        STEPS[step](site, corpus)
        say(f"{size} stories: {step}, {measure(site).wall:.2f} s")
    STEPS[EDITED](site, corpus)
    say(f"{size} stories: {EDITED}, under the profiler")
    with tempfile.TemporaryDirectory() as place:
        result = Path(place, "profile")
        python, *words = site.command()
        done = subprocess.run(
            [python, "-m", "cProfile", "-o", str(result), *words],
            cwd=site.folder,
            env=site.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not result.exists():
            raise FirsthandError(f"The build under the profiler failed. It said:\n{done.stderr[-2000:]}")
        text = io.StringIO()
        pstats.Stats(str(result), stream=text).sort_stats("tottime").print_stats(LINES)
    return done.stdout + text.getvalue().strip().replace(f"{ROOT}/", "")
