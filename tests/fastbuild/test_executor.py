"""Work in several processes: order kept, no work lost with a worker, limits, and a real scheduler."""

from __future__ import annotations

from typing import Any

import pytest

from plugins import FirsthandError
from plugins.fastbuild.executor import WorkerDied, executor
from tests.fastbuild import jobs

ITEMS = [b"%d" % number for number in range(30)]


@pytest.fixture(autouse=True)
def _no_scheduler(monkeypatch):
    monkeypatch.delenv("FIRSTHAND_SCHEDULER", raising=False)


def test_order_is_kept():
    with executor(2) as pool:
        assert list(pool.map(jobs.double, ITEMS)) == [item * 2 for item in ITEMS]


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
