"""The photographs that pages show, written beside them: upright, and without their metadata."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.fastbuild import SiteWriter
from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.photo import Photograph, PhotoRefused, clean_photo

# Raise it where clean_photo comes to save otherwise, so that nothing kept is taken for current.
KEPT_VERSION = 2


class PhotosGenerator(Generator):  # type: ignore[misc]
    """Writes every photograph of a person with a page and of a story that shows."""

    def prepare(self) -> None:
        """Clean each photograph before any page is written. Raises ContentRefused naming the files."""
        refused = []
        self._kept: dict[str, Path] = {}
        for photograph in self._shown():
            if photograph.url in self._kept:
                continue  # translations share the photographs of their folder
            try:
                self._kept[photograph.url] = self._clean(photograph)
            except PhotoRefused as error:
                shown = _shown_path(photograph)
                refused.append(Finding(shown, 1, "error", "This photograph cannot be shown.", str(error)))
        if refused:
            raise ContentRefused(refused)

    def generate_output(self, writer: SiteWriter) -> None:
        """Write each once."""
        for url, kept in self._kept.items():
            writer.put(Path(url), kept.read_bytes())

    def _shown(self) -> Iterable[Photograph]:
        portraits = (person.portrait for person in self.context["people"] if person.portrait)
        articles = self.context["articles"]
        stories = chain(articles, chain.from_iterable(article.translations for article in articles))
        return chain(portraits, chain.from_iterable(a.photographs.values() for a in stories))

    def _clean(self, photograph: Photograph) -> Path:
        """Where the cleaned photograph lies; kept by the hash of what it was made from."""
        if photograph.source is None:
            raise PhotoRefused("No file stands behind it.")
        raw = photograph.source.read_bytes()
        key = hashlib.sha256(b"%d:" % KEPT_VERSION + raw).hexdigest()
        kept = Path(self.settings["CACHE_PATH"]) / "photos" / key
        if not kept.is_file():
            write_atomically(kept, clean_photo(io.BytesIO(raw)).data)
        return kept


def _shown_path(photograph: Photograph) -> str:
    source: Any = photograph.source
    return "/".join(source.parts[-3:])
