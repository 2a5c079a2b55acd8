"""One fetcher for everything that a pull reads: a pool of connections, and the same limits for all.

Measured before this was written: of 32 ways to make a fetcher read an address inside the network,
plain httpx followed 18; through ssrfguard, which connects to the address it has checked, none. A
body packed twice with gzip took 2 GB in every client, so only one layer is asked for and unpacked
here with a limit. A timeout for each read never stops a drip, so one deadline holds for the whole.
No client of httpx is used, only its transport: a client would keep cookies and follow links itself.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import cache
from types import TracebackType
from urllib.parse import urljoin

import httpx
import ssrfguard
from ssrfguard.httpx import AsyncSafeTransport

from .fetch_answer import FetchFailed, FetchRefused, Response, Validators, shown
from .fetch_body import read_body
from .fetch_lookup import Names
from .fetch_policy import Pair, allowed_pairs, origin_of, pair_of, policy_for
from .fetch_turns import AT_ONCE, WAITING, Host, Turns
from .fetch_wording import in_words
from .text import one_line

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BROKEN_OFF = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class Fetcher:
    """`async with Fetcher() as fetcher: await fetcher.fetch(url, limit=..., deadline=...)`.

    `contact` goes into the User-Agent, so that a server's owner knows whom to write to.
    """

    def __init__(self, *, contact: str = "") -> None:
        self._agent = _user_agent(contact)
        self._allowed = allowed_pairs()
        self._transports: dict[Pair | None, AsyncSafeTransport] = {}
        self._names = Names()
        self._turns = Turns()

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def fetch(
        self,
        url: str,
        *,
        limit: int,
        deadline: float,
        validators: Validators | None = None,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        """Read an http or https address: at most `limit` bytes unpacked, within `deadline` seconds.

        `headers` may carry a token: they go to the origin asked and to no other, wherever it sends us.
        With a `body`, JSON, it is a POST; such a request is never sent on.

        Seconds spent waiting for a turn do not count. Redirects are followed up to five times, each
        address checked anew. Any status is an answer: look at it. Raises FetchRefused for an address
        that is not public, FetchFailed for one that does not deliver.
        """
        sent = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": "gzip"}
        if validators and validators.etag:
            sent["If-None-Match"] = one_line(validators.etag)
        if validators and validators.modified:
            sent["If-Modified-Since"] = one_line(validators.modified)
        private = {name: one_line(value) for name, value in (headers or {}).items()}
        async with AsyncExitStack() as held:
            return await _Reading(self, held, sent, limit, deadline, private, body).follow(url)

    def _transport(self, pair: Pair | None) -> AsyncSafeTransport:
        if pair not in self._transports:
            self._transports[pair] = AsyncSafeTransport(
                policy=policy_for(pair),
                resolver=self._names.answer,
                verify=_trusted(),
                trust_env=False,  # a proxy would look the name up itself, past our check
                limits=httpx.Limits(
                    max_connections=AT_ONCE + WAITING, max_keepalive_connections=AT_ONCE, keepalive_expiry=5.0
                ),
            )
        return self._transports[pair]


class _Reading:
    """One address on its way: what it holds, and how much of its time is left."""

    def __init__(
        self,
        fetcher: Fetcher,
        held: AsyncExitStack,
        headers: dict[str, str],
        limit: int,
        deadline: float,
        private: dict[str, str],
        body: bytes | None,
    ) -> None:
        self.fetcher = fetcher
        self.held = held
        self.headers = headers
        self.private = private
        self.body = body
        self.limit = limit
        self.deadline = deadline
        self.left = deadline

    async def follow(self, url: str) -> Response:
        walked: list[tuple[int, str]] = []
        turns = self.fetcher._turns
        asked = origin_of(url)
        while True:
            pair = pair_of(url, self.fetcher._allowed)
            transport = self.fetcher._transport(pair)
            request = self._checked(transport, url, self.private if origin_of(url) == asked else {})
            host = turns.host(request.url.host)
            try:
                # Who was sent on has a place already, so its time runs: two might wait for each other.
                async with host.connection(self.left if walked else None):
                    if not walked:
                        await self.held.enter_async_context(turns.places.one())
                    onward, answer = await self._in_time(transport, request, url, host)
            except TimeoutError as error:
                said = f"{shown(url)} was not done within {self.deadline:g} seconds. Try later."
                raise FetchFailed(said) from error
            if onward is None or self.body is not None:
                return Response(url, *answer, tuple(walked))
            walked.append((answer[0], url))
            if len(walked) > MAX_REDIRECTS:
                raise FetchFailed(f"{shown(walked[0][1])} sends readers on more than {MAX_REDIRECTS} times.")
            url = onward

    def _checked(self, transport: AsyncSafeTransport, url: str, private: dict[str, str]) -> httpx.Request:
        headers = {**self.headers, **private}
        try:
            transport.policy.check_url(url)  # before httpx reads the address in its own way
            if self.body is None:
                return httpx.Request("GET", url, headers=headers)
            headers["Content-Type"] = "application/json"
            return httpx.Request("POST", url, headers=headers, content=self.body)
        except ssrfguard.SSRFGuardError as error:
            raise _refused(url, error) from error
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchFailed(f"{shown(url)} could not be read: {in_words(error)}") from error

    async def _in_time(
        self, transport: AsyncSafeTransport, request: httpx.Request, url: str, host: Host
    ) -> tuple[str | None, tuple[int, dict[str, str], bytes]]:
        loop = asyncio.get_running_loop()
        heard = False

        async def large() -> None:
            """A place for a large body; the seconds spent waiting for it are given back."""
            begun, ends = loop.time(), clock.when()
            clock.reschedule(None)
            await self.held.enter_async_context(self.fetcher._turns.large)
            clock.reschedule((ends or begun) + loop.time() - begun)

        try:
            async with asyncio.timeout(self.left) as clock:
                await self._look_up(request.url)
                answer = await self._send(transport, request, again=host.answered)
                heard = True
                host.has_answered()
                try:
                    headers = {name.lower(): value for name, value in answer.headers.items()}
                    if answer.status_code in _REDIRECTS and headers.get("location"):
                        return urljoin(url, headers["location"]), (answer.status_code, headers, b"")
                    body = await read_body(answer, url, self.limit, large)
                    return None, (answer.status_code, headers, body)
                finally:
                    self.left = max(0.0, (clock.when() or 0.0) - loop.time())
                    await answer.aclose()
        except TimeoutError:
            host.silences += not heard
            raise
        except ssrfguard.SSRFGuardError as error:
            raise _refused(url, error) from error
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError) as error:
            raise FetchFailed(f"{shown(url)} could not be read: {in_words(error)}") from error

    async def _look_up(self, url: httpx.URL) -> None:
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        await self.fetcher._names.look_up(url.raw_host.decode("ascii"), port)

    async def _send(
        self, transport: AsyncSafeTransport, request: httpx.Request, *, again: bool
    ) -> httpx.Response:
        try:
            return await transport.handle_async_request(request)
        except _BROKEN_OFF:
            if not again or self.body is not None:  # what was sent may have been done
                raise
            # The connection was kept from an earlier request, and its server had given it up by now.
            return await transport.handle_async_request(request)


def _refused(url: str, error: ssrfguard.SSRFGuardError) -> FetchRefused:
    reason = one_line(getattr(error, "reason", str(error)))
    return FetchRefused(f"{shown(url)} may not be read: {reason}. Give a public web address.")


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _user_agent(contact: str) -> str:
    known = one_line(contact).encode("ascii", "ignore").decode()
    return f"Firsthand/0.1 (+{known})" if known else "Firsthand/0.1"
