"""The workers of a Dask scheduler, on this machine or others: an optional dependency."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Any

from plugins import FirsthandError

CONNECT = 10  # seconds to wait for the scheduler


class WorkerDied(FirsthandError):
    """A job ended its process, and did so again when nothing else ran in it."""


ENDED = "The work ended its process twice: out of memory, or a fault in a library."


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """Dask's executor for the time of a `with`. Raises FirsthandError where it cannot be used."""
    try:
        from distributed import Client
    except ImportError as error:
        raise FirsthandError(
            f"FIRSTHAND_SCHEDULER is {address!r}, and Dask is not installed here."
            ' Install it with: .venv/bin/python -m pip install "distributed"'
        ) from error
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise FirsthandError(
            f"No scheduler answers at FIRSTHAND_SCHEDULER={address}."
            " Start one with `dask scheduler`, or unset it."
        ) from error
    with client:
        yield InTurn(client.get_executor(pure=False))


class InTurn(Executor):
    """Dask's executor, for jobs that share what their process keeps: a converter, a renderer, warnings.

    This machine's processes do one at a time anyway; a worker of Dask's has a thread for every core,
    if it is not told otherwise.
    """

    def __init__(self, remote: Executor) -> None:
        self._remote = remote

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As concurrent.futures.Executor.submit; what befalls a job there is told as for one here."""
        inner = self._remote.submit(_in_turn, fn, *args, **kwargs)
        outer: Future[Any] = Future()
        outer.add_done_callback(lambda future: inner.cancel() if future.cancelled() else None)
        inner.add_done_callback(partial(_pass_on, outer))
        return outer


def _pass_on(outer: Future[Any], inner: Future[Any]) -> None:
    if not outer.set_running_or_notify_cancel():
        return  # nobody wants it any more
    if inner.cancelled():
        outer.set_exception(FirsthandError("The scheduler was lost during the build. Build again."))
    elif (error := inner.exception()) is None:
        outer.set_result(inner.result())
    elif type(error).__name__ == "KilledWorker":  # Dask has tried it on several workers
        died = WorkerDied(ENDED)
        died.__cause__ = error
        outer.set_exception(died)
    else:
        outer.set_exception(error)


_turn = threading.Lock()


def _in_turn(job: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """In a worker: one job after another."""
    with _turn:
        return job(*args, **kwargs)
