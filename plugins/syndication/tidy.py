"""What belongs to the story in an entry's HTML, as a list of blocks; the rest is left out.

Feeds carry the site's furniture with the text: share buttons, counting pixels, "The post X appeared
first on Y". Players of other hosts would tell them who reads, so they become links. Pictures keep their
places, in paragraphs of their own, for `illustrate` to bring in or `body` to make links of.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

import nh3

from plugins.guard.html import TAGS, safe_link
from plugins.guard.text import body_text

from .furniture import counts_readers, is_furniture, is_icon, is_sign_off, leads_home, shares
from .images import alt_text, image, images, picture, picture_key, replaced
from .tree import BLOCKS, WRAPPERS, Node, texts, tree
from .web import host, web_address

_PLAYERS = frozenset("iframe video audio embed".split())
_MEDIA = frozenset("iframe video audio embed source img h1 picture".split())
# Where sites keep a picture's address that is to load only once it is scrolled to.
_LATER = ("data-src", "data-lazy-src", "data-original")
_PICTURE = frozenset(".jpg .jpeg .png .webp .avif".split())
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "srcset", *_LATER},
    "iframe": {"src", "title"},
    "video": {"src", "title"},
    "audio": {"src", "title"},
    "embed": {"src", "title"},
    "source": {"src"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "abbr": {"title"},
    "time": {"datetime"},
}
_WITHOUT_CONTENT = {"script", "style", "noscript", "template", "textarea", "title", "object", "svg", "math"}
_FOLLOWED = ("http://", "https://", "mailto:")
_KEPT_EMPTY = frozenset("br hr td th wbr col colgroup".split())


def blocks(source: str, base: str, home: str = "") -> list[Node]:
    """The paragraphs, lists, quotations and so on of an entry's HTML, in order, without furniture.

    `base` is where the entry stands, `home` its site: a last line of links to both is the site's own.
    """
    balanced = nh3.clean(
        body_text(source),
        tags=set(TAGS) | _MEDIA | WRAPPERS,
        clean_content_tags=_WITHOUT_CONTENT,
        attributes=_ATTRIBUTES,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        url_relative="pass_through",
    )
    root = _kept(tree(balanced), web_address(base), in_link=False)
    found = [
        block
        for block in (_flat(root) if root else [])
        if block.tag == "pre" or not is_sign_off(block.text())
    ]
    while found and leads_home(found[-1], base, home):
        found.pop()
    return found


def _kept(node: Node, base: str, *, in_link: bool) -> Node | None:
    """The node without furniture and empty elements, players and pictures as links; None: nothing left."""
    link = _resolved(node, "href", base) if node.tag == "a" else ""
    if is_furniture(node.attributes) or shares(link):
        return None
    inside = in_link or node.tag == "a"
    children: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            children.append(child)
        elif child.tag == "img":
            children += _picture(child, base)
        elif child.tag in _PLAYERS:
            children += _player(child, base, inside)
        elif kept := _kept(child, base, in_link=inside):
            children += kept.children if kept.tag in ("span", "a") and not kept.attributes else [kept]
        elif child.tag not in BLOCKS and (space := "".join(texts(child))).isspace():
            children.append(space)  # coloured code keeps its spaces in elements of their own
    attributes = {
        name: value for name, value in node.attributes.items() if name not in ("class", "id", "href")
    }
    if link:
        attributes["href"] = link
    if node.tag not in _KEPT_EMPTY and not any(_says_something(child) for child in children):
        return None
    if node.tag == "a" and not any(isinstance(child, str) or child.text() for child in _said(children)):
        # A link around a picture, mostly to the picture itself, larger. Its words were none.
        return Node("a", {}, [_larger(child, link) for child in children])
    if node.tag == "picture":
        return Node("span", {}, children)
    return Node(node.tag, attributes, children)


def _said(children: list[Node | str]) -> list[Node | str]:
    return [child for child in children if _says_something(child)]


def _larger(child: Node | str, link: str) -> Node | str:
    if isinstance(child, str) or child.tag != "img" or not link:
        return child
    shown = picture(child)
    if PurePosixPath(urlsplit(link).path).suffix.lower() in _PICTURE and picture_key(link) == shown.key:
        return image([link, *shown.addresses], shown.alt)
    return child


def _says_something(child: Node | str) -> bool:
    return bool(child.strip()) if isinstance(child, str) else child.tag != "br"


def _resolved(node: Node, name: str, base: str) -> str:
    """The absolute address in an attribute, or "" where it must not become a link."""
    value = node.attributes.get(name, "").strip().replace(" ", "%20")
    address = safe_link(value, base) if value else None
    return address if address and address.lower().startswith(_FOLLOWED) else ""


def _picture(shown: Node, base: str) -> list[Node | str]:
    """A picture's place; words where it is an emoji or an icon, which say what they show."""
    words = " ".join(shown.attributes.get("alt", "").split())
    if counts_readers(shown.attributes):
        return []
    addresses = [address for name in (*_LATER, "src") if (address := _web(shown, name, base))]
    if not addresses and (first := shown.attributes.get("srcset", "").split()):
        addresses = [address for address in [_web(Node("img", {"src": first[0]}), "src", base)] if address]
    smiles = words and len(words) <= 4 and not any(character.isalnum() for character in words)
    if not addresses or smiles or is_icon(shown.attributes):
        return [words] if words else []
    return [image(addresses[:2], alt_text(words, addresses[0]))]


