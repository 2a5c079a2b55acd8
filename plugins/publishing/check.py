"""Everything wrong with a built site that a reader, or the site's own promises, would meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from xml.parsers.expat import ExpatError

from plugins.guard.finding import Finding

from . import feeds, pictures, styles
from .page import Page, Problem, Reference, read_page
from .site import Kind, Place, Site
from .tree import read_tree

_DEVELOPMENT = re.compile(
    r"(?:https?:)?//(?:localhost|[\w.-]+\.localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])(?=[:/?#\"'\s<\\]|\Z)",
    re.IGNORECASE,
)
_TEXT_SUFFIXES = frozenset([".html", ".xml", ".css", ".txt", ".webmanifest"])
_BUILD_AGAIN = "Build with publishconf.py and FIRSTHAND_SITEURL."


def check_site(output: Path, site_url: str) -> list[Finding]:
    """Every problem of the built site in `output` that is to stand at `site_url` ("" for a local build).

    Sorted by file and line. Raises FirsthandError where the folder cannot be read.
    """
    check = _Check(Site(output, site_url))
    return sorted(set(check.findings()))


def is_development(url: str) -> bool:
    """Whether an address is this machine's own."""
    return _DEVELOPMENT.match(url.strip()) is not None


class _Check:
    def __init__(self, site: Site) -> None:
        self.site = site
        self._ids: dict[str, frozenset[str]] = {}
        self._fragments: list[tuple[str, Reference, Place]] = []
        self._size = cache(self._measure)
        self._here = Path.cwd()
        self._local = not site.url or is_development(site.url)

    def findings(self) -> Iterator[Finding]:
        if not any(path.endswith(".html") for path in self.site.files):
            yield self._finding("", (1, "the folder has no page.", "Build the site first: ./inv build"))
        for path in self.site.links:
            yield self._finding(path, (1, "it is a symbolic link.", "Put the file itself there."))
        for path in self.site.files:
            for problem in self._file(path):
                yield self._finding(path, problem)
        for path, reference, place in self._fragments:
            if place.path in self._ids and place.fragment not in self._ids[place.path]:
                there = "this page" if place.path == path else place.path
                message = f"{reference.where} leads to #{place.fragment}, and {there} has no such id."
                yield self._finding(path, (reference.line, message, "Correct the link or add the id."))

    def _finding(self, path: str, problem: Problem) -> Finding:
        line, message, fix = problem
        shown = self.site.output / path
        if shown.is_relative_to(self._here):
            shown = shown.relative_to(self._here)
        return Finding(shown.as_posix(), line, "error", message, fix)

    def _file(self, path: str) -> Iterator[Problem]:
        suffix = Path(path).suffix.lower()
        if suffix in pictures.SUFFIXES:
            try:
                self._size(path)
            except ValueError as error:
                yield 1, f"the picture does not open: {error}.", "Build again; else replace its source."
        if suffix not in _TEXT_SUFFIXES:
            return
        data = (self.site.output / path).read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            yield data.count(b"\n", 0, error.start) + 1, "this is not UTF-8.", "Save its source as UTF-8."
            return
        if suffix == ".html":
            yield from self._page(path, read_page(text))
        elif suffix == ".xml":
            yield from self._xml(path, data)
        elif suffix == ".css":
            for reference in styles.references(text):
                yield from self._reference(path, reference)
        else:
            yield from self._addresses(enumerate(text.split("\n"), 1))

    def _page(self, path: str, page: Page) -> Iterator[Problem]:
        self._ids[path] = frozenset(page.ids)
        yield from page.problems
        for reference in page.references:
            yield from self._reference(path, reference)
        yield from self._addresses(page.data)

    def _xml(self, path: str, data: bytes) -> Iterator[Problem]:
        try:
            root = read_tree(data)
        except ExpatError as error:
            yield (
                error.lineno,
                f"the file is not well-formed: {error}.",
                "Correct its template, then build again.",
            )
            return
        if feeds.is_feed(root):
            yield from feeds.feed_problems(root)
        for reference in feeds.references(root):
            yield from self._reference(path, reference)
        yield from self._addresses(feeds.identities(root))

    def _addresses(self, lines: Iterable[tuple[int, str]]) -> Iterator[Problem]:
        for line, text in lines:
            for found in _DEVELOPMENT.finditer(text):
                if not self._local:
                    yield line, f"{found[0]} is an address of the machine that built it.", _BUILD_AGAIN

    def _reference(self, path: str, reference: Reference) -> Iterator[Problem]:
        line, where, url = reference.line, reference.where, reference.url
        place = self.site.place(path, url)
        if not url:
            yield line, f"{where} is empty.", "Fill it in, or leave it out."
        elif place.kind is Kind.OUTSIDE and is_development(url) and not self._local:
            yield line, f"{where} leads to {url}, an address of the machine that built it.", _BUILD_AGAIN
        elif place.kind is Kind.OUTSIDE and reference.loads:
            message = f"{where} loads {url} from somebody else's server before the reader asks."
            yield line, message, "Keep a copy in theme/static/, or put a link in its place."
        elif place.kind is Kind.MISSING:
            yield (
                line,
                f"{where} leads to {url}, and {place.path} does not exist.",
                "Correct the link or build the page.",
            )
        elif place.kind is Kind.UNDER_NO_SITE and reference.loads:
            yield (
                line,
                f"{where} leads to {url}, outside {self.site.url}/.",
                "Begin the address with {{ SITEURL }}.",
            )
        elif place.kind is Kind.BROKEN:
            yield line, f"{where} has {url}, which is no address.", "Correct it."
        elif place.kind is Kind.SCRIPT:
            yield line, f"{where} runs a script.", "Listen for the click in a script of theme/static/."
        elif place.kind is Kind.FILE:
            if path == "404.html" and not url.startswith(("/", "#")) and "://" not in url:
                message = f"{where} leads to {url}, but this page is shown at any address."
                yield line, message, "Begin it with {{ SITEURL }}/."
            yield from self._picture(reference, place)
            if place.fragment:
                self._fragments.append((path, reference, place))

    def _picture(self, reference: Reference, place: Place) -> Iterator[Problem]:
        if not reference.image:
            return
        if Path(place.path).suffix.lower() not in pictures.SUFFIXES:
            message = f"{reference.where} names {place.path}, which is no picture."
            yield reference.line, message, "Name a picture."
            return
        try:
            real = self._size(place.path)
        except ValueError:
            return  # told once, at the picture itself
        told = reference.size
        if told and real and not pictures.agrees(told, real):
            message = f"{reference.url} is {real[0]} by {real[1]}, but the page says {told[0]} by {told[1]}."
            yield reference.line, message, "Write width and height in the picture's own proportions."

    def _measure(self, path: str) -> pictures.Size | None:
        return pictures.measure(self.site.output / path)
