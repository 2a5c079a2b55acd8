"""Reading an answer's body: at most so many bytes, one layer of gzip, and few large ones at a time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from .fetch_answer import FetchUnfit, shown
from .text import one_line

LARGE = 500_000  # bytes: what is larger waits for one of a few places, so that memory stays bounded
TIGHT = 200  # times smaller than it is: feeds are packed five to thirty times, only bombs this tightly
_STEP = 65_536

Wait = Callable[[], Awaitable[None]]


async def read_body(answer: httpx.Response, url: str, limit: int, large: Wait) -> bytes:
    """The body, unpacked. `large` is awaited once, where it turns out to be more than half a megabyte.

    Raises FetchFailed where it is too large or packed otherwise, ValueError where its packing is broken.
    """
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchUnfit(f"{shown(url)} came packed as {one_line(encoding)!r}; only gzip, once, is unpacked.")
    size = answer.headers.get("content-length", "")
    declared = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0
    body = bytearray()
    waited = False
    try:
        _within(limit, declared)
        chunks = answer.aiter_raw()
        async for piece in _unpacked(chunks, limit, url) if "gzip" in encoding else chunks:
            body += piece
            _within(limit, len(body))
            if len(body) > LARGE and not waited:
                waited = True
                await large()
    except _TooLarge as error:
        raise FetchUnfit(f"{shown(url)} is larger than {limit:,} bytes. It was not read.") from error
    return bytes(body)


class _TooLarge(Exception):
    pass


def _within(limit: int, size: int) -> None:
    if size > limit:
        raise _TooLarge


async def _unpacked(chunks: AsyncIterator[bytes], limit: int, url: str) -> AsyncIterator[bytes]:
    """What one gzip layer holds, a little at a time, so that a bomb is stopped at once."""
    unpack = zlib.decompressobj(31)
    received = made = 0
    async for chunk in chunks:
        received += len(chunk)
        _within(limit, received)
        rest, piece = chunk, b""
        while not unpack.eof and (rest or len(piece) == _STEP):  # a full piece may not be the last
            try:
                piece = unpack.decompress(rest, _STEP)
            except zlib.error as error:
                raise ValueError(f"its gzip packing is broken ({error})") from error
            rest = unpack.unconsumed_tail
            made += len(piece)
            if made > LARGE and made > TIGHT * (received - len(rest)):
                words = f"is packed {TIGHT} times smaller than it is. It was not read."
                raise FetchUnfit(f"{shown(url)} {words}")
            yield piece
    if received and not unpack.eof:
        raise ValueError("its gzip packing breaks off")
