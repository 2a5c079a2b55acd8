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

from .finding import ContentRefused, Finding
from .front_matter import read_front_matter
from .mistakes import merge_conflict
from .text import has_hidden_characters
from .weight import MAX_BODY as MAX_BODY
from .weight import too_heavy

MAX_FILE = 400_000  # bytes

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|\Z)", re.ASCII)
_END = r"(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
_FRONT = re.compile(rf"\A\ufeff?---[ \t]*\n(?P<front>(?:(?!{_END}).*\n)*+){_END}")


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


def read_document(path: Path, shown: str | None = None, raw: bytes | None = None) -> Document:
    """Read and check one content file.

    `shown` is the path that messages name; `raw` is what is in the file where somebody has read it
    already. Raises ContentRefused with every problem found:
    symlink, size, encoding, hidden characters, front matter that is missing or no mapping,
    and text that would take Markdown minutes.
    """
    name = shown or str(path)
    if raw is None:
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
    front, lines, cut = read_front_matter(name, found["front"])
    body = text[found.end() :]
    body_line = text[: found.end()].count("\n") + 1
    if problems := list(too_heavy(body)):
        raise ContentRefused(
            Finding(name, body_line + body.count("\n", 0, offset), "error", message, fix)
            for offset, message, fix in problems
        )
    return Document(path, front, lines, body, body_line, cut)  # hidden characters were refused above


def _refused(path: str, line: int, message: str, fix: str) -> ContentRefused:
    return ContentRefused([Finding(path, line, "error", message, fix)])


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
