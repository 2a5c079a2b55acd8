"""Who does the work of one build: this process where there is little of it, else all cores, or Dask's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from itertools import chain, islice

from .executor import executor, scheduler

# Parcels that are under way at the same time: enough that no worker is idle, and few enough that a
# large site is never in memory twice.
AHEAD = 24


class Crew:
    """One executor for all of a build, started when the first parcel needs it."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._pool: Executor | None = None

    @property
    def is_here(self) -> bool:
        """True where the workers have this machine's disk."""
        return not scheduler()

    @property
    def is_called(self) -> bool:
        """True where workers have been called, and may have nothing to do."""
        return self._pool is not None

    def each(self, work: Callable[[bytes], bytes], parcels: Iterable[bytes]) -> Iterator[bytes]:
        """What the work makes of each parcel, in their order; one parcel alone is worked on here.

        Raises whatever the work raises.
        """
        waiting: deque[Future[bytes]] = deque()
        rest = iter(parcels)
        begun = list(islice(rest, 2))
        if len(begun) < 2 and self._pool is None:
            yield from map(work, begun)
            return
        try:
            for parcel in chain(begun, rest):
                waiting.append(self.submit(work, parcel))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def submit(self, work: Callable[[bytes], bytes], parcel: bytes) -> Future[bytes]:
        """Give one parcel to a worker; whoever does sees to it that no more than AHEAD are under way."""
        if self._pool is None:
            self._pool = self._open.enter_context(executor())
        return self._pool.submit(work, parcel)

    def close(self) -> None:
        """Let the workers go."""
        self._open.close()
        self._pool = None
