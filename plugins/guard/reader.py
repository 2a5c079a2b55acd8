"""The one way from a Markdown file to HTML: caps, front-matter rules, Markdown, cleaning.

Pelican's link marks are resolved here ({attach}NAME to the story's own photograph) and Pelican's
own rewriting is switched off, so that nothing rewrites a link after it was cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pelican.plugins.yaml_metadata.yaml_metadata import YAMLMetadataReader
from pelican.readers import Readers

from .content import ContentFile, check_document
from .document import Document, read_document
from .finding import ContentRefused, Finding
from .html import clean_html
from .markdown import MARKDOWN as MARKDOWN
from .survey import content_file
from .text import one_line

# A pattern that matches nothing, with the group that Pelican asks for.
NO_LINK_MARKS = r"(?!)(?P<what>)"
# What Pelican may know of a file. Everything else stays in the document, for the plugin it concerns.
_PELICAN_KEYS = ("title", "date", "modified", "category", "tags", "summary", "lang", "status")
_FROM_THE_ROOT = re.compile(r'(<[a-z]+\b[^>]*\s(?:href|cite)=")/(?!/)')
# The same to a browser. Pelican warns of alt="", though a story's figures get their alt from `photos`.
_EMPTY_ALT = re.compile(r'(<img\b[^>]*\salt)=""')
_ATTACH = re.compile(r"\{attach\}")


def base_path(settings: dict[str, Any]) -> str:
    """The path part of SITEURL, without a closing slash: "" or "/project"."""
    return urlsplit(str(settings.get("SITEURL", ""))).path.rstrip("/")


class GuardedReader(YAMLMetadataReader):  # type: ignore[misc]
    """Reads content files into cleaned HTML and the keys that Pelican may see."""

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Cleaned HTML and metadata; `document` and `file` in it are for the plugins.

        Raises ContentRefused.
        """
        path = Path(source_path)
        file, document = self.checked(path)
        front = document.front
        metadata = self._parse_yaml_metadata(
            {key: _for_pelican(key, front[key]) for key in _PELICAN_KEYS if front.get(key) is not None},
            source_path,
        )
        if file.kind == "story":
            names = front.get("authors") or front.get("author") or []
            metadata.update(
                self._parse_yaml_metadata(
                    {"authors": names if isinstance(names, list) else [names]}, source_path
                )
            )
        metadata["slug"] = file.slug
        if file.lang:
            metadata["lang"] = file.lang
        metadata["document"] = document
        metadata["file"] = file
        return self.html(file, document), metadata

    def checked(self, path: Path) -> tuple[ContentFile, Document]:
        """The file and what is written in it. Raises ContentRefused."""
        file = content_file(path, Path(self.settings["PATH"]))
        if file is None:
            fix = "Stories are stories/SLUG/index.md."
            raise ContentRefused([Finding(str(path), 1, "error", "No page is made from here.", fix)])
        document = read_document(path, file.shown)
        if problems := check_document(file, document):
            raise ContentRefused(problems)
        return file, document

    def html(self, file: ContentFile, document: Document) -> str:
        """The body as cleaned HTML; links resolved to paths on this site."""
        return to_html(file, document, base_path(self.settings), lambda body: self._md.reset().convert(body))


def to_html(file: ContentFile, document: Document, root: str, convert: Callable[[str], str]) -> str:
    """A file's body as cleaned HTML, links resolved to paths on the site, which lies at `root`.

    `convert` makes HTML of Markdown. Raises ContentRefused for a text nested too deeply.
    """
    folder = {"story": f"stories/{file.slug}/", "person": "people/", "page": f"{file.slug}/"}[file.kind]
    try:
        rendered = convert(_ATTACH.sub("", document.body))
    except RecursionError as error:
        fix = "Take out quotations and lists that lie within each other."
        message = "The text is nested too deeply."
        raise ContentRefused([Finding(file.shown, document.body_line, "error", message, fix)]) from error
    cleaned = _EMPTY_ALT.sub(r"\1", clean_html(rendered, f"{root}/{folder}"))
    # Writers write /people/x/; on a host where the site lies in a folder, that folder comes first.
    return _FROM_THE_ROOT.sub(rf"\1{root}/", cleaned) if root else cleaned


def _for_pelican(key: str, value: Any) -> Any:
    """A day as Pelican parses it, and `title: 1984` as the text that it is."""
    if key in ("date", "modified") or isinstance(value, list):
        return value
    return one_line(str(value))


def use_guarded_reader(readers: Readers) -> None:
    """Markdown goes through the guard; every other kind of source is switched off."""
    readers.reader_classes.clear()
    readers.reader_classes["md"] = GuardedReader
