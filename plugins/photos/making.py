"""Photographs made on all cores, each in a process whose memory is limited.

Never in the build's own process, not even one small file: what a stranger sent may unfold there, or
end the library that reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

from plugins.fastbuild.executor import WorkerDied, executor
from plugins.guard.photo import PhotoRefused

from .derivatives import Made, make

Name = TypeVar("Name")

# What lies ready for the workers: enough that none waits, little enough that ten thousand
# photographs are never in memory at once.
READY, READY_BYTES = 64, 100_000_000
# Bytes of address space for each process. A photograph of 50 megapixels takes up to 1.7 GB of it
# (measured: 1,900 wide and 26,000 high, saved as AVIF at that height).
MEMORY = 3_000_000_000

TOO_MUCH = "It takes too much memory. Send a smaller one."


def make_all(jobs: Iterable[tuple[Name, bytes, bool]]) -> Iterator[tuple[Name, Made | str]]:
    """Each job's name with what was made of its bytes, or why nothing was, as they get done.

    A job is a name, the bytes, and whether the photograph shows as a small face too. No process is
    started where there is no job. Raises FirsthandError where the scheduler cannot be used.
    """
    coming = iter(jobs)
    first = next(coming, None)
    if first is None:
        return
    with executor(memory=MEMORY) as pool:
        at_work: dict[Future[Made], tuple[Name, int]] = {}
        job: tuple[Name, bytes, bool] | None = first
        while job or at_work:
            if job:
                name, raw, face = job
                at_work[pool.submit(make, raw, face)] = name, len(raw)
                job = next(coming, None)
            if job and len(at_work) < READY and sum(size for _, size in at_work.values()) < READY_BYTES:
                continue
            done, _ = wait(at_work, return_when=FIRST_COMPLETED)
            for future in done:
                name, _ = at_work.pop(future)
                yield name, _outcome(future)


def _outcome(future: Future[Made]) -> Made | str:
    try:
        return future.result()
    except (PhotoRefused, WorkerDied) as error:
        return str(error)
    except MemoryError:
        return TOO_MUCH
