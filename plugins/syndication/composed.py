"""A story made from an entry, as text to write, and the mark by which its file is known again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.guard.document import Document
from plugins.guard.text import yaml_front_matter

from .images import Picture
from .tree import Node

# What the feed said, and where pictures made the file say something else, what the file says.
_PULLED = re.compile(r"^<!-- pulled: ([0-9a-f]{16})(?: ([0-9a-f]{16}))? -->\s*\Z", re.MULTILINE)
_UNDATED = frozenset({"date", "status", "locked"})


@dataclass(frozen=True)
class Composed:
    """A story ready to be written: its fields and its body, and what `illustrate` makes pictures of."""

    fields: dict[str, Any]
    body: str  # one <div> of cleaned HTML
    parts: tuple[Node, ...] = ()  # the body with its pictures still in their places
    lead: Picture | None = None  # the picture for the head of the page
    base: str = ""  # what links are resolved against
    credit: str = ""  # the author as they agreed to be named
    told: str = ""  # the digest of what the feed says, where pictures are part of it
    questions: tuple[str, ...] = ()  # to the editor; a story with one is a draft

    @property
    def digest(self) -> str:
        """What the feed and the source say, as sixteen hex digits; no date, no status.

        It is the same before and after `illustrate`: whether a picture could be had is not in it.
        """
        return self.told or digest(self.fields, self.body)

    @property
    def url(self) -> str:
        """Where it was first published, or nothing."""
        return str(self.fields.get("canonical", ""))

    def text(self) -> str:
        """The file: front matter, body, and a mark that tells our writing from an editor's."""
        return f"{yaml_front_matter(self.fields)}{self._marked()}"

    def document(self, path: Path) -> Document:
        """The file as it reads back once it is written."""
        return Document(path, self.fields, {}, self._marked(), 1)

    def _marked(self) -> str:
        said, written = self.digest, digest(self.fields, self.body)
        mark = said if said == written else f"{said} {written}"
        return f"{self.body}\n\n<!-- pulled: {mark} -->\n"


def digest(fields: dict[str, Any], body: str) -> str:
    """The same for a story as composed and as read back from its file, until somebody edits it."""
    kept = {name: value for name, value in fields.items() if name not in _UNDATED}
    said = json.dumps([kept, body.strip()], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def pulled(document: Document) -> tuple[str, bool]:
    """The digest a story was written with ("" where it has none), and whether it is still as written."""
    mark = _PULLED.search(document.body)
    if mark is None:
        return "", False
    written = digest(document.front, document.body[: mark.start()])
    return mark[1], written == (mark[2] or mark[1])
