"""One HTML page read once: what it links to and loads, its ids, its pictures, and what is wrong by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

Problem = tuple[int, str, str]
"""Line, what is wrong, what to do."""

_LOADS = {
    ("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src"), ("embed", "src"),
    ("object", "data"), ("video", "src"), ("video", "poster"), ("audio", "src"), ("track", "src"),
    ("input", "src"), ("image", "href"), ("use", "href"),
}  # fmt: skip
_LINK_LOADS = frozenset(
    "stylesheet preload modulepreload prefetch preconnect dns-prefetch prerender icon apple-touch-icon"
    " mask-icon manifest".split()
)
_META_ADDRESSES = frozenset(
    "og:image og:image:url og:image:secure_url og:url og:video og:audio twitter:image".split()
)
_META_IMAGES = frozenset("og:image og:image:url og:image:secure_url twitter:image".split())
_ANNOUNCES = frozenset(["preconnect", "dns-prefetch"])
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(?P<url>[^'\"]*)", re.IGNORECASE)
_SIZE = re.compile(r"[0-9]+\Z")


@dataclass(frozen=True)
class Reference:
    """An address a page names. `loads`: the browser fetches it without being asked."""

    line: int
    where: str
    url: str
    loads: bool = False
    image: bool = False
    size: tuple[int, int] | None = None


@dataclass
class Page:
    """What one pass over a page found."""

    ids: dict[str, int] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    data: list[tuple[int, str]] = field(default_factory=list)


def read_page(text: str, whole: bool = True) -> Page:
    """Read a page; with `whole=False` a piece of one (a feed's content), which needs no title or language."""
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except AssertionError:  # html.parser's word for a marked section such as <![if it does not know
        line = reader.getpos()[0]
        reader.page.problems.append((line, "a declaration here cannot be read.", "Take it out of the page."))
    if whole:
        reader.finish()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._title: list[str] | None = None
        self._titled = self._lang = False
        self._drawing = 0
        self._json = False

    def finish(self) -> None:
        if not self._titled:
            self._wrong(1, "the page has no title.", "Give its template a filled <title>.")
        if not self._lang:
            self._wrong(1, "the page names no language.", 'Write <html lang="..."> in its template.')

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        values: dict[str, str] = {}
        for name, value in attrs:
            values.setdefault(name, value or "")
        self._remember_ids(line, tag, values)
        self._refuse_inline(line, tag, values)
        if tag == "svg":
            self._drawing += 1
        elif tag == "title" and not self._drawing:
            self._title = []
        elif tag == "html":
            self._lang = bool(values.get("lang", "").strip())
        elif tag == "script":
            self._json = "src" not in values and _is_data(values)
        elif tag == "meta":
            self._meta(line, values)
        self._links(line, tag, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._drawing:  # only inside a drawing does "/>" end an element
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._drawing = max(0, self._drawing - 1)
        elif tag == "script":
            self._json = False
        elif tag == "title" and self._title is not None:
            self._titled = self._titled or bool("".join(self._title).strip())
            self._title = None

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)
        elif self._json:
            self.page.data.append((self.getpos()[0], data))

    def _wrong(self, line: int, message: str, fix: str) -> None:
        self.page.problems.append((line, message, fix))

    def _remember_ids(self, line: int, tag: str, values: dict[str, str]) -> None:
        name = values.get("id")
        if name is not None:
            if name in self.page.ids:
                first = self.page.ids[name]
                self._wrong(line, f'id="{name}" is also on line {first}.', "Make every id of a page unique.")
            self.page.ids.setdefault(name, line)
        elif tag == "a" and values.get("name"):
            self.page.ids.setdefault(values["name"], line)

    def _refuse_inline(self, line: int, tag: str, values: dict[str, str]) -> None:
        if tag == "script" and "src" not in values and not _is_data(values):
            self._wrong(line, "a script stands in the page.", "Move it to a file in theme/static/.")
        if tag == "style":
            self._wrong(line, "a <style> stands in the page.", "Move it to the stylesheet in theme/static/.")
        if "style" in values:
            self._wrong(line, f"<{tag}> has a style attribute.", "Use a class of the stylesheet.")
        for name in values:
            if name.startswith("on"):
                self._wrong(line, f"<{tag}> has {name}=.", "Listen for it in a script of theme/static/.")

    def _meta(self, line: int, values: dict[str, str]) -> None:
        name = (values.get("property") or values.get("name") or "").lower()
        content = values.get("content", "")
        if name in _META_ADDRESSES:
            self._refer(line, f"<meta {name}>", content, image=name in _META_IMAGES)
        elif values.get("http-equiv", "").lower() == "refresh" and (found := _REFRESH.match(content)):
            self._refer(line, "<meta refresh>", found["url"])

    def _links(self, line: int, tag: str, values: dict[str, str]) -> None:
        if tag == "link" and "href" in values:
            kinds = set(values.get("rel", "").lower().split())
            if kinds & _ANNOUNCES and not values["href"].strip():
                return
            self._refer(line, "<link href>", values["href"], loads=bool(kinds & _LINK_LOADS))
        elif tag in ("a", "area") and "href" in values:
            self._refer(line, f"<{tag} href>", values["href"])
        for name in ("src", "poster", "data", "href"):
            if (tag, name) in _LOADS and name in values:
                image = tag == "img" or name == "poster"
                size = _size(values) if tag == "img" else None
                self._refer(line, f"<{tag} {name}>", values[name], loads=True, image=image, size=size)
        if tag in ("img", "source", "link"):
            for url in candidates(values.get("srcset") or values.get("imagesrcset") or ""):
                self._refer(line, f"<{tag} srcset>", url, loads=True, image=True)

    def _refer(
        self,
        line: int,
        where: str,
        url: str,
        *,
        loads: bool = False,
        image: bool = False,
        size: tuple[int, int] | None = None,
    ) -> None:
        self.page.references.append(Reference(line, where, url.strip(), loads, image, size))


def candidates(srcset: str) -> list[str]:
    """The addresses of a srcset, in order. A comma inside an address ends none (HTML, 4.8.4.2.1)."""
    return [part.split()[0] for part in re.split(r",\s+", srcset) if part.strip(" ,\t\n")]


def _is_data(values: dict[str, str]) -> bool:
    return values.get("type", "").strip().lower() == "application/ld+json"


def _size(values: dict[str, str]) -> tuple[int, int] | None:
    width, height = values.get("width", ""), values.get("height", "")
    if _SIZE.match(width) and _SIZE.match(height):
        return int(width), int(height)
    return None
