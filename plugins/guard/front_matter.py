"""Front matter: its fields, the line that each stands on, and what is wrong with it.

libyaml reads what is usual, in a tenth of the time. Whatever it or we stumble over is read again by
the parser in Python, which is the one that accepts, refuses and explains.
"""

from __future__ import annotations

import yaml

from .finding import ContentRefused, Finding
from .libyaml import FrontMatter, read_quickly
from .mistakes import explain, left_out
from .plain_yaml import TAG, PlainLoader

MAX_FRONT_MATTER = 20_000  # characters


def read_front_matter(name: str, text: str) -> FrontMatter:
    """The fields of a front matter, whose first line is the second of the file that messages name.

    Raises ContentRefused with the first problem in it.
    """
    if len(text) > MAX_FRONT_MATTER:
        message = f"The front matter has {len(text):,} characters."
        raise _refused(name, 1, message, f"Keep it under {MAX_FRONT_MATTER:,}.")
    return read_quickly(text) or read_slowly(name, text)


def read_slowly(name: str, text: str) -> FrontMatter:
    """What front matter says, by the parser in Python. Raises ContentRefused."""
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            message = "The front matter is not a list of fields."
            raise _refused(name, 2, message, "Write one `key: value` a line.")
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 2  # the opening --- is line 1
            if key.tag != f"{TAG}str":
                raise _refused(name, line, "A field has no plain name.", "Write `key: value`.")
            if key.value in lines:
                raise _refused(name, line, f"`{key.value}` is there twice.", "Keep one of them.")
            lines[key.value] = line
            _note_lines(value, key.value, lines)
        cut = tuple(line + 2 for line in left_out(node, text))
        return FrontMatter(loader.construct_document(node), lines, cut)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, message, fix = explain(error, text)
        raise _refused(name, line + 2, message, fix) from error
    finally:
        loader.dispose()


def _refused(path: str, line: int, message: str, fix: str) -> ContentRefused:
    return ContentRefused([Finding(path, line, "error", message, fix)])


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
