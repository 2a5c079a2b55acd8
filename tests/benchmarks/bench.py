"""The builds that are measured, each in a process of its own, one generator after the other.

A round is: everything from nothing, nothing changed, a sentence added to one story, its title
changed, a new story. Both generators do each step before the next one begins, so that what else
the machine does meets both.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from plugins import FirsthandError

from .corpus import Corpus
from .generators import Firsthand, Generator, Hugo

EDITED = "story edited"
STEPS: dict[str, Callable[[Generator, Corpus], None]] = {
    "cold": lambda site, corpus: site.wipe(),
    "unchanged": lambda site, corpus: None,
    EDITED: lambda site, corpus: site.append(corpus.story(corpus.count // 2), "One more thing was found."),
    "title changed": lambda site, corpus: site.rename(corpus.story(corpus.count // 2), "Found again"),
    "story added": lambda site, corpus: site.put(corpus.story(corpus.count)),
}


@dataclass(frozen=True)
class Taken:
    """What one build took: seconds and bytes, and what it said it did."""

    wall: float
    cpu: float
    pss: int
    rss: int
    did: dict[str, int] = field(default_factory=dict)


@dataclass
class Row:
    """One generator at one step and size, over all rounds."""

    tool: str
    stories: int
    step: str
    taken: list[Taken] = field(default_factory=list)
    pages: int = 0
    peer: Row | None = None

    def middle(self, what: str) -> float:
        """The median of wall, cpu, pss or rss."""
        return median(getattr(taken, what) for taken in self.taken)

    def ratio(self, what: str) -> float | None:
        """Ours divided by the peer's; None without a peer."""
        return self.middle(what) / self.peer.middle(what) if self.peer else None

    def as_dict(self) -> dict[str, object]:
        """For JSON: medians, every value, and the ratios to the peer."""
        row: dict[str, object] = {
            "tool": self.tool,
            "stories": self.stories,
            "step": self.step,
            "pages": self.pages,
        }
        for what in ("wall", "cpu", "pss", "rss"):
            ratio = self.ratio(what)
            row[what] = {
                "median": round(self.middle(what), 3),
                "all": [round(getattr(taken, what), 3) for taken in self.taken],
                "to_hugo": ratio and round(ratio, 3),
            }
        return {**row, "did": self.taken[-1].did}


def measure(site: Generator) -> Taken:
    """Build once in a new process. Raises FirsthandError where the build fails."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "taken.json")
        command = [
            sys.executable,
            "-S",
            str(Path(__file__).with_name("watch.py")),
            str(result),
            *site.command(),
        ]
        os.sync()  # what was written before this build is not to be paid by it
        done = subprocess.run(
            command, cwd=site.folder, env=site.environment(), capture_output=True, text=True, check=False
        )
        if not result.exists():
            raise FirsthandError(f"{site.name} could not be measured: {done.stderr.strip()}")
        taken = json.loads(result.read_text())
    if code := taken.pop("code"):
        said = (done.stderr + done.stdout).strip()[-2000:]
        raise FirsthandError(f"{site.name} ended with {code}. It said:\n{said}")
    return Taken(**taken, did=did(done.stdout))


def did(said: str) -> dict[str, int]:
    """The figures of a build's report: read, rendered, written, removed, where it names them."""
    words = "|".join(("read", "rendered", "written", "removed"))
    found = re.findall(rf"(\d+)(?: of \d+)?(?: (?:stories|pages|files))? ({words})", said)
    return {word: int(number) for number, word in found}


def run(
    sizes: list[int], *, runs: int, hugo: Path | None, folder: Path, say: Callable[[str], None]
) -> list[Row]:
    """Measure every step `runs` times at every size, in the given folder; `say` hears of the progress."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise FirsthandError("The bench reads memory from /proc, which only Linux has. Run it there.")
    rows: list[Row] = []
    for size in sizes:
        corpus = Corpus(size)
        sites: list[Generator] = [Firsthand(folder / f"firsthand-{size}")]
        if hugo:
            sites.append(Hugo(folder / f"hugo-{size}", hugo))
        say(f"{size} stories: writing them")
        for site in sites:
            site.prepare(corpus)
        of = {(site.name, step): Row(site.name, size, step) for step in STEPS for site in sites}
        for number in range(runs):
            for step, change in STEPS.items():
                for site in sites:
                    change(site, corpus)
                    row = of[site.name, step]
                    row.taken.append(taken := measure(site))
                    row.pages = site.pages()
                    done = f"{step}, {site.name} {taken.wall:.2f} s"
                    say(f"{size} stories, round {number + 1} of {runs}: {done}")
            for site in sites:
                site.put(corpus.story(size // 2))
                site.remove(corpus.story(size))
        for (tool, step), row in of.items():
            row.peer = of.get((Hugo.name, step)) if tool == Firsthand.name else None
        rows += of.values()
    return rows


def growth(rows: list[Row]) -> list[dict[str, object]]:
    """How much more one edited story costs at the largest size than at the smallest."""
    found = []
    for tool in dict.fromkeys(row.tool for row in rows):
        edited = [row for row in rows if row.tool == tool and row.step == EDITED]
        edited.sort(key=lambda row: row.stories)
        if len(edited) > 1:
            times = edited[-1].middle("wall") / edited[0].middle("wall")
            found.append(
                {"tool": tool, "from": edited[0].stories, "to": edited[-1].stories, "times": round(times, 2)}
            )
    return found


def machine(hugo: Path | None) -> dict[str, object]:
    """What the figures were measured on."""
    version = (
        subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout if hugo else ""
    )
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.platform(),
        "hugo": version.split()[1].partition("-")[0] if version else None,
    }
