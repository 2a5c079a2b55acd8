"""What a stylesheet loads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .page import Reference

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS = re.compile(
    r"""url\(\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^)"'\s]*))\s*\)|@import\s+["'](?P<d>[^"']+)""",
    re.IGNORECASE,
)


def references(text: str) -> Iterator[Reference]:
    """Every url() and @import, with its line."""
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    for found in _ADDRESS.finditer(text):
        url = next(group for group in found.groups() if group is not None)
        yield Reference(text.count("\n", 0, found.start()) + 1, "url()", url.strip(), loads=True)
