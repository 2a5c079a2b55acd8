"""A server of feeds that knows validators, and one way to ask it: for the tests of arrivals."""

from __future__ import annotations

import asyncio
import datetime
import http.server
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from plugins.guard.fetch import Fetcher
from plugins.syndication.arrivals import arrive
from plugins.syndication.asking import Arrival
from plugins.syndication.source import Source
from plugins.syndication.visits import Visits
from tests.guard.loopback import Server

NOW = datetime.datetime(2026, 11, 15, 12, tzinfo=datetime.UTC)


def hours(number: float) -> datetime.datetime:
    """So many hours after the first pull."""
    return NOW + datetime.timedelta(hours=number)


def rss(*guids: str, ttl: int | None = None) -> bytes:
    """A feed with these entries."""
    items = "".join(
        f"<item><guid>urn:{guid}</guid><title>Story {guid}</title><link>https://blog.example/{guid}</link>"
        f"<description>&lt;p&gt;What happened in the workshop on day {guid}.&lt;/p&gt;</description></item>"
        for guid in guids
    )
    asks = f"<ttl>{ttl}</ttl>" if ttl else ""
    return f'<rss version="2.0"><channel><title>Blog</title>{asks}{items}</channel></rss>'.encode()


def feed(server: Server, path: str, body: bytes, etag: str = "", **headers: str) -> None:
    """A path that answers 304 to whoever has its ETag."""

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        known = bool(etag) and request.headers.get("If-None-Match") == etag
        request.send_response(304 if known else 200)
        for name, value in {**headers, **({"ETag": etag} if etag else {})}.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", "0" if known else str(len(body)))
        request.end_headers()
        if not known:
            request.wfile.write(body)

    server.pages[path] = answer


def pulled(
    visits: Visits,
    sources: list[Source],
    now: datetime.datetime = NOW,
    *,
    done: bool = True,
    anyway: bool = False,
    at: Callable[[Arrival], Any] = lambda arrival: None,
) -> list[Arrival]:
    """The arrivals of one pull, each handed over at once where `done`."""

    async def run() -> list[Arrival]:
        found = []
        async with (
            Fetcher() as fetcher,
            aclosing(
                arrive(sources, fetcher, visits, now, anyway=anyway)  # type: ignore[type-var]
            ) as arrivals,
        ):
            async for arrival in arrivals:
                found.append(arrival)
                at(arrival)
                if done:
                    visits.done(arrival.source)
        return found

    return asyncio.run(run())
