"""Whose turn it is: two connections a host, sixty at once, and nobody waits for those that hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .fetch_answer import FetchFailed
from .text import one_line

A_HOST = 2  # connections to one host at a time
AT_ONCE = 60  # addresses being read
PATIENCE = 2.0  # seconds after which one that is still not done makes room for another ...
WAITING = 200  # ... as long as no more than these are waited for
LARGE_AT_ONCE = 4  # bodies of more than half a megabyte in memory
SILENCES = 2  # a host that let so many wait in vain, one after the other, is not asked again


class Host:
    """One host: its two connections, and how it has behaved so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connections = asyncio.Semaphore(A_HOST)
        self.silences = 0
        self.answered = False

    @asynccontextmanager
    async def connection(self, within: float | None = None) -> AsyncIterator[None]:
        """One of its connections, when one is free.

        Raises FetchFailed where the host has been silent, TimeoutError where none was free in time.
        """
        async with asyncio.timeout(within):
            await self.connections.acquire()
        try:
            if self.silences >= SILENCES:
                raise FetchFailed(
                    f"{one_line(self.name)} did not answer {SILENCES} times, so it was not asked again. "
                    "Try later."
                )
            yield
        finally:
            self.connections.release()

    def has_answered(self) -> None:
        """It said something, however slowly it goes on."""
        self.silences = 0
        self.answered = True


class Places:
    """So many at work at once; one that takes long makes room for another, up to a limit."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = waiting

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place; after two seconds it goes to somebody else, while the work in it goes on."""
        await self._free.acquire()
        here = True

        def make_room() -> None:
            nonlocal here
            if self._waiting:
                self._waiting -= 1
                here = False
                self._free.release()

        later = asyncio.get_running_loop().call_later(PATIENCE, make_room)
        try:
            yield
        finally:
            later.cancel()
            if here:
                self._free.release()
            else:
                self._waiting += 1


class Turns:
    """The hosts and places of one fetcher."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        self.places = Places()
        self.large = asyncio.Semaphore(LARGE_AT_ONCE)

    def host(self, name: str) -> Host:
        """The host of this name, the same for everybody who asks."""
        return self._hosts.setdefault(name, Host(name))
