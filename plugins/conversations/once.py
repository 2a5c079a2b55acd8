"""An answer that many stories need and that is asked for once in a run, by whoever needs it first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class Once(Generic[T]):
    """`await once.get()`: what `ask` gave, or raised, the first time."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The answer. Raises what asking for it raised."""
        import asyncio  # slow to load, and builds load this module

        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
        return await asyncio.shield(self._task)

    async def _run(self) -> T:
        return await self._ask()
