"""One job in a process of its own, ended at its limits: for bytes that may be made to do harm.

The executor does not serve for this: a worker that dies there takes what its siblings are at with
it, and its job is tried again alone. Here every job has a new process that nobody else is in. It is
forked from a server that has loaded the job's module already, so that it costs hundredths of a
second, and it begins with nothing of the jobs before it. It is always this machine's: Dask's
workers share their limits among all their jobs.
"""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from .executor import begin, cores, processes
from .remote import WorkerDied

__all__ = ["Limits", "OverLimit", "WorkerDied", "limited"]

_AT_ONCE = threading.BoundedSemaphore(max(2, cores()))
_STARTING = threading.Lock()
_GRACE = 2.0  # seconds beyond the limit, after which it is ended from outside


@dataclass(frozen=True)
class Limits:
    """What a job may take before it is ended."""

    cpu: int = 10  # seconds of processor
    memory: int = 1 << 30  # bytes of address space
    wall: float = 15.0  # seconds by the clock


class OverLimit(WorkerDied):
    """A job was ended at one of its limits, or ended its process; it was not tried again."""


def limited(work: Callable[[bytes], bytes], parcel: bytes, limits: Limits) -> bytes:
    """What `work`, a function of a module, makes of the parcel, within the limits.

    Waits for its turn where as many run as there are cores; may be called from several threads.
    Raises OverLimit, and WorkerDied where no process can be started. The work raises nothing: what
    it has to say is in its bytes.
    """
    with _AT_ONCE:
        context = processes(work.__module__, __name__)
        ours, theirs = context.Pipe(duplex=False)
        with ours:
            process = _started(context, work, parcel, limits, theirs)
            try:
                if ours.poll(limits.wall + _GRACE):
                    return ours.recv_bytes()
                raise OverLimit(f"it took more than {limits.wall:g} seconds")
            except (EOFError, OSError) as error:
                raise OverLimit("it took too much time or memory") from error
            finally:
                process.kill()
                process.join()
                process.close()


def _started(
    context: ForkServerContext | SpawnContext,
    work: Callable[[bytes], bytes],
    parcel: bytes,
    limits: Limits,
    theirs: Connection,
) -> BaseProcess:
    process = context.Process(target=_run, args=(work, parcel, limits, theirs), daemon=True)
    with _STARTING, theirs:  # their end is closed here, so that its death is our end of file
        try:
            process.start()
        except OSError as error:
            raise WorkerDied("No worker process can be started on this machine.") from error
    return process


def _run(work: Callable[[bytes], bytes], parcel: bytes, limits: Limits, answers: Connection) -> None:
    """In the new process: the limits first. What they do is the system's: no code of ours is asked."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    used = resource.getrusage(resource.RUSAGE_SELF)
    # What the process has taken to start is not the job's.
    allowed = int(used.ru_utime + used.ru_stime) + limits.cpu
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    begin(limits.memory)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the parent does not wait for this
    answers.send_bytes(work(parcel))
