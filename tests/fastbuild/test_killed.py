"""kill -9 at any moment of a build: no half a file, and the next build makes the site right.

Builds run in processes of their own on a site of some forty stories: from nothing, after edits,
after a change of the theme. FIRSTHAND_KILLS=500 does more of them than a CI run.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fastbuild.living import Living, photos, stories, tree
from tests.fastbuild.living.process import code_of, end_session, environment, run_build
from tests.fastbuild.living.site import SOURCES, assert_same
from tests.fastbuild.nursery import Born, Nursery
from tests.fastbuild.session import left

pytestmark = pytest.mark.slow

SEED = 20261102
LEAST = 30
KILLS = max(int(os.environ.get("FIRSTHAND_KILLS", "0")), LEAST)
POINTS = KILLS * 2 // 5
KINDS = ("cold", "edit", "template")
# What a file is called until it is whole.
TEMPORARY = ".writing-"


class Ground:
    """The site in four states: two contents under two themes; what each of them becomes."""

    def __init__(self, root: Path, nursery: Nursery) -> None:
        self.nursery = nursery
        self.site = site = Living(root)
        chance = random.Random(SEED)
        for number in range(31):
            path = site.content / "stories" / f"number-{number}" / "index.md"
            shutil.copytree(site.content / "stories" / "the-last-shift", path.parent)
            site.edit(path, title=f"Number {number}", date=f"2026-01-{number + 1:02}")
            stories.body(site, chance)
        for _ in range(6):
            photos.photo_comes(site, chance)
        self.state = "content-1 theme-1"
        self.wanted = {self.state: self._keep()}
        foot = site.theme / "templates" / "base.html"
        foot.write_text(foot.read_text("utf-8").replace("</body>", "<p>Two</p></body>"), "utf-8")
        self.wanted["content-1 theme-2"] = self._keep("content-1 theme-2")
        self._edit(chance)
        self.wanted["content-2 theme-2"] = self._keep("content-2 theme-2")
        foot.write_text(foot.read_text("utf-8").replace("<p>Two</p>", ""), "utf-8")
        self.wanted["content-2 theme-1"] = self._keep("content-2 theme-1")
        self.to("content-1 theme-1")
        self.build()

    def _edit(self, chance: random.Random) -> None:
        folder = self.site.content / "stories"
        self.site.edit(folder / "number-3" / "index.md", title="Three, told again", date="2026-03-09")
        shutil.rmtree(folder / "number-7")
        (folder / "number-9").rename(folder / "nine")
        self.site.edit(self.site.content / "people" / "ada-brook.md", name="Ada Brooke", tint="rose")
        for _ in range(2):
            photos.photo_is_replaced(self.site, chance)
            stories.new(self.site, chance)

    def _keep(self, state: str = "content-1 theme-1") -> dict[str, object]:
        self.site.keep(state, SOURCES)
        return self.site.build_elsewhere()

    def to(self, state: str) -> None:
        """Change what differs, and nothing else."""
        for part in SOURCES[:2]:
            kept, here = self.site.root / state / part, self.site.root / part
            wanted, found = tree(kept), tree(here)
            for name in found.keys() - wanted.keys():
                (here / name).unlink()
            for name in (name for name, data in wanted.items() if found.get(name) != data):
                (here / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(kept / name, here / name)
        self.state = state

    def begin(self, kind: str) -> str:
        """Make ready for a build of a kind; returns the state that the output shows until then."""
        before = self.state
        content, theme = self.state.split()
        if kind == "cold":
            shutil.rmtree(self.site.output)
            shutil.rmtree(self.site.cache)
        elif kind == "edit":
            self.to(f"{_other(content)} {theme}")
        else:
            self.to(f"{content} {_other(theme)}")
        return before

    def build(self) -> None:
        """An ordinary build by a new process, and what it must have made.

        What that is was made by processes that share nothing with it, nor among each other.
        """
        self.run()
        assert_same(tree(self.site.output), self.wanted[self.state])

    def run(self, kill_at: int | None = None) -> int:
        """Build in a new process, as `run_build` says."""
        return run_build(self.site.conf, self.site.day, kill_at, self.nursery)

    def assert_whole(self, before: str) -> None:
        """Every file is as it was or as it is to be; what is not whole yet is not called by its name."""
        old, new = self.wanted[before], self.wanted[self.state]
        for name, data in tree(self.site.output).items():
            if not Path(name).name.startswith(TEMPORARY):
                assert data in (old.get(name), new.get(name)), f"{name} is neither old nor new"


def _other(word: str) -> str:
    return word[:-1] + {"1": "2", "2": "1"}[word[-1]]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Nursery() as nursery:
        yield Ground(tmp_path_factory.mktemp("killed"), nursery)


@contextlib.contextmanager
def _building(ground: Ground) -> Iterator[Born]:
    """A build that has begun; whatever is left of it in the end is ended."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as said:
        child = ground.nursery.build(code_of(ground.site.conf), environment(ground.site.day), writing)
        os.close(writing)
        try:
            assert said.readline() == "begin\n"
            yield child
        finally:
            end_session(child.pid)
            child.wait()


def _length(ground: Ground, kind: str) -> float:
    ground.begin(kind)
    with _building(ground) as child:
        started = time.perf_counter()
        assert child.wait() == 0
        return time.perf_counter() - started


def test_killed_at_any_moment_a_build_leaves_what_the_next_one_makes_right(ground, tell):
    chance = random.Random(SEED)
    lengths = {kind: _length(ground, kind) for kind in KINDS}
    count: Counter[str] = Counter()
    # Spread over the whole length of each kind of build, in any order.
    moments = [(at + chance.random()) / KILLS for at in range(KILLS)]
    chance.shuffle(moments)
    while count["kills"] < KILLS:
        assert count["tries"] < 3 * KILLS, "Builds are over before they are killed."
        kind, moment = KINDS[count["tries"] % len(KINDS)], moments[count["kills"]]
        count["tries"] += 1
        before, alone = ground.begin(kind), chance.random() < 0.3
        with _building(ground) as child:
            time.sleep(moment * lengths[kind])
            running = child.poll() is None
            if alone:  # its workers end by themselves, perhaps when the next build runs already
                child.kill()
            else:
                end_session(child.pid)
            child.wait()
            ground.assert_whole(before)
            if chance.random() < 0.3:  # the change is taken back before anybody builds again
                ground.to(before)
            ground.build()
            assert left(child.pid) == []
        count["kills"] += running
        count["alone"] += running and alone
        count[kind] += running
    kinds = ", ".join(f"{kind} {count[kind]} (of {lengths[kind]:.1f} s)" for kind in KINDS)
    late = count["tries"] - count["kills"]
    tell(f"seed {SEED}: {count['kills']} kills of a running build: {kinds};")
    tell(f"{count['alone']} of the parent alone; {late} more came too late; 0 wrong sites")
    assert count["kills"] >= LEAST


@pytest.mark.parametrize("kind", KINDS)
def test_killed_before_any_of_its_files_a_build_leaves_the_same(ground, kind, tell):
    ground.begin(kind)
    files = ground.run(kill_at=0)
    points = sorted({1 + at * (files - 1) // max(1, POINTS // 3 - 1) for at in range(POINTS // 3)})
    killed = 0
    for at in points:
        before = ground.begin(kind)
        # The way back may take fewer files.
        killed += ground.run(kill_at=at) == 0
        ground.assert_whole(before)
        ground.build()
    tell(f"{kind}: {killed} kills before one of {files} files is written, moved or removed")
    assert files > killed >= len(points) // 2
