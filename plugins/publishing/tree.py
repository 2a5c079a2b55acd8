"""XML as a tree that knows its line numbers, which xml.etree does not keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat


@dataclass
class Node:
    """An element; its name as `NAMESPACE NAME`."""

    name: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own characters, without those of its children, trimmed."""
        return "".join(self.words).strip()

    def all(self, name: str) -> list[Node]:
        """Its children of that name."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Node]:
        """It and everything below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_tree(data: bytes) -> Node:
    """Parse a file. Raises ExpatError, with the line, where it is not well-formed or declares entities.

    None of our files needs an entity of its own, and they are how a small file becomes a large one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = Node("", 0, {})
    open_nodes = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, parser.CurrentLineNumber, attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(name: str) -> None:
        open_nodes.pop()

    def characters(text: str) -> None:
        open_nodes[-1].words.append(text)

    def entity(name: str, *rest: object) -> None:
        error = expat.ExpatError(f"entity {name} declared: line {parser.CurrentLineNumber}, column 0")
        error.lineno = parser.CurrentLineNumber
        raise error

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = entity
    parser.Parse(data, True)
    return top.children[0]
