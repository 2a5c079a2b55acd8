"""Not asking a server more often than it allows: a few at once, then so many a second."""

from __future__ import annotations


class Pace:
    """`await pace.turn()` before each request: the first `a_second` of them at once, then in step."""

    def __init__(self, a_second: int) -> None:
        self._every, self._before = 1 / a_second, float(a_second - 1) / a_second
        self._next = float("-inf")  # seconds of the loop's clock

    async def turn(self) -> None:
        """Return when the next request may go out."""
        import asyncio  # slow to load, and builds load this module

        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._every, now - self._before)
        if self._next > now:
            await asyncio.sleep(self._next - now)
