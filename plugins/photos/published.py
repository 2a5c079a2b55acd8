"""The photographs that pages show, in every size: made once, kept by content, written beside the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from pelican.generators import Generator
from pelican.log import console
from rich.progress import Progress

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.run import run_of
from plugins.fastbuild.world import world_of
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.photo import Photograph
from plugins.guard.reader import base_path

from .making import make_all
from .picture import Album, version_url, with_pictures
from .shelf import Kept, Shelf

SLOW = 8  # photographs; from here on a bar shows how far it is


@dataclass(frozen=True)
class _Shown:
    """A photograph, whether it shows as a small face too, and the file and line that name it."""

    photograph: Photograph
    face: bool
    path: str
    line: Callable[[], int]  # looked up where there is something to say

    @property
    def source(self) -> Path:
        if self.photograph.source is None:
            raise ContentRefused([self.refused("No file stands behind it.")])
        return self.photograph.source

    def refused(self, reason: str) -> Finding:
        name = self.photograph.url.rpartition("/")[2]
        message = f"The photograph {name} cannot be shown."
        return Finding(self.path, self.line(), "error", message, reason)


class PhotosGenerator(Generator):  # type: ignore[misc]
    """Writes every photograph of a person with a page and of a story that shows."""

    def refresh_metadata_intersite_links(self) -> None:
        """Make what is not kept, before any page is written. Raises ContentRefused naming the files.

        Pelican calls this after all_generators_finalized, whose receivers have no order among
        them: only now do stories have their photographs.
        """
        articles = self.context["articles"]
        stories = list(chain(articles, chain.from_iterable(article.translations for article in articles)))
        shown = {}  # by address: translations share the photographs of their folder
        for article in stories:
            for name, photo in article.photographs.items():
                line = partial(article.document.line, f"photos.{name}")
                shown[photo.url] = _Shown(photo, False, article.file.shown, line)
        for person in self.context["people"]:
            if photo := person.portrait:
                line = partial(person.metadata["document"].line, "portrait")
                shown[photo.url] = _Shown(photo, True, person.metadata["file"].shown, line)
        _one_a_stem(shown.values())
        run = run_of(self.settings)
        self._shelf = Shelf(run.cache / "photos", full=run.full)
        self._kept: dict[str, tuple[_Shown, Kept]] = {}
        try:
            self._make(shown.values())
        finally:
            self._shelf.close()
        album: Album = self.settings["JINJA_GLOBALS"]["picture"]
        album.clear()
        shown_as = [(url, kept.placeholder, kept.versions) for url, (_, kept) in sorted(self._kept.items())]
        world_of(self.settings).stands_on("plugins.photos", shown_as)
        for url, (_, kept) in self._kept.items():
            album.show(url, kept.placeholder, kept.versions)
        root = base_path(self.settings)
        for article in stories:
            if article.photographs:
                article.body.steps.append(
                    partial(with_pictures, photographs=article.photographs, album=album, root=root)
                )

    def generate_output(self, writer: SiteWriter) -> None:
        """Write each file that is not there as it was made. Raises ContentRefused."""
        for url, (one, kept) in self._kept.items():
            names = tuple([version_url(url, *version) for version in kept.versions])
            writer.put_together(names, kept.key.encode(), partial(self._data, one, kept))

    def _data(self, one: _Shown, kept: Kept, number: int) -> bytes:
        data = self._shelf.data(kept, number)
        if data is None:  # somebody emptied the cache, or a disk lost it
            self._make([one], again=True)
            data = self._shelf.data(self._kept[one.photograph.url][1], number)
        if data is None:
            raise ContentRefused([one.refused("It changed during the build. Build again.")])
        return data

    def _make(self, shown: Iterable[_Shown], again: bool = False) -> None:
        unknown = []
        for one in shown:
            key = None if again else self._shelf.key(one.source, one.face)
            kept = self._shelf.find(key) if key else None
            if kept:
                self._kept[one.photograph.url] = one, kept
            else:
                unknown.append(one)
        waiting: dict[str, list[_Shown]] = {}  # by what they are kept under: some are the same
        refused = []
        quiet = len(unknown) < SLOW or not console.is_terminal
        with Progress(console=console, transient=True, disable=quiet) as bar:
            task = bar.add_task("Photographs", total=len(unknown))

            def jobs() -> Iterator[tuple[str, bytes, bool]]:
                for one in unknown:
                    try:
                        key, raw = self._shelf.read(one.source, one.face)
                    except OSError as error:
                        refused.append(one.refused(f"It cannot be read ({error.strerror})."))
                        continue
                    kept = None if again else self._shelf.find(key)
                    if kept:
                        self._kept[one.photograph.url] = one, kept
                        bar.advance(task)
                    elif key in waiting:
                        waiting[key].append(one)
                    else:
                        waiting[key] = [one]
                        yield key, raw, one.face

            for key, made in make_all(jobs()):
                for one in waiting.pop(key):
                    bar.advance(task)
                    if isinstance(made, str):
                        refused.append(one.refused(made))
                    else:
                        self._kept[one.photograph.url] = one, self._shelf.keep(key, made)
        if refused:
            raise ContentRefused(refused)


def _one_a_stem(shown: Iterable[_Shown]) -> None:
    """Raises ContentRefused for door.jpg beside door.png: their smaller files would have one name."""
    stems: dict[str, str] = {}
    refused = []
    for one in shown:
        stem, _, ending = one.photograph.url.rpartition(".")
        if stems.setdefault(stem, ending) != ending:
            refused.append(one.refused(f"Another differs by its .{stems[stem]} alone. Rename one."))
    if refused:
        raise ContentRefused(refused)
