"""The one way to read an address that somebody else named: bounded in place, size and time.

A single address is read with `fetch`; many share a `Fetcher`, with its connections and its courtesies.
"""

from __future__ import annotations

from .fetch_answer import FetchFailed, FetchRefused, Response, Validators
from .fetch_policy import ALLOW, allowed_pairs
from .fetcher import MAX_REDIRECTS, Fetcher

__all__ = [
    "ALLOW",
    "MAX_IMAGE",
    "MAX_REDIRECTS",
    "FetchFailed",
    "FetchRefused",
    "Fetcher",
    "Response",
    "Validators",
    "allowed_pairs",
    "fetch",
]

MAX_IMAGE = 20_000_000  # bytes


async def fetch(
    url: str,
    *,
    limit: int,
    deadline: float,
    validators: Validators | None = None,
    accept: str = "*/*",
    contact: str = "",
) -> Response:
    """Read one address: `Fetcher(contact=contact).fetch(...)` with connections of its own.

    Raises FetchRefused for an address that is not public, FetchFailed for one that does not deliver.
    """
    async with Fetcher(contact=contact) as fetcher:
        return await fetcher.fetch(url, limit=limit, deadline=deadline, validators=validators, accept=accept)
