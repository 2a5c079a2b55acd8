"""The proof that a build of what changed is right: whatever happens, it makes what a full build makes.

Each run lets some thirty things happen to a small site, in any order. After each, the site is built
on what was kept, and fully into another folder; both have the same files with the same bytes, or
both refuse with the same words. FIRSTHAND_STEPS=5000 does more of them than a CI run.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, given, note, seed, settings
from hypothesis import strategies as st

from tests.fastbuild.living import STEPS, Living, tree
from tests.fastbuild.living.site import assert_same

SEED = 20261101
LEAST = 300
A_RUN = 30
WANTED = max(int(os.environ.get("FIRSTHAND_STEPS", "0")), LEAST)
# The simplest step is none at all: what is left of a long list says what it takes to go wrong.
REST = "rest"
DONE: Counter[str] = Counter()


class _Run:
    """One site and what happens to it; a mended site is as it was before it went wrong."""

    def __init__(self, site: Living) -> None:
        self.site = site
        self.wrong = False
        self.check("first")

    def step(self, name: str, number: int) -> None:
        if self.wrong and number % 3:
            self.mend()
        STEPS[name](self.site, Random(number))
        self.check(name)

    def mend(self) -> None:
        self.site.bring_back("good", ("content", "theme", "pelicanconf.py"))
        self.check("mended")

    def check(self, name: str) -> None:
        if currently_in_test_context():
            note(name)
        before = tree(self.site.output)
        built, full = self.site.build(), self.site.build_fully()
        assert built.problem == full.problem
        self.wrong = bool(full.problem)
        DONE["refused" if self.wrong else "built"] += 1
        DONE[name] += 1
        if not self.wrong:
            assert_same(tree(self.site.output), tree(self.site.full_output))
            self.site.keep("good", ("content", "theme", "pelicanconf.py"))
        elif full.problem.startswith("ContentRefused"):
            assert_same(tree(self.site.output), before)

    def finish(self) -> None:
        """A process that remembers nothing agrees, photographs and all."""
        if self.wrong:
            self.mend()
        assert_same(tree(self.site.output), self.site.build_elsewhere())


@pytest.mark.slow
def test_whatever_happens_a_build_of_what_changed_equals_a_full_one(tmp_path_factory, monkeypatch, tell):
    # A bytecode file of pelicanconf.py may hide a change made within the same second.
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    # Between two builds pass milliseconds; this is still longer than a tick of a disk's clock.
    for name in ("fastbuild.record.DOUBT", "fastbuild.reader.DOUBT", "guard.seen.TICK"):
        monkeypatch.setattr(f"plugins.{name}", 20_000_000)
    step = st.tuples(st.sampled_from([REST, *STEPS]), st.integers(0, 9999))

    @seed(SEED)
    @settings(
        max_examples=-(-WANTED // (A_RUN - 2)) + 1,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(step, min_size=A_RUN, max_size=A_RUN))
    def lives(steps: list[tuple[str, int]]) -> None:
        live([(name, number) for name, number in steps if name != REST])

    def live(todo: list[tuple[str, int]]) -> None:
        if not todo:
            return
        root = tmp_path_factory.mktemp("living")
        run = _Run(Living(root))
        for name, number in todo:
            run.step(name, number)
        run.finish()
        shutil.rmtree(root)

    lives()
    live([(name, 1) for name in STEPS if not DONE[name]])
    steps = DONE["built"] + DONE["refused"]
    tell(f"seed {SEED}: {steps} steps, each built twice; {DONE['refused']} refused by both; 0 wrong")
    print(", ".join(f"{name} {DONE[name]}" for name in sorted(STEPS)))
    assert steps >= WANTED
    assert [name for name in STEPS if not DONE[name]] == []
