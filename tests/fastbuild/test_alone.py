"""Two builds at once: the second waits, whoever kills the first, and the site is right."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from plugins.fastbuild.alone import alone
from tests.fastbuild.living import Living, tree
from tests.fastbuild.living.process import ROOT, command, environment
from tests.fastbuild.living.site import assert_same

HOLD = """
import sys, time
from pathlib import Path
from plugins.fastbuild.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with child:
        assert child.stdout.readline() == b"held\n"
        yield child
        child.kill()


def test_whoever_comes_second_waits_until_the_first_is_gone(tmp_path, holder, caplog):
    waiting = subprocess.Popen(
        [sys.executable, "-c", HOLD.replace("60", "0"), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with waiting:
        assert waiting.stderr.readline() == b"Another build is under way; this one begins when it is done.\n"
        time.sleep(0.1)
        assert waiting.poll() is None
        holder.send_signal(signal.SIGKILL)
        assert waiting.stdout.readline() == b"held\n"


def test_one_after_the_other_nobody_waits(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with alone(tmp_path / "cache"):
                pass
    assert caplog.records == []


def test_what_a_killed_build_left_half_written_goes(tmp_path):
    (tmp_path / "photos").mkdir()
    for name in (".writing-a", "photos/.writing-b", "read"):
        (tmp_path / name).touch()
    with alone(tmp_path):
        left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"read", "building"}


@pytest.mark.slow
def test_four_builds_at_once_make_the_site_and_the_next_one_finds_it_right(tmp_path):
    site = Living(tmp_path)
    wanted = site.build_elsewhere()
    for _ in range(2):
        shutil.rmtree(site.cache, ignore_errors=True)
        builds = [
            subprocess.Popen(
                command(site.conf), env=environment(site.day), cwd=ROOT, stdout=subprocess.DEVNULL
            )
            for _ in range(4)
        ]
        assert [build.wait() for build in builds] == [0] * 4
        assert_same(tree(site.output), wanted)
    assert site.build().problem == ""
    assert_same(tree(site.output), wanted)
