"""What a page depends on, in sixteen bytes: everything that it was given, down to the last word.

A page is given plain values, and values made of them; whatever is none of these is refused, so that
nothing a page shows can be forgotten here.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import marshal
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, cast

SIZE = 16  # bytes
# Without references and interned strings: the same values give the same bytes in every process.
_MARSHAL = 2


class Shown(Protocol):
    """Whatever knows by itself what a page that shows it depends on."""

    def fingerprint(self) -> bytes:
        """The same bytes as long as every page that shows it stays the same."""
        ...


class Lookup:
    """What templates ask about a value by a global function: `picture(photograph)`."""

    def __init__(self, name: str, kind: type, find: Callable[[Any], Any]) -> None:
        self.name, self.kind, self.find = name, kind, find


def digest(*parts: Any) -> bytes:
    """The fingerprint of plain values: texts, bytes, numbers, None, and tuples, lists and dicts of them.

    Raises ValueError for anything else.
    """
    return hashlib.blake2b(marshal.dumps(parts, _MARSHAL), digest_size=SIZE).digest()


Asked = tuple[tuple[str, Any], ...]  # lookups' names, each with a value that it was asked about


class Fingerprints:
    """The fingerprints of one build's values. A value that many pages show is looked at once."""

    def __init__(self, lookups: tuple[Lookup, ...] = ()) -> None:
        self._known: dict[int, tuple[Any, bytes, Asked]] = {}
        self._lookups: dict[type, list[Lookup]] = {}
        for lookup in lookups:
            self._lookups.setdefault(lookup.kind, []).append(lookup)
        self._asked: list[tuple[str, Any]] = []

    def of(self, value: Any) -> bytes:
        """The fingerprint of one value. Raises TypeError where it holds what cannot be compared."""
        return digest(self._plain(value))

    def page(self, values: Mapping[str, Any]) -> list[Any]:
        """Plain values for all that one page shows. Raises TypeError as `of` does."""
        found: list[Any] = []
        for name, value in values.items():
            names = _fields(cast(Hashable, type(value)))
            found.append(name)
            # What is made for one page alone needs no fingerprint of its own.
            found.append(self._all(names(value)) if names else self._plain(value))
        return found

    def asked(self) -> Asked:
        """What was looked up for the values since this was called last, to be taken along with them."""
        asked, self._asked = tuple(self._asked), []
        return asked

    def _plain(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple or kind is list:
            return self._all(value) if value else ()
        if known := self._known.get(id(value)):
            self._asked += known[2]
            return known[1]
        if names := _fields(cast(Hashable, kind)):
            return self._object(value, kind, names)
        if hasattr(kind, "fingerprint"):
            return value.fingerprint()
        if isinstance(value, str):  # Markup, which templates do not escape
            return kind.__qualname__, str(value)
        if isinstance(value, datetime.date):
            return kind.__qualname__, value.isoformat()
        if isinstance(value, dict):  # in its order, in which a page shows it
            return "dict", [(self._plain(key), self._plain(item)) for key, item in value.items()]
        raise TypeError(f"{kind.__qualname__} has no fingerprint, so a page that shows it cannot be kept.")

    def _all(self, values: Iterable[Any]) -> list[Any]:
        """Plain values for each; written out for speed, since a large site has a million of them."""
        plain, known, found = _PLAIN, self._known, []
        for item in values:
            if type(item) in plain:
                found.append(item)
            elif (made := known.get(id(item))) is not None:
                if made[2]:
                    self._asked += made[2]
                found.append(made[1])
            else:
                found.append(self._plain(item))
        return found

    def _object(self, value: Any, kind: type, names: attrgetter[Any]) -> bytes:
        outside, self._asked = self._asked, []
        parts = self._all(names(value))
        for lookup in self._lookups.get(kind, ()):
            parts.append(self._plain(lookup.find(value)))
            self._asked.append((lookup.name, value))
        made = digest(parts)
        self._known[id(value)] = value, made, tuple(self._asked)  # held, so that no other gets its id
        self._asked = outside + self._asked if self._asked else outside
        return made


_PLAIN = frozenset({str, bytes, int, float, bool, type(None)})


@cache
def _fields(kind: Hashable) -> attrgetter[Any] | None:
    """How to get every field of a dataclass as a tuple; None for what is no dataclass."""
    if not dataclasses.is_dataclass(kind) or hasattr(kind, "fingerprint"):
        return None
    if not dataclasses.fields(kind):
        return None
    names = [field.name for field in dataclasses.fields(kind) if field.compare]  # the others do not show
    # The class's name tells two classes of the same fields apart.
    return attrgetter("__class__.__qualname__", *names)
