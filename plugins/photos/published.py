"""The photographs that pages show, in every size: made once, kept by content, written beside the pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.generators import Generator
from pelican.log import console
from rich.progress import track

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.executor import WorkerDied, executor
from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, Finding
from plugins.guard.photo import Photograph, PhotoRefused
from plugins.guard.reader import base_path

from .derivatives import VERSION, Made, make
from .picture import Album, picture_of, version_url, with_pictures

# Less than this is made sooner than processes are started.
FEW, SMALL = 3, 300_000
SLOW = 8  # photographs; from here on a bar shows how far it is


@dataclass(frozen=True)
class _Shown:
    """A photograph, whether it shows as a small face too, and the file and line that name it."""

    photograph: Photograph
    face: bool
    path: str
    line: int

    @property
    def source(self) -> Path:
        if self.photograph.source is None:
            raise ContentRefused([self.refused("No file stands behind it.")])
        return self.photograph.source

    def refused(self, reason: str) -> Finding:
        name = self.photograph.url.rpartition("/")[2]
        return Finding(self.path, self.line, "error", f"The photograph {name} cannot be shown.", reason)


class PhotosGenerator(Generator):  # type: ignore[misc]
    """Writes every photograph of a person with a page and of a story that shows."""

    def refresh_metadata_intersite_links(self) -> None:
        """Make what is not kept, before any page is written. Raises ContentRefused naming the files.

        Pelican calls this after all_generators_finalized, whose receivers have no order among
        them: only now do stories have their photographs.
        """
        self._kept: dict[str, tuple[Path, list[tuple[str, int]]]] = {}
        articles = self.context["articles"]
        stories = list(chain(articles, chain.from_iterable(article.translations for article in articles)))
        shown = {}  # by address: translations share the photographs of their folder
        for article in stories:
            for name, photo in article.photographs.items():
                line = article.document.line(f"photos.{name}")
                shown[photo.url] = _Shown(photo, False, article.file.shown, line)
        for person in self.context["people"]:
            if photo := person.portrait:
                line = person.metadata["document"].line("portrait")
                shown[photo.url] = _Shown(photo, True, person.metadata["file"].shown, line)
        _one_a_stem(shown.values())
        self._make_all(shown.values())
        album: Album = self.settings["JINJA_GLOBALS"]["picture"]
        album.pictures.clear()
        for url, (folder, versions) in self._kept.items():
            placeholder = json.loads((folder / "made.json").read_bytes())["placeholder"]
            album.pictures[url] = picture_of(url, placeholder, versions)
        root = base_path(self.settings)
        for article in stories:
            article._content = with_pictures(article._content, article.photographs, album, root)

    def generate_output(self, writer: SiteWriter) -> None:
        """Write each file once."""
        for url, (folder, versions) in self._kept.items():
            writer.put(Path(url), (folder / "clean").read_bytes())
            for suffix, width in versions:
                data = (folder / f"{width}{suffix}").read_bytes()
                writer.put(Path(version_url(url, suffix, width)), data)

    def _make_all(self, shown: Iterable[_Shown]) -> None:
        wanted, size = [], 0
        for one in shown:
            raw = one.source.read_bytes()
            key = hashlib.sha256(f"{VERSION} {one.face}:".encode() + raw).hexdigest()
            folder = Path(self.settings["CACHE_PATH"]) / "photos" / key
            if not self._remember(one.photograph.url, folder):
                wanted.append((one, folder))
                size += len(raw)
        refused = []
        with _workers(size, len(wanted)) as submit:
            jobs = [(one, folder, submit(one.source, one.face)) for one, folder in wanted]
            quiet = len(jobs) < SLOW or not console.is_terminal
            bar = track(jobs, "Photographs", console=console, transient=True, disable=quiet)
            for one, folder, job in bar:
                try:
                    _keep(folder, job.result())
                except (PhotoRefused, WorkerDied, MemoryError) as error:
                    refused.append(one.refused(str(error) or "It takes too much memory. Send a smaller one."))
                else:
                    self._remember(one.photograph.url, folder)
        if refused:
            raise ContentRefused(refused)

    def _remember(self, url: str, folder: Path) -> bool:
        """Whether it is kept already; the list of its versions is written last."""
        try:
            made = json.loads((folder / "made.json").read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return False
        self._kept[url] = folder, [(suffix, width) for suffix, width in made["versions"]]
        return True


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


@contextmanager
def _workers(size: int, count: int) -> Iterator[Any]:
    """How a photograph is made: here where there is little to do, else on all cores."""
    if count <= FEW and size <= SMALL:
        yield _here
        return
    with executor() as pool:
        yield lambda source, face: pool.submit(make, source.read_bytes(), face)


def _here(source: Path, face: bool) -> Future[Made]:
    job: Future[Made] = Future()
    try:
        job.set_result(make(source.read_bytes(), face))
    except (PhotoRefused, MemoryError) as error:
        job.set_exception(error)
    return job


def _keep(folder: Path, made: Made) -> None:
    write_atomically(folder / "clean", made.clean)
    for version in made.versions:
        write_atomically(folder / f"{version.width}{version.suffix}", version.data)
    versions = [(version.suffix, version.width) for version in made.versions]
    note = {"placeholder": made.placeholder, "versions": versions}
    write_atomically(folder / "made.json", json.dumps(note))
