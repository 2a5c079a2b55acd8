"""A first site's pages, made by processes that are born with all that the build knows.

Ten thousand pages would travel to workers as forty megabytes of values; a child of fork has them
already. It takes a place in the list of pages, finds out what that page shows, and writes it.
"""

from __future__ import annotations

import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from typing import Any, NamedTuple

from .executor import born_here
from .fingerprint import Fingerprints, Lookup, digest
from .first import Brought, bring
from .kit import Kit
from .render import PARCEL, Maker, Page, Renderer


class Late(NamedTuple):
    """A page whose values are not asked for before it is made."""

    path: str
    maker: Maker
    values: Callable[[], Mapping[str, Any]]
    texts: bytes | None


class Heirs:
    """Makes pages in new processes that share what this one has in memory."""

    def __init__(self, pages: Sequence[Late], kit: Kit, lookups: tuple[Lookup, ...], into: str) -> None:
        self._pages, self._kit, self._lookups, self._into = pages, kit, lookups, into
        self._prints = Fingerprints(lookups)

    def all(self, meanwhile: Callable[[], None]) -> Iterator[tuple[Late, bytes, Brought]]:
        """Each page with its fingerprint and how it lies. A process that dies leaves its pages out.

        `meanwhile` is done here once, while they work. Raises what making a page raises.
        """
        starts = range(0, len(self._pages), PARCEL)
        with born_here(self._parcel) as heirs:
            made: list[Future[bytes]] = [heirs.submit(start) for start in starts]
            meanwhile()
            for start, answer in zip(starts, made, strict=True):
                try:
                    found = pickle.loads(answer.result())  # noqa: S301 - from our own process
                except BrokenProcessPool:
                    continue
                for page, (key, brought) in zip(self._pages[start : start + PARCEL], found, strict=True):
                    yield page, key, brought

    def _parcel(self, start: int) -> bytes:
        made = []
        for page in self._pages[start : start + PARCEL]:
            values = page.values()
            key = page_key(page.maker, self._kit, self._prints, values)
            self._prints.asked()  # nothing is taken along: what a template looks up is found here
            data = self._renderer.render(Page(page.path, page.maker, values))
            made.append((key, bring(self._into, page.path, data)))
        return pickle.dumps(made, pickle.HIGHEST_PROTOCOL)

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self._kit, {lookup.name: lookup.find for lookup in self._lookups})


def may_be_born() -> bool:
    """True where this process may be copied: what another thread held then would stay locked for ever."""
    return sys.platform == "linux" and threading.active_count() == 1


def page_key(maker: Maker, kit: Kit, prints: Fingerprints, values: Mapping[str, Any]) -> bytes:
    """What a page is made of, and shows."""
    template = maker if isinstance(maker, str) else f"{maker.__module__}.{maker.__qualname__}"
    return digest(template, kit.fingerprint(template), prints.page(values))
