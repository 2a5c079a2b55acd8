"""What belongs to the story in an entry's HTML, as a list of blocks; the rest is left out.

Feeds carry the site's furniture with the text: share buttons, counting pixels, "The post X appeared
first on Y". Players and pictures of other hosts would tell them who reads, so they become links.
"""

from __future__ import annotations

import nh3

from plugins.guard.html import TAGS, safe_link
from plugins.guard.text import body_text

from .furniture import counts_readers, is_furniture, is_sign_off, shares
from .tree import BLOCKS, WRAPPERS, Node, texts, tree
from .web import host, web_address

_PLAYERS = frozenset("iframe video audio embed".split())
_MEDIA = frozenset("iframe video audio embed source img h1 picture".split())
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
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


def blocks(source: str, base: str) -> list[Node]:
    """The paragraphs, lists, quotations and so on of an entry's HTML, in order, without furniture."""
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
    found = _flat(root) if root else []
    return [block for block in found if not is_sign_off(block.text())]


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
            children += _picture(child, base, inside)
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
    return Node(node.tag, attributes, children)


def _says_something(child: Node | str) -> bool:
    return bool(child.strip()) if isinstance(child, str) else child.tag != "br"


def _resolved(node: Node, name: str, base: str) -> str:
    """The absolute address in an attribute, or "" where it must not become a link."""
    value = node.attributes.get(name, "").strip().replace(" ", "%20")
    address = safe_link(value, base) if value else None
    return address if address and address.lower().startswith(_FOLLOWED) else ""


def _picture(image: Node, base: str, in_link: bool) -> list[Node | str]:
    words = " ".join(image.attributes.get("alt", "").split())
    address = _resolved(image, "src", base)
    if not words or counts_readers(image.attributes):
        return []
    if in_link or not address or len(words) <= 3:  # an emoji's picture says the emoji
        return [words]
    return [Node("a", {"href": address}, [words])]


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
            found.append(Node("p", {}, list(loose)))
        loose.clear()

    for child in node.children:
        if (isinstance(child, Node) and child.tag in WRAPPERS) or (
            isinstance(child, Node) and child.tag == "p"
        ):
            end_paragraph()
            found += _flat(child)
        elif isinstance(child, Node) and child.tag in BLOCKS:
            end_paragraph()
            found.append(child)
        elif isinstance(child, Node) and child.tag == "br" and _after_break(loose):
            end_paragraph()
        else:
            loose.append(child)
    end_paragraph()
    if node.tag == "p" and len(found) == 1:
        found[0].attributes.update(node.attributes)
    return found


def _after_break(loose: list[Node | str]) -> bool:
    for item in reversed(loose):
        if isinstance(item, Node):
            return item.tag == "br"
        if item.strip():
            return False
    return False
