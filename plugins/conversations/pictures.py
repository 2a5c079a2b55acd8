"""Pictures in somebody else's HTML as the words that stand for them: a comment shows none from elsewhere.

An emoji that a comment system draws as a picture is words too, and may be all that somebody said.
"""

from __future__ import annotations

import re

_PICTURE = re.compile(r"""<img\b(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_WORDS = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def as_words(html: str) -> str:
    """The HTML with each picture's alternative text in its place. What it may hold stays to be cleaned."""

    def words(picture: re.Match[str]) -> str:
        found = _WORDS.search(picture[0])
        return (found[1] or found[2] or "").replace("<", "&lt;").replace(">", "&gt;") if found else ""

    return _PICTURE.sub(words, html)
