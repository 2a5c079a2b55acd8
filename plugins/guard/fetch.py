"""The one way to read an address that somebody else named: bounded in place, size and time.

Measured before this was written: of 32 ways to make a fetcher read an address inside the network,
plain httpx followed 18; through ssrfguard, which connects to the address it has checked, none. A
body packed twice with gzip took 2 GB in every client, so only one layer is asked for and unpacked
here with a limit. A timeout for each read never stops a drip, so one deadline holds for the whole.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import queue
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import ssrfguard
from ssrfguard.httpx import AsyncClient

from plugins import FirsthandError

from .text import one_line

ALLOW = "FIRSTHAND_FETCH_ALLOW"
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class FetchRefused(FirsthandError):
    """An address that must not be read, whoever asks: not the web, or inside the network."""


class FetchFailed(FirsthandError):
    """An address that could not be read now: unreachable, too slow, too large, broken."""


@dataclass(frozen=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110, section 8.8)."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Response:
    """The last answer of a chain of redirects; its body is unpacked and within the limit."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)
    redirects: tuple[tuple[int, str], ...] = ()  # status and the address it was sent on from

    @property
    def not_modified(self) -> bool:
        """True where the validators still hold, so that there is no body."""
        return self.status == 304

    @property
    def validators(self) -> Validators:
        """What to hand to the next fetch of this address."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))

    @property
    def content_type(self) -> str:
        """The Content-Type header, or nothing."""
        return self.headers.get("content-type", "")


async def fetch(
    url: str,
    *,
    limit: int,
    deadline: float,
    validators: Validators | None = None,
    accept: str = "*/*",
    contact: str = "",
) -> Response:
    """Read an http or https address: at most `limit` bytes unpacked, in `deadline` seconds in all.

    Redirects are followed up to five times, each address checked anew. `contact` goes into the
    User-Agent, so that a server's owner knows whom to write to. Any status is an answer: look at it.
    Raises FetchRefused for an address that is not public, FetchFailed for one that does not deliver.
    """
    headers = {"User-Agent": _user_agent(contact), "Accept": accept, "Accept-Encoding": "gzip"}
    if validators and validators.etag:
        headers["If-None-Match"] = one_line(validators.etag)
    if validators and validators.modified:
        headers["If-Modified-Since"] = one_line(validators.modified)
    try:
        async with asyncio.timeout(deadline):
            return await _follow(url, headers, limit, deadline)
    except TimeoutError as error:
        raise FetchFailed(f"{_shown(url)} was not done within {deadline:g} seconds. Try later.") from error


async def _follow(url: str, headers: dict[str, str], limit: int, deadline: float) -> Response:
    walked: list[tuple[int, str]] = []
    allowed = allowed_pairs()
    while True:
        policy = _policy(url, allowed)
        async with AsyncClient(
            policy=policy,
            resolver=partial(_look_up, deadline),
            verify=_trusted(),
            trust_env=False,  # a proxy would look the name up itself, past our check
            timeout=deadline,
            headers=headers,
        ) as client:
            onward, answer = await _ask(client, url, limit)
        if onward is None:
            return Response(url, answer[0], answer[1], answer[2], tuple(walked))
        walked.append((answer[0], url))
        if len(walked) > MAX_REDIRECTS:
            raise FetchFailed(f"{_shown(walked[0][1])} sends readers on more than {MAX_REDIRECTS} times.")
        url = onward


async def _ask(
    client: AsyncClient, url: str, limit: int
) -> tuple[str | None, tuple[int, dict[str, str], bytes]]:
    """One request: where it sends us on to, or None, and what it said."""
    try:
        client.policy.check_url(url)  # before httpx reads the address in its own way
        async with client.stream("GET", url, follow_redirects=False) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status_code in _REDIRECTS and headers.get("location"):
                return urljoin(url, headers["location"]), (answer.status_code, headers, b"")
            body = await _read(answer, url, limit)
            return None, (answer.status_code, headers, body)
    except ssrfguard.SSRFGuardError as error:
        reason = getattr(error, "reason", str(error))
        raise FetchRefused(
            f"{_shown(url)} may not be read: {one_line(reason)}. Give a public web address."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        said = one_line(str(error)) or type(error).__name__
        raise FetchFailed(
            f"{_shown(url)} could not be read: {said}. Check the address, or try later."
        ) from error


async def _read(answer: httpx.Response, url: str, limit: int) -> bytes:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchFailed(
            f"{_shown(url)} came packed as {one_line(encoding)!r}; only gzip, once, is unpacked."
        )
    chunks = answer.aiter_raw()
    body = await (_unpacked(chunks, limit) if "gzip" in encoding else _plain(chunks, limit))
    if body is None:
        raise FetchFailed(f"{_shown(url)} is larger than {limit:,} bytes. It was not read.")
    return body


async def _plain(chunks: AsyncIterator[bytes], limit: int) -> bytes | None:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


async def _unpacked(chunks: AsyncIterator[bytes], limit: int) -> bytes | None:
    """One gzip layer, never more than `limit` bytes of it at once; None where it would be more."""
    unpack = zlib.decompressobj(31)
    body = bytearray()
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > limit:
            return None
        try:
            body += unpack.decompress(unpack.unconsumed_tail + chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise ValueError(f"its gzip packing is broken ({error})") from error
        if len(body) > limit:
            return None
    if received and not unpack.eof:
        raise ValueError("its gzip packing breaks off")
    return bytes(body)


def allowed_pairs() -> frozenset[tuple[str, int]]:
    """The host and port pairs of FIRSTHAND_FETCH_ALLOW, for tests and local tries.

    Raises FirsthandError where an entry is no host:port.
    """
    pairs = set()
    for entry in filter(None, (part.strip() for part in os.environ.get(ALLOW, "").split(","))):
        try:
            parts = urlsplit(f"//{entry}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or not port:
            raise FirsthandError(f"{ALLOW} has the entry {entry!r}. Write host:port, like 127.0.0.1:8765.")
        pairs.add((host.lower(), port))
    return frozenset(pairs)


def _policy(url: str, allowed: frozenset[tuple[str, int]]) -> ssrfguard.Policy:
    """The public web on its usual ports; for a pair that was allowed, exactly that pair."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return ssrfguard.Policy()
    if (host, port) not in allowed:
        return ssrfguard.Policy()
    try:
        networks: tuple[Network, ...] = (ipaddress.ip_network(host),)
    except ValueError:  # a name: it may stand for this machine, for nothing else inside
        networks = _LOOPBACK
    return ssrfguard.Policy(allowed_networks=networks, allowed_ports=frozenset({port}))


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _look_up(seconds: float, *question: Any) -> Any:
    """socket.getaddrinfo, given up after `seconds`: it has no timeout of its own and no way to stop it."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(*question))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise OSError(f"the name {question[0]!r} could not be looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _user_agent(contact: str) -> str:
    known = one_line(contact).encode("ascii", "ignore").decode()
    return f"Firsthand/0.1 (+{known})" if known else "Firsthand/0.1"


def _shown(url: str) -> str:
    return one_line(url)[:200]
