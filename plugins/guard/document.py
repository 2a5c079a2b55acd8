"""Reading one Markdown file: its front matter with line numbers, its body, and what both may hold.

Everything is refused here that would cost time or let something through later: the caps come
before Markdown sees a text, since Markdown is superlinear on hostile input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from .finding import ContentRefused, Finding
from .mistakes import explain, left_out, merge_conflict
from .text import body_text, has_hidden_characters
from .weight import MAX_BODY as MAX_BODY
from .weight import too_heavy

MAX_FILE = 400_000  # bytes
MAX_FRONT_MATTER = 20_000  # characters

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|\Z)", re.ASCII)
_FRONT = re.compile(
    r"\A\ufeff?---[ \t]*\n(?P<front>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Document:
    """A content file read: plain values, the line each front-matter key stands on, the body."""

    path: Path
    front: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int
    cut: tuple[int, ...] = ()  # lines whose text loses its end to a remark, ` #`

    def line(self, key: str) -> int:
        """The line of a key ("photos", "photos.belt.jpg.alt"), else that of what it is in, else 1."""
        while key not in self.lines and "." in key:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 1)


class _Loader(yaml.SafeLoader):
    """SafeLoader for plain values: texts, numbers, days, yes and no, and lists and fields of them.

    Refused are aliases (a few hundred bytes of them unfold into gigabytes), tags (bytes, sets,
    numbers of thousands of digits) and merged fields; and it takes `12:30` for the text that its writer meant
    where YAML 1.1 reads 750.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        event, mark = self.peek_event(), self.get_mark()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not allowed here", mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise yaml.composer.ComposerError(
                None, None, "a tag (!name) is not allowed here", event.start_mark
            )
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: Any) -> None:
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, "`<<` is not allowed here", key.start_mark
                )

    def construct_yaml_timestamp(self, node: Any) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag not in _NUMBERS]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _rule in zip(_NUMBERS, (r"-?(?:0|[1-9]\d{0,14})", r"-?\d{1,15}\.\d{1,15}"), strict=True):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"{_rule}\Z", re.ASCII), list("-0123456789"))


def read_document(path: Path, shown: str | None = None) -> Document:
    """Read and check one content file.

    `shown` is the path that messages name. Raises ContentRefused with every problem found:
    symlink, size, encoding, hidden characters, front matter that is missing or no mapping,
    and text that would take Markdown minutes.
    """
    name = shown or str(path)
    if path.is_symlink():
        raise _refused(name, 1, "This is a symbolic link.", "Put the file itself here.")
    raw = path.read_bytes()
    if len(raw) > MAX_FILE:
        raise _refused(name, 1, f"The file has {len(raw):,} bytes.", f"Keep it under {MAX_FILE:,}.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(name, line, "The file is not UTF-8 text.", "Save it again as UTF-8.") from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")  # YAML ends lines at \r too
    if has_hidden_characters(text):
        line = next(n for n, row in enumerate(text.split("\n"), 1) if has_hidden_characters(row))
        raise _refused(
            name,
            line,
            "There is an invisible control character in this line.",
            "Type the line again by hand.",
        )
    if conflict := merge_conflict(text):
        raise _refused(name, conflict, "There is a merge conflict here.", "Choose one side.")
    found = _FRONT.match(text)
    if not found:
        raise _refused(
            name,
            1,
            "There is no front matter.",
            "Begin the file with a line ---, the fields, and another line ---.",
        )
    front, lines, cut = _front_matter(name, found["front"])
    body = text[found.end() :]
    body_line = text[: found.end()].count("\n") + 1
    if problems := list(too_heavy(body)):
        raise ContentRefused(
            Finding(name, body_line + body.count("\n", 0, offset), "error", message, fix)
            for offset, message, fix in problems
        )
    return Document(path, front, lines, body_text(body), body_line, cut)


def _refused(path: str, line: int, message: str, fix: str) -> ContentRefused:
    return ContentRefused([Finding(path, line, "error", message, fix)])


def _front_matter(name: str, text: str) -> tuple[dict[str, Any], dict[str, int], tuple[int, ...]]:
    if len(text) > MAX_FRONT_MATTER:
        raise _refused(
            name, 1, f"The front matter has {len(text):,} characters.", f"Keep it under {MAX_FRONT_MATTER:,}."
        )
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise _refused(
                name, 2, "The front matter is not a list of fields.", "Write one `key: value` a line."
            )
        lines: dict[str, int] = {}
        for key, value in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise _refused(
                    name, key.start_mark.line + 2, "A field has no plain name.", "Write `key: value`."
                )
            line = key.start_mark.line + 2  # the opening --- is line 1
            if key.value in lines:
                raise _refused(name, line, f"`{key.value}` is there twice.", "Keep one of them.")
            lines[key.value] = line
            _note_lines(value, key.value, lines)
        return loader.construct_document(node), lines, tuple(line + 2 for line in left_out(node, text))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, message, fix = explain(error, text)
        raise _refused(name, line + 2, message, fix) from error
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, path: str, lines: dict[str, int]) -> None:
    """The lines of fields within fields: "photos.belt.jpg.alt", "roles.0.since"."""
    if isinstance(node, yaml.MappingNode):
        inner = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        inner = [(str(place), value, value) for place, value in enumerate(node.value)]
    else:
        return
    for name, at, value in inner:
        lines[f"{path}.{name}"] = at.start_mark.line + 2
        _note_lines(value, f"{path}.{name}", lines)


def as_date(value: object) -> date | None:
    """A front-matter day, or day and time, as a day; None for anything else.

    A text in quotes counts where it is one: "2026-11-01", "2026-11-01 09:30".
    """
    if isinstance(value, str) and _DAY.match(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
