"""Writing the site: a temporary file and `os.replace`, only where bytes differ; what is gone is removed."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path
from typing import Any

from pelican.writers import FileOverwriteFailedError, Writer

from plugins import FirsthandError
from plugins.guard.files import write_atomically

logger = logging.getLogger(__name__)

# Says that the folder is a site made here, so that what has no source may be removed from it.
MARK = ".firsthand-site"
# Where the run's writer is found in the settings when the last generator is done.
KEY = "SITE_WRITER"


class _Page(io.StringIO):
    """What Pelican writes a page into; it reaches the disk when it is complete."""

    def __init__(self, path: Path, writer: SiteWriter) -> None:
        super().__init__()
        self._path, self._writer = path, writer

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._writer.put(self._path, self.getvalue())
        super().__exit__(kind, error, trace)


class SiteWriter(Writer):  # type: ignore[misc]
    """Pelican's writer with whole files only; knows which files belong to the site."""

    def __init__(self, output_path: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(output_path, settings)
        self.root = Path(output_path).resolve()
        self.files: set[Path] = set()
        self.written = 0
        self.removed = 0
        if self.root.exists() and any(self.root.iterdir()) and not (self.root / MARK).is_file():
            raise FirsthandError(
                f"{self.root} holds files that were not built here, and a build removes what has no source."
                " Empty the folder, or choose another OUTPUT_PATH."
            )
        self.put(Path(MARK), "Made by Firsthand. Every build removes from this folder what has no source.\n")
        self.settings[KEY] = self

    def put(self, path: Path, data: bytes | str) -> None:
        """One file of the site. Raises FileOverwriteFailedError where two pages want one address."""
        path = path if path.is_absolute() else self.root / path
        if not path.is_relative_to(self.root) or ".." in path.parts:
            raise FileOverwriteFailedError(f"{path} lies outside the output folder.")
        if path in self.files:
            raise FileOverwriteFailedError(
                f"Two pages want the address {path.relative_to(self.root)}. Rename one."
            )
        self.files.add(path)
        self.written += write_atomically(path, data)

    def write_text(self, path: Path, text: str) -> None:
        """A file that is no page: a feed, a list of addresses."""
        self.put(path, text)

    def _open_w(self, filename: str, encoding: str, override: bool = False) -> _Page:
        del encoding, override  # UTF-8 always; no page may take another's place
        return _Page(Path(filename), self)

    def prune(self) -> None:
        """Remove what no source made in this build, and the folders that are empty then."""
        for folder, folders, names in os.walk(self.root, topdown=False):
            for name in names:
                path = Path(folder) / name
                if path not in self.files:
                    path.unlink()
                    self.removed += 1
            for name in folders:
                path = Path(folder) / name
                if path.is_symlink():
                    path.unlink()
                elif not any(path.iterdir()):
                    path.rmdir()
