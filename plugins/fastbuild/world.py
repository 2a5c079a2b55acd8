"""What all pages stand on besides their own texts, in one key: so that most need not even be looked at.

Whoever mends a paragraph changes one story's page and the feeds that carry it. All else that pages
show is the world: what stories say of themselves, people, conversations, photographs, settings, words,
templates, the day. While it is as it was when the last build came to its end, a page is kept by the
texts it carries, and what it shows is not made.

Each plugin says what it adds (`stands_on`). One that says nothing may change anything, and so may
whoever else listens to Pelican's run: with such, there is no world, and every page is looked at.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from blinker import Signal
from pelican.plugins import signals

from plugins import today

from .calling import fingerprint_of
from .fingerprint import digest
from .kit import LOOKUPS, Kit

KEY = "BUILD_WORLD"
# What the kit tells better, what plugins tell themselves, and what is one build's own.
_TOLD_OTHERWISE = re.compile(rf"JINJA_.*|BUILD_.*|{LOOKUPS}|FIRSTHAND_SETTINGS_KNOWN")


class World:
    """What the plugins of one build say that their pages stand on."""

    def __init__(self) -> None:
        self._said: dict[str, bytes] = {}

    def stands_on(self, plugin: str, *what: Any) -> None:
        """What pages show because of a plugin, as plain values, besides settings, templates and texts.

        It is said before anything is written. Raises ValueError for what is not plain.
        """
        self._said[plugin] = digest(what)

    def key(self, settings: Mapping[str, Any], kit: Kit) -> bytes | None:
        """The same as long as only texts differ; None where that cannot be known."""
        if not self._said.keys() >= {*(settings["PLUGINS"] or ()), *_listening()}:
            return None
        known = [
            (name, fingerprint_of(_plainer(value)))  # of what cannot be compared, new in every build
            for name, value in sorted(settings.items())
            if not _TOLD_OTHERWISE.fullmatch(name)
        ]
        templates = sorted(kit.sources.items())
        return digest(known, kit.common, templates, today().isoformat(), sorted(self._said.items()))


def world_of(settings: dict[str, Any]) -> World:
    """The world of the build that these settings are for."""
    world: World = settings.setdefault(KEY, World())
    return world


def _plainer(value: Any) -> Any:
    """Paths are texts here, and named tuples, as Pelican has them for pagination, are lists."""
    if isinstance(value, list | tuple):
        return [_plainer(item) for item in value]
    return str(value) if isinstance(value, PurePath) else value


def _listening() -> Iterator[str]:
    """The plugin, or whatever module else, of everybody who listens to Pelican."""
    for signal in vars(signals).values():
        for receiver in signal.receivers.values() if isinstance(signal, Signal) else ():
            listener = receiver() if isinstance(receiver, weakref.ref) else receiver
            if listener is not None:
                yield ".".join(str(getattr(listener, "__module__", "")).split(".")[:2])
