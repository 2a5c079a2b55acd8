"""Writing the site: a temporary file and `os.replace`, only where bytes differ; what is gone is removed.

A page that declares all it shows is made again only if something of that changed.
"""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pelican.writers import FileOverwriteFailedError, Writer

from plugins import FirsthandError
from plugins.guard.files import write_atomically

from .code import code
from .compiled import Compiled
from .fingerprint import Fingerprints, digest
from .first import beside, is_listed, put_first
from .heirs import Heirs, Late, may_be_born, page_key
from .kit import kit_of, lookups_of
from .record import Made, Record
from .render import FEW, Maker, Page, Rendering
from .run import run_of
from .world import world_of

logger = logging.getLogger(__name__)

# Says that the folder is a site made here, so that what has no source may be removed from it.
MARK = ".firsthand-site"


class _Page(io.StringIO):
    """What Pelican writes a page into; it reaches the disk when it is complete."""

    def __init__(self, path: Path, writer: SiteWriter) -> None:
        super().__init__()
        self._path, self._writer = path, writer

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._writer.rendered += 1
            self._writer.put(self._path, self.getvalue())
        super().__exit__(kind, error, trace)


class SiteWriter(Writer):  # type: ignore[misc]
    """Pelican's writer with whole files only; knows which files belong to the site."""

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        self.root = Path(output_path).resolve()
        self.written = self.removed = self.rendered = 0
        if self.root.exists() and any(self.root.iterdir()) and not (self.root / MARK).is_file():
            raise FirsthandError(
                f"{self.root} holds files that were not built here, and a build removes what has no source."
                " Empty the folder, or choose another OUTPUT_PATH."
            )
        self._run = run_of(self.settings)
        cache = Path(self.settings["CACHE_PATH"])
        self._record = Record(cache / "written", self.root, code(), self._run.full)
        # A first site is written beside its place, and takes it when it is whole.
        self._beside = beside(self.root)
        self._first = not self.root.exists()
        self._into = str(self._beside if self._first else self.root)
        Path(self._into).mkdir(parents=True, exist_ok=True)
        self.output_path = self._into  # where Pelican makes folders
        self._record.moves(Path(self._into))
        self._claimed: set[str] = set()
        self._keys: dict[str, tuple[bytes, bytes | None]] = {}  # of pages that are being rendered
        kit, lookups = kit_of(self.settings), lookups_of(self.settings)
        self._compiled = Compiled(cache / "templates", digest(code(), kit.common), self._run.full)
        self._kit = replace(kit, environment={"bytecode_cache": self._compiled, **kit.environment})
        self._prints, self._lookups = Fingerprints(lookups), lookups
        self._rendering = Rendering(
            self._kit, lookups, self._run.crew, self._rendered, meanwhile=self._run.keep
        )
        self._record.world = world_of(self.settings).key(self.settings, self._kit)
        self._late: list[Late] = []  # the pages of a first site, made when all are known
        self._run.writer = self
        self.put(Path(MARK), "Made by Firsthand. Every build removes from this folder what has no source.\n")

    @property
    def files(self) -> list[str]:
        """Every file of the site, below the output folder."""
        return sorted(self._claimed)

    @property
    def listed(self) -> list[str]:
        """The pages that may be indexed."""
        made = self._record.made
        return sorted(path for path in made if path.endswith("index.html") and made[path].listed)

    def page(self, path: str, maker: Maker, **values: Any) -> None:
        """A page that shows nothing but `values`, by a template or a function of a module.

        It is rendered by the end of the build, and only if something of it changed. Values
        are plain, dataclasses of such, or know their fingerprint; raises TypeError for others.
        """
        self._claim(path)
        if self._first:
            self._late.append(Late(path, maker, lambda: values, None))
        else:
            self._page(path, maker, values, None)

    def page_of(self, path: str, maker: Maker, texts: bytes, values: Callable[[], Mapping[str, Any]]) -> None:
        """As `page`, where all that the page shows follows from the world and from the texts it carries.

        `texts` are these texts' keys; `values` is called only where world or texts are not as they were.
        """
        self._claim(path)
        if self._first:
            self._late.append(Late(path, maker, values, texts))
        elif not self._record.keeps_texts(path, texts):
            self._page(path, maker, values(), texts)

    def _page(self, path: str, maker: Maker, values: Mapping[str, Any], texts: bytes | None) -> None:
        key = page_key(maker, self._kit, self._prints, values)
        asked = self._prints.asked()
        if not self._record.keeps(path, key, texts):
            self._keys[path] = key, texts
            self._rendering.add(Page(path, maker, values, asked))

    def put(self, path: Path, data: bytes | str) -> None:
        """One file of the site. Raises FileOverwriteFailedError where two pages want one address."""
        name = self._name(path)
        self._claim(name)
        key = digest(data)
        if not self._record.keeps(name, key):
            self._write(name, data, key)

    def put_together(self, names: tuple[str, ...], signature: bytes, make: Callable[[int], bytes]) -> None:
        """Files of one folder that are made of one thing, whose content `signature` tells.

        `make` is given the place of each among the names, where one of them is not as it was made.
        """
        key = digest(signature)
        for name in names:
            self._claim(name)
        if not self._record.keeps_together(names, key):
            for place, name in enumerate(names):
                self._bring(name, make(place))
            self._record.note_together(names, key)

    def finish(self) -> None:
        """Have every page rendered and written; what was read is kept while the workers are at it."""
        if (compiled := self._run.compiled) is not None and compiled.exception() is None:
            self._compiled.take(compiled.result())  # for heirs, and for the next build
        for page in self._left_by_heirs():
            self._page(page.path, page.maker, page.values(), page.texts)
        self._rendering.send()
        self._run.keep()
        self._rendering.finish()
        self._compiled.save()

    def _left_by_heirs(self) -> list[Late]:
        """Have the pages of a first site made by heirs, where there may be any; the pages that are left."""
        late, self._late = self._late, []
        if not self._run.crew.is_here or len(late) <= FEW:
            return late
        self._run.crew.close()  # its threads, too
        if not may_be_born():
            return late
        self._run.flush()
        done: set[str] = set()
        for page, key, brought in Heirs(late, self._kit, self._lookups, self._into).all(self._run.keep):
            self._record.note_brought(page.path, Made(key, brought.lay, brought.listed, page.texts))
            done.add(page.path)
        self.written += len(done)
        self.rendered += len(done)
        return [page for page in late if page.path not in done]

    def _rendered(self, page: Page, data: bytes) -> None:
        self._write(page.path, data, *self._keys.pop(page.path))
        self.rendered += 1

    def prune(self) -> None:
        """Remove what no source made in this build, and keep the record of what it made."""
        self.removed += self._record.prune()
        if self._first:
            self._beside.rename(self.root)
            self._record.moves(self.root)
        self._record.save()

    def _name(self, path: Path) -> str:
        if not path.is_absolute():
            return path.as_posix()
        if not path.is_relative_to(self._into):
            raise FileOverwriteFailedError(f"{path} lies outside the output folder.")
        return path.relative_to(self._into).as_posix()

    def _claim(self, name: str) -> None:
        if name[:1] == "/" or (".." in name and ".." in name.split("/")):
            raise FileOverwriteFailedError(f"{name} lies outside the output folder.")
        if name in self._claimed:
            raise FileOverwriteFailedError(f"Two pages want the address {name}. Rename one.")
        self._claimed.add(name)

    def _write(self, name: str, text: bytes | str, key: bytes, texts: bytes | None = None) -> None:
        data = text.encode() if isinstance(text, str) else text
        self._bring(name, data)
        self._record.note(name, key, is_listed(name, data), texts)

    def write_file(self, name: str, *args: Any, **words: Any) -> None:
        """As Pelican's, which makes the page's folder itself."""
        if name:
            self._record.make_room(self._name(Path(name)))
        super().write_file(name, *args, **words)

    def _bring(self, name: str, data: bytes) -> None:
        new = self._record.make_room(name)
        if self._first:
            put_first(f"{self._into}/{name}", data)
            self.written += 1
        else:
            self.written += write_atomically(f"{self._into}/{name}", data, new)

    def abandon(self) -> None:
        """The build has ended; what of a first site is not whole goes."""
        if self._first:
            shutil.rmtree(self._beside, ignore_errors=True)

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> _Page:
        del encoding, override  # UTF-8 always; no page may take another's place
        return _Page(Path(filename), self)
