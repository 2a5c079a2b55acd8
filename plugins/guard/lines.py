"""The lines of a file's fields, for a message: looked up in the file where there is something to say."""

from __future__ import annotations

from functools import cached_property

from .content import ContentFile
from .document import Document, read_document
from .finding import ContentRefused


class Lines:
    """The fields of one file by their lines; the file is read when the first is asked for."""

    def __init__(self, file: ContentFile) -> None:
        self._file = file

    @cached_property
    def _document(self) -> Document | None:
        try:
            return read_document(self._file.path, self._file.shown)
        except (ContentRefused, OSError):  # it changed since it was read
            return None

    def line(self, key: str) -> int:
        """The line of a key, or of what it is in; 1 where there is neither."""
        return self._document.line(key) if self._document else 1

    def has(self, key: str) -> bool:
        """True where the file has the key."""
        return self._document is not None and key in self._document.front
