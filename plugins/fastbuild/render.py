"""Rendering pages, here or in any other process: a page is its address, a template, and what it shows."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from .crew import AHEAD, Crew
from .environment import environment_of
from .failure import told_plainly
from .fingerprint import Asked, Lookup
from .kit import Kit
from .sealed import without_collecting

PARCEL = 40  # pages
FEW = 3 * PARCEL  # so many are rendered here before workers would have begun

# A template's name; or a function of a module, which is given the kit's values and the page's.
Maker = str | Callable[[Mapping[str, Any], Mapping[str, Any]], str]


@dataclass(frozen=True)
class Page:
    """One file of the site that is made of what it is given, and of nothing else."""

    path: str  # below the output folder
    maker: Maker
    values: Mapping[str, Any]
    asked: Asked = ()  # what the template may look up about them


class Looked:
    """A global function of templates that answers from what a parcel brought along."""

    def __init__(self) -> None:
        self.table: dict[Any, Any] = {}

    def __call__(self, value: Any) -> Any:
        """The answer to one value."""
        return self.table[value]


class Renderer:
    """Renders pages with one kit."""

    def __init__(self, kit: Kit, lookups: Mapping[str, Callable[[Any], Any]] | None = None) -> None:
        self._site = kit.site
        self._env = environment_of(kit)
        self._env.globals.update(kit.site)
        self._env.globals.update(lookups or {})
        self._env.filters.update(kit.filters)
        self._env.tests.update(kit.tests)

    def render(self, page: Page) -> bytes:
        """The page's text in UTF-8. Bodies among its values are fetched, or came along."""
        values = {name: _fetched(value) for name, value in page.values.items()}
        if callable(page.maker):
            return page.maker(self._site, values).encode()
        with told_plainly():
            return self._env.get_template(page.maker).render(values).encode()


class Rendering:
    """The pages of one build on their way: here where they are few, else on all cores.

    Each is handed to `done` with its bytes, in the order in which they came.
    """

    def __init__(
        self,
        kit: Kit,
        lookups: tuple[Lookup, ...],
        crew: Crew,
        done: Callable[[Page, bytes], None],
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        self._kit, self._lookups, self._crew, self._done = kit, lookups, crew, done
        self._meanwhile = meanwhile  # done once, when there is nothing to do but to wait for workers
        self._waiting: list[Page] = []
        self._sent: deque[tuple[list[Page], Future[bytes]]] = deque()

    def add(self, page: Page) -> None:
        """One more page; workers begin with it while others are still being added."""
        self._waiting.append(page)
        if len(self._waiting) >= (PARCEL if self._sent else FEW) and self._kit.packed is not None:
            self._send()

    def send(self) -> None:
        """Let the workers have what waits, if they have any."""
        while self._sent and self._waiting:
            self._send()

    def finish(self) -> None:
        """Wait for all of them."""
        self.send()
        while self._sent:
            self._take()
        if self._waiting:
            here = Renderer(self._kit, {lookup.name: lookup.find for lookup in self._lookups})
            for page in self._waiting:
                self._done(page, here.render(page))
            self._waiting.clear()

    def _send(self) -> None:
        parcel, self._waiting = self._waiting[:PARCEL], self._waiting[PARCEL:]
        packed = _pack(parcel, self._kit, self._lookups)
        self._sent.append((parcel, self._crew.submit(render_parcel, packed)))
        if len(self._sent) > AHEAD:
            self._take()

    def _take(self) -> None:
        parcel, answer = self._sent.popleft()
        if self._meanwhile is not None and not answer.done():
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        pages = pickle.loads(answer.result())  # noqa: S301 - from our own worker
        for page, data in zip(parcel, pages, strict=True):
            self._done(page, data)


def _pack(pages: list[Page], kit: Kit, lookups: tuple[Lookup, ...]) -> bytes:
    whole = [
        Page(page.path, page.maker, {name: _fetched(value) for name, value in page.values.items()})
        for page in pages
    ]
    find = {lookup.name: lookup.find for lookup in lookups}
    tables: dict[str, dict[Any, Any]] = {name: {} for name in find}
    for page in pages:
        for name, value in page.asked:
            tables[name][value] = find[name](value)
    return pickle.dumps((kit.packed, tables, whole), pickle.HIGHEST_PROTOCOL)


def _fetched(value: Any) -> Any:
    """A text, or several, for what is fetched when it is needed; anything else as it is."""
    if isinstance(value, tuple) and value and hasattr(value[0], "body"):
        return tuple(item.body() for item in value)
    return value.body() if hasattr(value, "body") else value


@dataclass
class _Last:
    """The renderer of the kit that came last to this process."""

    packed: bytes = b""
    renderer: Renderer | None = None
    looked: dict[str, Looked] = field(default_factory=dict)


_last = _Last()


def _renderer_of(packed: bytes, names: Collection[str]) -> Renderer:
    if _last.renderer is None or _last.packed != packed or set(_last.looked) != set(names):
        _last.looked = {name: Looked() for name in names}
        _last.renderer = Renderer(pickle.loads(packed), _last.looked)  # noqa: S301 - from our own build
        _last.packed = packed
    return _last.renderer


def render_parcel(parcel: bytes) -> bytes:
    """A pickled (kit, lookups' tables, pages) to the pickled list of their bytes."""
    with without_collecting():
        packed, tables, pages = pickle.loads(parcel)  # noqa: S301 - from our own build
    renderer = _renderer_of(packed, tables)
    for name, table in tables.items():
        _last.looked[name].table = table
    with without_collecting():
        made = [renderer.render(page) for page in pages]
    return pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
