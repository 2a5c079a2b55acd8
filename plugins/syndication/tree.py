"""HTML as a small tree, and back: what tidy takes apart and compose puts together."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser

MAX_DEPTH = 40
WRAPPERS = frozenset("div section article main header footer body center aside nav".split())
BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table figure hr details".split()) | WRAPPERS
VOID = frozenset("br hr img wbr col source embed".split())


@dataclass
class Node:
    """An element of the entry; its children are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def text(self) -> str:
        """The words in it, on one line."""
        return " ".join("".join(texts(self)).split())


def texts(node: Node) -> list[str]:
    """Every text in the node, in order, with a space between blocks."""
    found: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            found.append(child)
        else:
            found += [" ", *texts(child), " "] if child.tag in BLOCKS | {"br", "li"} else texts(child)
    return found


class _Builder(HTMLParser):
    """nh3's balanced output as nodes; what is nested deeper than 40 levels keeps only its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self.open = [self.root]
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if len(self.open) > MAX_DEPTH:
            self.skipped += tag not in VOID
            told = self.open[-1].children
            if tag in BLOCKS and told and told[-1] != " ":  # its words are not one with those before it
                told.append(" ")
            return
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.skipped:
            self.skipped -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree(balanced: str) -> Node:
    """The root above everything in balanced HTML, such as nh3 gives."""
    builder = _Builder()
    builder.feed(balanced)
    builder.close()
    return builder.root


def serialise(node: Node | str) -> str:
    """HTML of a node; every text and value escaped."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    if node.tag in VOID:
        return f"<{node.tag}{attributes}>"
    return f"<{node.tag}{attributes}>{''.join(map(serialise, node.children))}</{node.tag}>"
