"""The first paragraphs of an entry, whole ones, as a taste of what stands on the author's own site."""

from __future__ import annotations

import re

from .images import images
from .tree import Node

FEWEST, MOST = 2, 4  # paragraphs
ENOUGH = 600  # characters, after which two paragraphs are enough
LONGEST = 2_500  # characters of one paragraph
_COUNTED = frozenset("p blockquote ul ol dl pre".split())
_SENTENCE = re.compile(r"[.!?…。؟۔]['\"”’)]*\s")


def excerpt(parts: list[Node]) -> list[Node]:
    """Two to four whole paragraphs and the pictures among them; an endless one is cut after a sentence."""
    taken: list[Node] = []
    paragraphs = characters = 0
    for part in parts:
        text = part.text()
        if not text and next(images(part), None):
            taken.append(part)
            continue
        if part.tag not in _COUNTED:
            if part.tag.startswith("h") or next(images(part), None):
                taken.append(part)
            continue
        if paragraphs and characters + len(text) > LONGEST:
            break
        if len(text) > LONGEST:
            part = Node("p", {}, [_cut(text)])
        taken.append(part)
        paragraphs += 1
        characters += len(text)
        if paragraphs >= MOST or (paragraphs >= FEWEST and characters >= ENOUGH):
            break
    while taken and (taken[-1].tag not in _COUNTED or not taken[-1].text()):
        taken.pop()
    return taken or [Node("p", {}, [_cut(" ".join(part.text() for part in parts))])]


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    start = text[:LONGEST]
    ends = [found.end() for found in _SENTENCE.finditer(start) if found.end() > 300]
    return (start[: ends[-1]].rstrip() if ends else start.rsplit(" ", 1)[0]) + " …"
