"""Work in several processes: order kept, no work lost with a worker, limits, and a real scheduler."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from plugins import FirsthandError
from plugins.fastbuild.executor import WorkerDied, executor
from tests.fastbuild import jobs
from tests.fastbuild.session import left, living

ROOT = Path(__file__).resolve().parents[2]
ITEMS = [b"%d" % number for number in range(30)]


@pytest.fixture(autouse=True)
def _no_scheduler(monkeypatch):
    monkeypatch.delenv("FIRSTHAND_SCHEDULER", raising=False)


def test_order_is_kept():
    with executor(2) as pool:
        assert list(pool.map(jobs.double, ITEMS)) == [item * 2 for item in ITEMS]


def test_what_workers_need_is_imported_where_they_come_from():
    """In a process of its own: the server that workers are forked from is one for each."""
    code = """
from plugins.fastbuild.executor import executor, prepare
from tests.fastbuild import jobs
if __name__ == "__main__":
    prepare("colorsys")
    with executor(1) as pool:
        print(pool.submit(jobs.imported, b"colorsys").result().decode())
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "True\n"


def test_an_error_is_its_own_jobs():
    with executor(2) as pool:
        bad, good = pool.submit(jobs.wrong, b""), pool.submit(jobs.double, b"a")
        assert good.result() == b"aa"
        with pytest.raises(ValueError, match="wrong"):
            bad.result()


def test_a_job_that_ends_its_worker_twice_is_told_and_nothing_else_is_lost():
    with executor(2) as pool:
        futures = [pool.submit(jobs.die if n == 7 else jobs.slow, item) for n, item in enumerate(ITEMS)]
        with pytest.raises(WorkerDied):
            futures[7].result(60)
        assert [f.result(60) for n, f in enumerate(futures) if n != 7] == ITEMS[:7] + ITEMS[8:]


def test_a_job_whose_worker_was_killed_is_done_again(tmp_path):
    with executor(2) as pool:
        once = pool.submit(jobs.die_once, str(tmp_path / "mark").encode())
        others = list(pool.map(jobs.slow, ITEMS))
        assert (once.result(60), others) == (b"done", ITEMS)


def test_a_worker_gets_no_more_memory_than_it_may():
    with executor(1, memory=1_000_000_000) as pool, pytest.raises(MemoryError):
        pool.submit(jobs.too_much, b"").result(60)


def test_an_error_in_the_with_cancels_what_waits():
    def use() -> None:
        with executor(1) as pool:
            futures.extend(pool.submit(jobs.slow, item) for item in ITEMS)
            raise KeyError

    futures: list[Any] = []
    with pytest.raises(KeyError):
        use()
    assert futures[-1].cancelled()


def test_a_scheduler_that_cannot_be_used_is_said_plainly(monkeypatch):
    monkeypatch.setenv("FIRSTHAND_SCHEDULER", "nowhere:no-port")
    with pytest.raises(FirsthandError, match="FIRSTHAND_SCHEDULER"), executor():
        pass


# One pool at work, or with nothing to do, in a process that leads a session of its own.
PARENT = """
import sys, time
from plugins.fastbuild.executor import executor
from tests.fastbuild import jobs
if __name__ == "__main__":
    with executor(2) as pool:
        list(pool.map(jobs.slow, [b"1"] * 8))
        futures = [pool.submit(jobs.slow, b"2") for _ in range({more})]
        print("begun", flush=True)
        time.sleep({wait})
        sys.exit(sum(future.result() != b"2" for future in futures))
"""


@pytest.fixture
def parent():
    """Starts such a process, and leaves nothing of it behind."""
    started: list[subprocess.Popen[str]] = []

    def start(more: int, wait: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PARENT.format(more=more, wait=wait)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        started.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        return child

    yield start
    for child in started:
        if living(child.pid):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


@pytest.mark.parametrize("more", [0, 10_000], ids=["idle", "at work"])
def test_nothing_outlives_the_process_that_wants_the_work(parent, more):
    child = parent(more, 600)
    assert len(living(child.pid)) == 5  # itself, the server, its tracker and two workers
    child.kill()
    child.wait()
    assert left(child.pid) == []


def test_a_worker_waits_for_work_as_long_as_its_parent_lives(parent):
    child = parent(100, 1.5)
    before = set(living(child.pid))
    time.sleep(1)
    assert set(living(child.pid)) == before
    assert child.wait(60) == 0
    assert left(child.pid) == []
