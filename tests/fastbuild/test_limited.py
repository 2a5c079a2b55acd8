"""A job that goes too far is ended alone, and nobody else's is."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugins.fastbuild.limited import Limits, OverLimit, limited

from . import limited_jobs as jobs


@pytest.mark.parametrize("size", [0, 1, 10_000_000])
def test_bytes_go_in_and_come_back(size: int) -> None:
    parcel = b"\xff" * size
    assert limited(jobs.same, parcel, Limits()) == parcel


@pytest.mark.parametrize(
    ("job", "limits"),
    [
        (jobs.spin, Limits(cpu=1)),
        (jobs.spin, Limits(wall=0.5)),
        (jobs.sleep, Limits(wall=0.5)),
        (jobs.die, Limits()),
    ],
    ids=["processor", "clock, busy", "clock, idle", "death"],
)
def test_a_job_is_ended_at_its_limits(job: Callable[[bytes], bytes], limits: Limits) -> None:
    with pytest.raises(OverLimit, match="it took too much time or memory"):
        limited(job, b"x" * 1_000_000, limits)
    assert multiprocessing.active_children() == []


def test_memory_ends_at_the_limit() -> None:
    assert limited(jobs.grow, b"", Limits(memory=1 << 30)) == b"no more"


def test_every_job_has_a_process_of_its_own() -> None:
    assert limited(jobs.number, b"", Limits()) != limited(jobs.number, b"", Limits())


def test_one_that_dies_takes_nobody_with_it() -> None:
    def became(job: Callable[[bytes], bytes]) -> bytes:
        try:
            return limited(job, b"whole", Limits(cpu=1))
        except OverLimit:
            return b"ended"

    with ThreadPoolExecutor(6) as several:
        found = list(several.map(became, [jobs.same, jobs.die, jobs.spin, *[jobs.same] * 6]))
    assert found == [b"whole", b"ended", b"ended", *[b"whole"] * 6]