def _web(node: Node, name: str, base: str) -> str:
    address = web_address(_resolved(node, name, base))
    return "" if " " in address else address


def _player(player: Node, base: str, in_link: bool) -> list[Node | str]:
    sources = [player, *(child for child in player.children if isinstance(child, Node))]
    addresses = (_resolved(item, "src", base) for item in sources)
    address = next(filter(None, addresses), "")
    if not address:
        return []
    kind = {"video": "Video", "audio": "Recording"}.get(player.tag, "Player")
    words = " ".join(player.attributes.get("title", "").split()) or f"{kind} at {host(address)}"
    return [words] if in_link else [Node("p", {}, [Node("a", {"href": address}, [words])])]


def _flat(node: Node) -> list[Node]:
    """Wrappers opened, loose text put into paragraphs, two line breaks taken as a paragraph's end."""
    found: list[Node] = []
    loose: list[Node | str] = []

    def end_paragraph() -> None:
        while loose and not _says_something(loose[-1]):
            loose.pop()
        while loose and not _says_something(loose[0]):
            loose.pop(0)
        if loose:
            found.extend(_apart(Node("p", {}, list(loose))))
        loose.clear()

    for child in node.children:
        if (isinstance(child, Node) and child.tag in WRAPPERS) or (
            isinstance(child, Node) and child.tag == "p"
        ):
            end_paragraph()
            found += _flat(child)
        elif isinstance(child, Node) and child.tag in BLOCKS:
            end_paragraph()
            found.extend(_apart(child))
        elif isinstance(child, Node) and child.tag == "br" and _after_break(loose):
            end_paragraph()
        else:
            loose.append(child)
    end_paragraph()
    if node.tag == "p" and len(found) == 1:
        found[0].attributes.update(node.attributes)
    return found


def _apart(block: Node) -> list[Node]:
    """The pictures of a paragraph or heading before or after it, each in a paragraph of its own."""
    inside = list(images(block)) if block.tag == "p" or block.tag.startswith("h") else []
    if not inside:
        return [block]
    before, text = [], "".join(texts(block)).strip()
    if text:
        before = [place for place in inside if not _words_before(block, place).strip()]
    words = [part for part in replaced([block], lambda place: []) if part.text()]
    after = [place for place in inside if not any(place is one for one in before)]
    return [
        *(Node("p", {}, [place]) for place in before),
        *words,
        *(Node("p", {}, [place]) for place in after),
    ]


def _words_before(node: Node, place: Node) -> str:
    """The text of a node up to a picture's place in it."""
    found = ""
    for child in node.children:
        if child is place:
            break
        if isinstance(child, str):
            found += child
        elif any(one is place for one in images(child)):
            return found + _words_before(child, place)
        else:
            found += child.text()
    return found


def _after_break(loose: list[Node | str]) -> bool:
    for item in reversed(loose):
        if isinstance(item, Node):
            return item.tag == "br"
        if item.strip():
            return False
    return False
