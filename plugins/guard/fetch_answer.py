"""What a fetch gives back, and the two ways in which it gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugins import FirsthandError

from .text import one_line

PERMANENT = frozenset({301, 308})


class FetchRefused(FirsthandError):
    """An address that must not be read, whoever asks: not the web, or inside the network."""


class FetchFailed(FirsthandError):
    """An address that could not be read now: unreachable, too slow, too large, broken."""


class FetchUnfit(FetchFailed):
    """What came cannot be used, and asking again soon brings the same: too large, or packed otherwise."""


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

    @property
    def moved_for_good(self) -> bool:
        """True where every step from the address asked for to this one is said to be permanent."""
        return bool(self.redirects) and all(status in PERMANENT for status, _ in self.redirects)


def shown(url: str) -> str:
    """An address for a message: one line, and not endless."""
    return one_line(url)[:200]
