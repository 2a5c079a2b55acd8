"""Other systems' exports: XML of any length, read safely, and who answers whom once some is left out.

Nothing in it is fetched or expanded: a document type, which no export needs, is refused.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

CHUNK = 1 << 16
# XML knows none of these, and old comments are full of them.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")

Fields = dict[str, str]


class Elements(Protocol):
    """Who is told of a file's elements; the last of `path` is the element itself."""

    def begin(self, path: list[str], attributes: dict[str, str]) -> None:
        """An element opens."""
        ...

    def end(self, path: list[str], text: str) -> None:
        """An element is whole; `text` is what stands before its end and after any element within it."""
        ...


def pieces(data: bytes) -> Iterable[bytes]:
    """Bytes in memory, a chunk at a time."""
    return (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def read_xml(chunks: Iterable[bytes], elements: Elements, what: str) -> None:
    """Read a file; names come as expat has them, "NAMESPACE NAME". `what` is its name in messages.

    Raises ValueError, in words, where it is broken or declares a document type.
    """
    reading = _Reading(elements)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text.append
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk.translate(None, _CONTROLS), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(f"{what} breaks off or is damaged at line {error.lineno}; save it anew") from error


def answered(parents: Mapping[str, str], kept: Container[str]) -> dict[str, str]:
    """For each comment the one it answers among `kept`, or "".

    Who answered what was left out answers what that answered.
    """
    found = {}
    for key, said in parents.items():
        passed, parent = {key}, said
        while parent in parents and parent not in kept and parent not in passed:
            passed.add(parent)
            parent = parents[parent]
        found[key] = parent if parent in kept and parent not in passed else ""
    return found


class _Reading:
    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._path: list[str] = []
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self.text.clear()
        self._elements.begin(self._path, attributes)

    def end(self, _: str) -> None:
        text = "".join(self.text).strip()
        self.text.clear()
        self._elements.end(self._path, text)
        self._path.pop()


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no export needs")
