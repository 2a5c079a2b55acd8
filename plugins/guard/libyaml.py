"""Front matter read from libyaml's events, where it holds nothing but what front matter usually holds.

Tests compare it with `front_matter.read_slowly`: what it reads at all it reads just so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .mistakes import TEXTS, loses_its_end
from .plain_yaml import TAG, PlainLoader

try:
    from yaml._yaml import CParser
except ImportError:  # a PyYAML without libyaml
    CParser = None  # type: ignore[assignment, misc]

_MAX_DEPTH = 20  # the parser in Python meets Python's limit at a depth of some hundreds, and says so
# libyaml lets tabs stand where PyYAML does not, and has its own way with keys behind a question mark.
_READ_OTHERWISE = re.compile(r"\t|^[ \-?:]*\?|[\[{,:]\s*\?", re.MULTILINE)


class FrontMatter(NamedTuple):
    """The fields, the line of each ("photos.belt.jpg.alt") and the lines that lose their end to ` #`."""

    fields: dict[str, Any]
    lines: dict[str, int]
    cut: tuple[int, ...]


class _Unusual(Exception):
    """Something that the parser in Python is to look at."""


def read_quickly(text: str) -> FrontMatter | None:
    """What front matter says; None where anything in it is not as usual, be it allowed or not."""
    if CParser is None or (("?" in text or "\t" in text) and _READ_OTHERWISE.search(text)):
        return None
    parser = CParser(text)
    try:
        return _Quick(parser, text).read()
    except (_Unusual, yaml.YAMLError, ValueError):
        return None
    finally:
        parser.dispose()


class _Quick:
    """Values and lines from libyaml's events, without the nodes between."""

    def __init__(self, parser: Any, text: str) -> None:
        self._next: Callable[[], Any] = parser.get_event
        self._rows = text.split("\n") if "#" in text else None
        self._lines: dict[str, int] = {}
        self._cut: list[int] = []

    def read(self) -> FrontMatter:
        self._next()  # the stream's start
        start = self._next()
        first = self._next()
        if type(start) is not DocumentStartEvent or start.explicit or type(first) is not MappingStartEvent:
            raise _Unusual
        fields = self._fields(first, "", 0)
        self._next()  # the document's end
        if type(self._next()) is not StreamEndEvent:
            raise _Unusual
        return FrontMatter(fields, self._lines, tuple(self._cut))

    def _fields(self, start: Any, path: str, depth: int, *, texts: bool = True) -> dict[Any, Any]:
        if start.anchor is not None or start.tag is not None or depth > _MAX_DEPTH:
            raise _Unusual
        texts = texts and not start.flow_style
        fields: dict[Any, Any] = {}
        while type(key := self._next()) is not MappingEndEvent:
            if type(key) is not ScalarEvent:
                raise _Unusual
            name = _plain(key, start.flow_style)
            if not path and (type(name) is not str or name in self._lines):
                raise _Unusual
            place = f"{path}{key.value}"
            self._lines[place] = _line(key)
            event = self._next()
            fields[name] = self._value(event, start, place, depth, texts)
            if texts and self._rows and key.value in TEXTS and type(event) is ScalarEvent:
                self._note_cut(event, self._rows)
        return fields

    def _note_cut(self, event: Any, rows: list[str]) -> None:
        if loses_its_end(event, rows):
            self._cut.append(event.end_mark.line + 2)

    def _list(self, start: Any, path: str, depth: int) -> list[Any]:
        if start.anchor is not None or start.tag is not None or depth > _MAX_DEPTH:
            raise _Unusual
        values: list[Any] = []
        while type(event := self._next()) is not SequenceEndEvent:
            place = f"{path}{len(values)}"
            self._lines[place] = _line(event)
            values.append(self._value(event, start, place, depth, texts=False))
        return values

    def _value(self, event: Any, within: Any, place: str, depth: int, texts: bool) -> Any:
        kind = type(event)
        if kind is ScalarEvent:
            return _plain(event, within.flow_style)
        if kind is MappingStartEvent:
            return self._fields(event, f"{place}.", depth + 1, texts=texts)
        if kind is SequenceStartEvent:
            return self._list(event, f"{place}.", depth + 1)
        raise _Unusual


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 2


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_NO_RULES: list[Any] = []


def _plain(event: Any, in_brackets: bool) -> Any:
    """The value of a text, number, day, yes, no or nothing."""
    if event.tag is not None or event.anchor is not None:
        raise _Unusual
    text: str = event.value
    if event.style in ("|", ">"):
        raise _Unusual  # libyaml reads a remark behind the mark where PyYAML refuses it
    if event.style:
        return text
    if in_brackets and "?" in text:
        raise _Unusual  # a question mark ends a text there, says PyYAML
    for tag, rule in PlainLoader.yaml_implicit_resolvers.get(text[:1], _NO_RULES):
        if rule.match(text):
            return _typed(text, tag)
    return text


def _typed(text: str, tag: str) -> Any:
    match tag.removeprefix(TAG):
        case "timestamp":
            if _DAY.match(text):
                return date.fromisoformat(text)
            return _CONSTRUCTOR.construct_yaml_timestamp(yaml.ScalarNode(tag, text))
        case "bool":
            return _CONSTRUCTOR.bool_values[text.lower()]
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "null":
            return None
    raise _Unusual
