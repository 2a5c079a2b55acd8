"""A forge's HTTP API: one call at a time, and what its answers mean for whoever waits."""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from plugins.guard.text import one_line

from ..forge import ForgeDown, ForgeRefused

Query = Mapping[str, str | int]

PATIENCE = httpx.Timeout(30.0, connect=10.0)  # seconds
PAGE = 100  # answers a page; every forge here allows so many
PAGES = 50
# GitHub: "wait for at least one minute" where it does not say how long.
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
A_MINUTE = 60.0
LONGEST = 6 * 3600.0  # nobody is told to come back later than that, whatever a header says
_LIMITED = re.compile(r"rate limit|abuse detection|too many requests|secondary limit", re.IGNORECASE)


class NotThere(ForgeRefused):
    """The forge knows no such thing, or does not show it to this token."""


class Conflict(ForgeRefused):
    """The forge has something like it already, or cannot do that as things stand there."""


@dataclass(frozen=True)
class Api:
    """Where a forge answers. `headers` carry the token, and are shown in no message."""

    base: str
    headers: Mapping[str, str] = field(repr=False)
    transport: httpx.BaseTransport | None = None

    def call(
        self, method: str, path: str, *, body: Mapping[str, Any] | None = None, query: Query | None = None
    ) -> Any:
        """The JSON that the forge answers. Raises ForgeDown, NotThere, Conflict and ForgeRefused.

        A call is made once: whoever asked keeps the story, and comes again.
        """
        try:
            with httpx.Client(
                transport=self.transport,
                timeout=PATIENCE,
                follow_redirects=False,
                trust_env=self.transport is None,
            ) as client:
                answer = client.request(
                    method, self.base + path, params=query, json=body, headers=dict(self.headers)
                )
        except (httpx.TransportError, httpx.InvalidURL) as error:
            reason = one_line(str(error)) or type(error).__name__
            raise ForgeDown(f"{self.base} cannot be reached: {reason[:200]}") from error
        if not answer.is_success:
            raise self._refused(answer)
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise ForgeDown(f"{self.base} answered something that is not its API's.") from error

    def pages(self, path: str, query: Query | None = None, *, size: str = "per_page") -> Iterator[Any]:
        """Every answer of a list. `size` is what the forge calls the length of a page."""
        for number in range(1, PAGES + 1):
            found = self.call("GET", path, query={**(query or {}), size: PAGE, "page": number})
            if not isinstance(found, list):
                raise ForgeDown(f"{self.base} answered something that is not a list.")
            yield from found
            if not found:  # a forge may have a smaller page than asked for
                return

    def _refused(self, answer: httpx.Response) -> ForgeDown | ForgeRefused:
        status, said = answer.status_code, _said(answer)
        if is_limited(answer, said):
            return ForgeDown(f"{self.base} wants fewer calls for now: {said}", wait_of(answer) or A_MINUTE)
        if status >= 500 or status in (408, 425):
            return ForgeDown(f"{self.base} answered {status}: {said}", wait_of(answer))
        if status in (404, 410):
            return NotThere(f"{self.base} does not have that, or the token may not see it ({status}).")
        if status in (409, 422):
            return Conflict(f"{self.base} cannot do that ({status}): {said}")
        if 300 <= status < 400:
            return ForgeRefused(
                f"The repository has moved ({status}). Write its new address into the setting."
            )
        if status in (401, 403):
            return ForgeRefused(
                f"{self.base} does not let the token do that ({status}): {said}"
                " Give it the rights that the README lists."
            )
        return ForgeRefused(f"{self.base} answered {status}: {said}")


def is_limited(answer: httpx.Response, said: str) -> bool:
    """True where the forge only wants us slower: a 403 may say so by a header or in words."""
    if answer.status_code == 429:
        return True
    spent = answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    return answer.status_code == 403 and (spent or bool(_LIMITED.search(said)))


def wait_of(answer: httpx.Response) -> float | None:
    """Seconds until the forge may be asked again, where it said so (RFC 9110, 10.2.3)."""
    after = answer.headers.get("retry-after", "").strip()
    wait = _seconds(after)
    if wait is None and after:
        try:
            wait = email.utils.parsedate_to_datetime(after).timestamp() - time.time()
        except (ValueError, OverflowError):
            wait = None
    if (
        wait is None
        and answer.headers.get("x-ratelimit-remaining", answer.headers.get("ratelimit-remaining")) == "0"
    ):
        reset = answer.headers.get("x-ratelimit-reset", answer.headers.get("ratelimit-reset", ""))
        at = _seconds(reset)
        wait = at - time.time() if at is not None else None
    return None if wait is None else min(max(wait, 1.0), LONGEST)


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _said(answer: httpx.Response) -> str:
    """The forge's own words, from wherever it puts them: message, error, errors."""
    try:
        found = answer.json()
    except ValueError:
        return answer.reason_phrase or "no reason given"
    words = list(_words(found)) if isinstance(found, dict) else []
    return one_line(". ".join(dict.fromkeys(words)))[:300] or answer.reason_phrase or "no reason given"


def _words(found: Mapping[str, Any]) -> Iterator[str]:
    for key in ("message", "error", "errors"):
        for said in found[key] if isinstance(found.get(key), list) else [found.get(key)]:
            if isinstance(said, str):
                yield said
            elif isinstance(said, dict):
                yield from (str(value) for name, value in said.items() if name == "message")
