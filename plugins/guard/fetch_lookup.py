"""Looking names up without ever waiting for them: socket.getaddrinfo has no timeout and cannot be stopped.

A name is asked for once in threads of our own, which nothing joins, before its connection is made. What
ssrfguard checks and connects to is that answer, so a name cannot stand for another machine a moment later.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections import deque
from contextlib import suppress
from typing import Any

from .fetch_answer import FetchFailed
from .text import one_line

SECONDS = 10.0  # to wait for one name
THREADS = 128  # names being looked up at once

Answers = list[tuple[Any, ...]]
_Name = tuple[str, int]


class Names:
    """The names looked up so far, of one event loop."""

    def __init__(self) -> None:
        self._found: dict[_Name, Answers | OSError] = {}
        self._asked: dict[_Name, asyncio.Future[None]] = {}
        self._queue: deque[_Name] = deque()
        self._threads = 0

    async def look_up(self, host: str, port: int) -> None:
        """Have an answer ready for `answer`. Raises FetchFailed after ten seconds without one."""
        if _is_address(host):
            return
        name = (host, port)
        if name not in self._asked:
            self._asked[name] = asyncio.get_running_loop().create_future()
            self._queue.append(name)
            self._start()
        await asyncio.wait({self._asked[name]}, timeout=SECONDS)
        if name not in self._found:
            raise FetchFailed(f"The name {one_line(host)!r} could not be looked up in time. Try later.")

    def answer(self, host: str, port: int, *question: int) -> Answers:
        """As socket.getaddrinfo, at once: for an address itself, and for names that were looked up."""
        if question[-1] & socket.AI_NUMERICHOST:
            return list(socket.getaddrinfo(host, port, *question))
        found = self._found.get((host, port), socket.gaierror(socket.EAI_AGAIN, "not looked up"))
        if isinstance(found, OSError):
            raise found
        return found

    def _start(self) -> None:
        while self._queue and self._threads < THREADS:
            self._threads += 1
            arguments = (self._queue.popleft(), asyncio.get_running_loop())
            threading.Thread(target=self._ask, args=arguments, daemon=True).start()

    def _ask(self, name: _Name, loop: asyncio.AbstractEventLoop) -> None:
        try:
            found: Answers | OSError = list(socket.getaddrinfo(*name, 0, socket.SOCK_STREAM))
        except OSError as error:
            found = error
        except UnicodeError:
            found = socket.gaierror(socket.EAI_NONAME, "no name of a machine")
        if not loop.is_closed():
            with suppress(RuntimeError):  # closed just now: nobody waits for this name any more
                loop.call_soon_threadsafe(self._done, name, found)

    def _done(self, name: _Name, found: Answers | OSError) -> None:
        self._found[name] = found
        self._threads -= 1
        if not self._asked[name].done():
            self._asked[name].set_result(None)
        self._start()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
