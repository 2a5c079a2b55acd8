"""The pictures in an entry's text: which of them are one, which stands at the head, where each goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from .tree import Node

_SIZE = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|@\dx)+(?=\.\w+$)")
_PHOTON = re.compile(r"^i\d\.wp\.com/")
_BLOGGER = re.compile(r"/(?:[swh]\d+(?:-[a-z0-9]+)*)(?=/[^/]+$)|=[swh]\d+[-\w]*$")
# What asks for another size of one picture, and what a store signs its addresses with: they change daily.
_PASSING = re.compile(
    r"w|h|width|height|size|resize|fit|crop|q|quality|ssl|strip|fm|auto|format|dpr|name|x-amz-.*|expires"
    r"|signature|key-pair-id|policy|token|sig|hmac|googleaccessid",
    re.IGNORECASE,
)
_CAMERA = re.compile(
    r"(?:img|dsc[nf]?|dcim|pxl|image|photo|picture|screenshot|untitled|bild|foto)?[-_ \d().]*", re.I
)
_PICTURE_NAME = re.compile(r"\S+\.(?:jpe?g|png|webp|avif|gif|heic)", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """A picture of an entry: where it may be had, best first, and what the author says it shows."""

    addresses: tuple[str, ...]
    alt: str = ""

    @property
    def key(self) -> str:
        """The same for every size of one picture."""
        return picture_key(self.addresses[0])


def picture_key(address: str) -> str:
    """What stays of an address when a size, a signature or the scheme is another."""
    parts = urlsplit(address)
    path = _SIZE.sub("", unquote(parts.path))
    if re.search(r"(?:blogspot|googleusercontent)\.com$", parts.hostname or ""):
        path = _BLOGGER.sub("", path)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if not _PASSING.fullmatch(name)]
    query = f"?{urlencode(sorted(asked))}" if asked else ""
    return _PHOTON.sub("", f"{(parts.hostname or '').removeprefix('www.')}{path}{query}")


def alt_text(words: str, address: str) -> str:
    """What an author says a picture shows; nothing where it is only the name of a file."""
    line = " ".join(words.split())
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    if line in (name, name.rpartition(".")[0]) and re.search(r"[\d_]", line):
        return ""
    return "" if _CAMERA.fullmatch(line) or _PICTURE_NAME.fullmatch(line) else line


def image(addresses: Iterable[str], alt: str) -> Node:
    """A picture's place in the tree."""
    return Node("img", {"src": " ".join(dict.fromkeys(addresses)), "alt": alt})


def picture(node: Node) -> Picture:
    """What a place says. An address has no spaces, so that they part several."""
    return Picture(tuple(node.attributes["src"].split(" ")), node.attributes.get("alt", ""))


def images(node: Node) -> Iterator[Node]:
    """Every picture's place in a node, itself included, in order."""
    if node.tag == "img":
        yield node
    for child in node.children:
        if isinstance(child, Node):
            yield from images(child)


def replaced(parts: Iterable[Node], put: Callable[[Node], list[Node | str]]) -> list[Node]:
    """The blocks with something else in each picture's place; a block that is empty then is left out."""
    found: list[Node] = []
    for part in parts:
        if next(images(part), None) is None:
            found.append(part)
            continue
        new = _replaced(part, put)
        if new is not None:
            found.append(new)
    return found


def _replaced(node: Node, put: Callable[[Node], list[Node | str]]) -> Node | None:
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            children.append(child)
        elif child.tag == "img":
            children += put(child)
        elif (kept := _replaced(child, put)) or not child.children:
            children.append(kept or child)
    if node.children and not any(child.strip() if isinstance(child, str) else child for child in children):
        return None
    said = [child for child in children if not isinstance(child, str) or child.strip()]
    if node.tag == "figure" and all(isinstance(child, Node) and child.tag == "figcaption" for child in said):
        # A caption whose picture stands elsewhere is a sentence of the story.
        words = [
            item for child in children for item in (child.children if isinstance(child, Node) else [child])
        ]
        return Node("p", {}, words)
    return Node(node.tag, node.attributes, children)


def lead_of(parts: list[Node], offered: Picture | None) -> tuple[Picture | None, list[Node]]:
    """The picture for the head of the page, and the blocks without it.

    It is the one that the feed offers beside the text, else the one the text begins with. Sites give
    it twice, in two sizes, so that it would stand at the head and again below. Where the feed offers
    what stands in the middle of the text, it stays there and the head has none.
    """
    first = _before_words(parts)
    lead = offered or (picture(first[0]) if first else None)
    if lead is None:
        return None, parts
    same = [place for part in parts for place in images(part) if picture(place).key == lead.key]
    if offered and same and not any(place in first for place in same):
        return None, parts
    told = [lead, *map(picture, same)]
    addresses = [address for each in [*told[1:], lead] for address in each.addresses]
    alt = next((each.alt for each in told if each.alt), "")
    whole = Picture(tuple(dict.fromkeys(addresses)), alt)

    def without(place: Node) -> list[Node | str]:
        return [] if picture(place).key == lead.key else [place]

    return whole, replaced(parts, without)


def _before_words(parts: list[Node]) -> list[Node]:
    found: list[Node] = []
    for part in parts:
        inside = list(images(part))
        found += inside
        if not inside or part.tag not in ("p", "figure") or (part.tag == "p" and part.text()):
            break
    return found
