"""The front matter of people and stories, for commands that build nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from plugins.guard.content import ContentFile
from plugins.guard.document import Document, read_document
from plugins.guard.finding import ContentRefused
from plugins.guard.survey import survey


def people_and_stories(
    content: Path, unread: list[str], wanted: Callable[[ContentFile], bool] = lambda file: True
) -> Iterator[tuple[ContentFile, Document]]:
    """Every file of a person or story that is `wanted`; of one that cannot be read, a line in `unread`."""
    for file in survey(content)[0]:
        if file.kind != "page" and wanted(file):
            try:
                yield file, read_document(file.path, file.shown)
            except ContentRefused as refused:
                unread += map(str, refused.findings)
