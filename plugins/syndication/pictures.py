"""Pictures of other sites fetched and made safe, each once in a pull, one in memory at a time."""

from __future__ import annotations

import asyncio
import io
from typing import Protocol
from weakref import WeakKeyDictionary

from plugins import FirsthandError
from plugins.guard.fetch import FetchFailed, FetchRefused, Response
from plugins.guard.photo import Photo, clean_photo

from .web import host

MAX_IMAGE = 20_000_000  # bytes of one picture as it comes
DEADLINE = 20.0  # seconds for one picture
GIVEN_UP = 3  # failures in a row, after which a host is not asked again in the same pull
REMEMBERED = 64_000_000  # bytes of pictures that may be asked for again by the next entry
ACCEPT = "image/avif, image/webp, image/jpeg, image/png;q=0.9, image/*;q=0.1"


class Fetches(Protocol):
    """What pictures are fetched with: a plugins.guard.fetcher.Fetcher."""

    async def fetch(self, url: str, *, limit: int, deadline: float, accept: str = "*/*") -> Response:
        """As plugins.guard.fetch.fetch."""


class Once:
    """Pictures fetched and made safe once in a pull; one at a time is decoded, since that takes memory.

    A host that fails three times in a row is left alone until the next pull.
    """

    def __init__(self) -> None:
        self._known: dict[str, asyncio.Task[Photo]] = {}
        self._failed: dict[str, int] = {}
        self._decoding = asyncio.Semaphore(1)
        self._waiting = asyncio.Semaphore(6)  # bodies of 20 MB in memory, and hosts that hang

    async def photo(self, address: str, fetcher: Fetches) -> Photo:
        """The picture at an address. Raises FirsthandError with the reason where there is none."""
        if address not in self._known:
            task = self._known[address] = asyncio.create_task(self._read(address, fetcher))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        # Shielded: a second story may be waiting for the same picture.
        photo = await asyncio.shield(self._known[address])
        self._forget()
        return photo

    async def _read(self, address: str, fetcher: Fetches) -> Photo:
        at = host(address)
        async with self._waiting:
            if self._failed.get(at, 0) >= GIVEN_UP:
                raise FetchFailed(f"{at} did not deliver other pictures")
            try:
                answer = await fetcher.fetch(address, limit=MAX_IMAGE, deadline=DEADLINE, accept=ACCEPT)
            except FetchRefused:
                raise
            except FirsthandError:
                self._failed[at] = self._failed.get(at, 0) + 1
                raise
            self._failed.pop(at, None)
            if answer.status == 429 or answer.status >= 500:
                raise FetchFailed(f"the server answered {answer.status}")
            if answer.status != 200:
                raise FirsthandError(f"the server answered {answer.status}")
            async with self._decoding:
                return await asyncio.to_thread(clean_photo, io.BytesIO(answer.body))

    def _forget(self) -> None:
        """The oldest pictures where they have become many; their failures stay known."""
        done = {at: task for at, task in self._known.items() if task.done() and not task.cancelled()}
        kept = {at: len(task.result().data) for at, task in done.items() if task.exception() is None}
        for address in list(kept)[:-1]:
            if sum(kept.values()) <= REMEMBERED:
                break
            del kept[address], self._known[address]


_OF: WeakKeyDictionary[Fetches, Once] = WeakKeyDictionary()


def once_of(fetcher: Fetches) -> Once:
    """The memory of a fetcher, which is that of one pull."""
    if fetcher not in _OF:
        _OF[fetcher] = Once()
    return _OF[fetcher]
