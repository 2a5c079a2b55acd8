"""The quiet notes: a page at the address of each story that was taken back, which no search engine keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.generators import Generator

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused

from .settings import enforce
from .withdrawn import Withdrawn, check_withdrawn, read_withdrawn

TEMPLATE = "withdrawn.html"
MARK = "gone.txt"


class NotesGenerator(Generator):  # type: ignore[misc]
    """Writes a note for every story of content/withdrawn.toml, in each language that it had."""

    withdrawn: tuple[Withdrawn, ...] = ()

    def generate_output(self, writer: SiteWriter) -> None:
        """The notes; who told the stories and what they were called is nowhere in them."""
        default = self.settings["DEFAULT_LANG"].lower()
        for one in self.withdrawn:
            for path, lang in _pages(one, default):
                values: partial[dict[str, str]] = partial(dict, lang=lang)
                writer.page_of(path, TEMPLATE, b"", values)
                # By this a web server knows a note, and can answer with status 410: see the README.
                writer.put(Path(path).with_name(MARK), "A story was here, and was taken back.\n")


def _pages(one: Withdrawn, default: str) -> Iterator[tuple[str, str]]:
    place = f"stories/{one.slug}/index.html"
    yield place, default
    for lang in one.languages:
        if lang != default:
            yield f"{lang}/{place}", lang


def initialized(pelican: Pelican) -> None:
    """The desk's settings, for Pelican."""
    enforce(pelican.settings)


def make_notes(_: Any) -> type[NotesGenerator]:
    """Who writes the notes, for Pelican."""
    return NotesGenerator


def read_notes(generators: Iterable[Any]) -> None:
    """Which notes there are. Raises ContentRefused where a story that was taken back is there again."""
    for generator in generators:
        if isinstance(generator, NotesGenerator):
            content = Path(generator.settings["PATH"])
            if wrong := check_withdrawn(content):
                raise ContentRefused(wrong)
            generator.withdrawn = tuple(read_withdrawn(content))
            told = [(one.slug, one.languages) for one in generator.withdrawn]
            world_of(generator.settings).stands_on("plugins.desk", told)
