"""All parallel work goes through one executor: this machine's processes, or a Dask scheduler's.

Jobs take bytes and give bytes, so that workers need no disk in common. With
`FIRSTHAND_SCHEDULER=tcp://host:port` they run on that scheduler's workers, each started in a
checkout of the same commit, best with `--nthreads 1` and one for each core: no process does two of
our jobs at the same time.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

from .remote import ENDED, WorkerDied, dask

__all__ = ["MEMORY", "Processes", "WorkerDied", "begin", "executor", "prepare", "processes"]

MEMORY = 4_000_000_000  # bytes of address space a process may take


@contextmanager
def executor(workers: int = 0, memory: int = MEMORY) -> Iterator[Executor]:
    """An executor for the time of a `with`; what has not begun when it is left by an error is cancelled.

    `workers` 0 means this machine's cores. `memory` limits each process, in bytes of address
    space; Dask's workers have limits of their own. Raises FirsthandError where the scheduler
    that FIRSTHAND_SCHEDULER names cannot be used.
    """
    if address := scheduler():
        with dask(address) as remote:
            yield remote
        return
    pool = Processes(workers or cores(), memory)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()


def prepare(*needed: str) -> None:
    """Have modules that workers need imported while the caller goes on: best where much is to be done."""
    if not scheduler() and processes(*needed).get_start_method() == "forkserver":
        forkserver.ensure_running()


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def scheduler() -> str:
    """The address of the Dask scheduler whose workers do the work; nothing for this machine's processes."""
    return os.environ.get("FIRSTHAND_SCHEDULER", "").strip()


class _Born:
    """Processes that know what this one knew when they were born, and do one work by its number."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, number: int) -> Future[bytes]:
        """What the work makes of a number."""
        return self._pool.submit(_work_of, number)


@contextmanager
def born_here(work: Callable[[int], bytes], memory: int = MEMORY) -> Iterator[_Born]:
    """Processes of this machine that need be told nothing: they are copies of this one, made by fork.

    Only for a process with a single thread. `memory` as for `executor`.
    """
    _inherited.append(work)
    context = multiprocessing.get_context("fork")
    # It starts all of them at the first job, and its own thread after that.
    pool = ProcessPoolExecutor(cores(), context, begin, (memory,))
    try:
        yield _Born(pool)
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    finally:
        _inherited.remove(work)
    pool.shutdown()


_inherited: list[Callable[[int], bytes]] = []


def _work_of(number: int) -> bytes:
    return _inherited[-1](number)


class _Job:
    def __init__(self, call: Callable[[], Any], parts: tuple[Any, ...], words: dict[str, Any]) -> None:
        self.call, self.parts, self.words = call, parts, words
        self.future: Future[Any] = Future()
        self.strikes = 0


class Processes(Executor):
    """A process pool that outlives its workers.

    Only a few jobs at a time are in the pool. When a worker dies they are the suspects, and each
    is done again alone in a new one; who ends that too is reported, and nothing else is lost.
    """

    def __init__(self, workers: int, memory: int) -> None:
        self._workers, self._memory = workers, memory
        self._lock = threading.RLock()
        self._waiting: deque[_Job] = deque()
        self._suspects: deque[_Job] = deque()
        self._inside = 0
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False
        self._idle = threading.Condition(self._lock)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As concurrent.futures.Executor.submit."""
        job = _Job(fn, args, kwargs)
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting.append(job)
            self._fill()
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As concurrent.futures.Executor.shutdown."""
        with self._lock:
            self._closed = True
            if cancel_futures:
                for job in self._waiting:
                    job.future.cancel()
                self._waiting.clear()
            while wait and (self._inside or self._waiting or self._suspects):
                self._idle.wait()
            pool = self._pool
        if pool is not None:
            pool.shutdown(wait=wait)

    def _fill(self) -> None:
        while self._inside < 2 * self._workers:
            alone = bool(self._suspects)
            if alone and self._inside:
                return
            if not (queue := self._suspects or self._waiting):
                return
            job = queue.popleft()
            if not job.strikes and not job.future.set_running_or_notify_cancel():
                continue
            self._start(job)
            if alone:
                return

    def _start(self, job: _Job) -> None:
        for _ in range(2):
            self._pool = pool = self._pool or self._new_pool(job.call.__module__)
            try:
                inner = pool.submit(job.call, *job.parts, **job.words)
            except BrokenProcessPool:
                self._pool = None  # it died with nothing of ours in it
                continue
            self._inside += 1
            inner.add_done_callback(partial(self._done, job, pool))
            return
        job.future.set_exception(WorkerDied("No worker process can be started on this machine."))

    def _done(self, job: _Job, pool: ProcessPoolExecutor, inner: Future[Any]) -> None:
        error = inner.exception()
        died = isinstance(error, BrokenProcessPool)
        again = died and not job.strikes
        if not again:
            if died:
                error = WorkerDied(ENDED)
            if error is not None:
                job.future.set_exception(error)
            else:
                job.future.set_result(inner.result())
        with self._lock:
            if died and self._pool is pool:
                self._pool = None
            if again:
                job.strikes += 1
                self._suspects.append(job)
            self._inside -= 1
            self._fill()
            self._idle.notify_all()

    def _new_pool(self, needed: str) -> ProcessPoolExecutor:
        context = processes(needed)
        return ProcessPoolExecutor(self._workers, context, begin, (self._memory,))


def processes(*needed: str) -> ForkServerContext | SpawnContext:
    """How new processes are started here, by a server that has imported the modules `needed`."""
    # Never fork: a child would carry the parent's threads, locks and half a build.
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # What the first job needs is imported once, where every worker is forked from, and not
    # for half a second in each. Later calls are without effect while that server runs.
    context.set_forkserver_preload(["__main__", *needed])
    return context


def begin(memory: int) -> None:
    """In a new worker: its memory limited, Ctrl-C left to the parent, and no life without it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _end_with(parent: multiprocessing.process.BaseProcess | None) -> None:
    """End this process as soon as the one that wants its work is gone, however that came.

    A worker holds a writing end of its own job pipe, so that it would wait there for ever, and keep
    the server it was forked from. The parent's sentinel is the build's process, not that server.
    """
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is there to take a result, nor to be told
