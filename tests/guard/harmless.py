"""The assertion that every test of a built site ends with: nothing in it runs, loads or sends anything.

The pages are parsed by html5lib, which builds the tree that a browser builds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"
NEVER = {
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "form",
    "style",
    "svg",
    "math",
    "template",
    "portal",
}
ADDRESSES = {
    "href",
    "src",
    "cite",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "ping",
    "longdesc",
}
NEVER_ATTRIBUTES = {"style", "srcdoc", "formaction", "ping", "background", "http-equiv"}
IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")


def assert_harmless(output: Path) -> None:
    """Every page and feed of a built site."""
    pages = sorted(output.rglob("*.html"))
    assert pages
    wrong = [
        f"{path.relative_to(output)}: {what}"
        for path in pages
        for what in page_problems(path.read_text("utf-8"))
    ]
    for path in sorted(output.rglob("*.xml")):
        wrong += [f"{path.relative_to(output)}: {what}" for what in feed_problems(path.read_text("utf-8"))]
    assert wrong == []


def page_problems(text: str) -> list[str]:
    """What a whole page must not hold."""
    tree = html5lib.parse(text, treebuilder="etree")
    found = []
    mains = list(tree.iter(HTML + "main"))
    if len(mains) != 1:
        found.append(f"{len(mains)} main elements")
    for script in tree.iter(HTML + "script"):
        if script.get("type") == "application/ld+json":
            json.loads(script.text)
        elif not (script.get("src") or "").startswith("/theme/") or (script.text or "").strip():
            found.append(f"script {ElementTree.tostring(script)[:80]!r}")
    for main in mains:
        for name in ("script", "link", "meta", "title"):
            found += [f"{name} in the text" for _ in main.iter(HTML + name)]
    for meta in tree.iter(HTML + "meta"):
        refresh = (meta.get("http-equiv") or "").lower()
        if refresh not in ("", "content-security-policy") and not re.fullmatch(
            r"0; url=/people/[a-z0-9-]+/", meta.get("content", "")
        ):
            found.append(f"meta {refresh}")
    return found + elements_problems(tree, local="/")


def elements_problems(tree: ElementTree.Element, local: str) -> list[str]:
    """What no element may be or have; an image's address begins with `local`."""
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # a comment of the parser's
        tag = element.tag.removeprefix(HTML)
        if tag in NEVER or not element.tag.startswith(HTML):
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if str(name).startswith("on") or (name in NEVER_ATTRIBUTES and tag != "meta"):
                found.append(f"{tag}[{name}]")
            elif name in ADDRESSES:
                address = IGNORED.sub("", value)
                if urlsplit(address).scheme.lower() not in ("", "http", "https", "mailto"):
                    found.append(f"{tag}[{name}={value[:60]}]")
                if tag == "img" and (not address.startswith(local) or address.startswith("//")):
                    found.append(f"image elsewhere: {value[:60]}")
            elif name == "srcset" and "//" in value:
                found.append(f"{tag}[srcset={value[:60]}]")
            elif name == "rel" and tag == "a" and "opener" in value.split():
                found.append("a[rel=opener]")
    return found


def feed_problems(text: str) -> list[str]:
    """The entries of a feed, whose HTML readers' programs show."""
    tree = ElementTree.fromstring(text)
    root = next((urlsplit(link.get("href", "")) for link in tree.iter(ATOM + "link")), urlsplit(""))
    found = []
    for element in tree.iter():
        if element.tag == ATOM + "content" or element.get("type") == "html":
            content = html5lib.parseFragment(element.text or "", treebuilder="etree")
            found += elements_problems_of_fragment(content, f"{root.scheme}://{root.netloc}/")
        elif element.get("href") and urlsplit(element.get("href", "")).scheme not in ("http", "https"):
            found.append(f"link {element.get('href')}")
    return found


def elements_problems_of_fragment(fragment: ElementTree.Element, local: str) -> list[str]:
    """The same for a piece of a page, in which no script may stand at all."""
    found = [f"<{name}>" for name in ("script", "link", "meta") for _ in fragment.iter(HTML + name)]
    for child in fragment:
        found += elements_problems(child, local)
    return found
