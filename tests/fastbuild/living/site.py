"""The site in a folder of its own: its files, its incremental build, and the full build to compare with."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import TemplateError

from plugins import FirsthandError
from plugins.fastbuild.build import Report, build_site
from plugins.guard.text import yaml_front_matter
from tests.compiled import compiled_once

from .process import ROOT, as_it_was, run_build

FIRST_DAY = "1775001600"  # 2026-04-01
# What a person edits; the rest is made from it.
SOURCES = ("content", "theme", "pelicanconf.py")
MADE = (".cache", "output")


@dataclass(frozen=True)
class Outcome:
    """What a build did, or the words with which it refused."""

    report: Report | None
    problem: str = ""


class Living:
    """One copy of tests/sites/living with a theme of its own, and the day it is there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content, self.theme, self.conf = root / "content", root / "theme", root / "pelicanconf.py"
        self.output, self.cache = root / "output", root / ".cache"
        self.full_output, self.full_cache = root / "full" / "output", root / "full" / ".cache"
        shutil.copytree(ROOT / "tests" / "sites" / "living", root, dirs_exist_ok=True)
        shutil.copytree(ROOT / "theme", self.theme, ignore=shutil.ignore_patterns("*.woff2", "preview.jpg"))
        here = "Path(__file__).resolve().parents[3]"
        self.conf.write_text(self.conf.read_text("utf-8").replace(here, f"Path({str(ROOT)!r})"), "utf-8")
        self.day = FIRST_DAY

    # What is there

    def texts(self, pattern: str = "stories/*/index*.md") -> list[Path]:
        """Files of the content folder in a settled order; all stories' where nothing is said."""
        return sorted(self.content.glob(pattern))

    def slugs(self) -> list[str]:
        """Everybody's."""
        return [path.stem for path in self.texts("people/*.md")]

    def stories(self) -> list[Path]:
        """The stories' folders."""
        return sorted({path.parent for path in self.texts()})

    # Reading and writing texts

    @staticmethod
    def read(path: Path) -> tuple[dict[str, Any], str]:
        """Front matter and body; empty for a file that a step before has broken."""
        _, _, rest = path.read_text("utf-8").partition("---\n")
        head, _, body = rest.partition("---\n")
        try:
            front = yaml.safe_load(head)
        except yaml.YAMLError:
            front = None
        return (front if isinstance(front, dict) else {}), body

    @staticmethod
    def write(path: Path, front: dict[str, Any], body: str) -> None:
        """Write a text; a field that is None is left out."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {key: value for key, value in front.items() if value is not None}
        path.write_text(yaml_front_matter(kept) + body, "utf-8")

    def edit(self, path: Path, **fields: Any) -> None:
        """Replace fields of the front matter."""
        front, body = self.read(path)
        self.write(path, {**front, **fields}, body)

    # Building

    def build(self, **words: Any) -> Outcome:
        """As `./inv build` does it, on what was kept."""
        return self._built(**words)

    def build_fully(self) -> Outcome:
        """Everything from its source, into another folder. Only its photographs are kept, apart.

        A build with `full` would make these again too, which takes most of its time.
        """
        shutil.rmtree(self.full_output, ignore_errors=True)
        for path in self.full_cache.glob("*") if self.full_cache.is_dir() else ():
            if path.name != "photos":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self._built(
            OUTPUT_PATH=str(self.full_output),
            CACHE_PATH=str(self.full_cache),
        )

    def build_elsewhere(self) -> dict[str, object]:
        """The files of a full build by a process of its own, which remembers nothing at all."""
        shutil.rmtree(self.root / "full", ignore_errors=True)
        places = {"OUTPUT_PATH": str(self.full_output), "CACHE_PATH": str(self.full_cache)}
        run_build(self.conf, self.day, full=True, **places)
        return tree(self.full_output)

    def _built(self, **words: Any) -> Outcome:
        words["JINJA_ENVIRONMENT"] = compiled_once()
        with as_it_was(), pytest.MonkeyPatch.context() as environment:
            environment.setenv("SOURCE_DATE_EPOCH", self.day)
            try:
                return Outcome(build_site(self.conf, quiet=True, **words))
            except FirsthandError as error:
                if isinstance(error.__cause__, TemplateError):  # nobody promises which is met first
                    return Outcome(None, "TemplateError")
                return Outcome(None, f"{type(error).__name__}: {error}")

    # Going back

    def keep(self, name: str, parts: tuple[str, ...]) -> None:
        """Copy parts of the site aside, with their times."""
        shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / name).mkdir()
        _copy(self.root, self.root / name, parts)

    def bring_back(self, name: str, parts: tuple[str, ...]) -> None:
        """Put them in the place of what is there now."""
        _copy(self.root / name, self.root, parts)


def _copy(source: Path, target: Path, parts: tuple[str, ...]) -> None:
    for part in parts:
        if (target / part).is_dir():
            shutil.rmtree(target / part)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, symlinks=True)
        elif (source / part).is_file():
            shutil.copy2(source / part, target / part)


def tree(folder: Path) -> dict[str, object]:
    """Every file below a folder with its bytes; a link is what it points to."""
    found: dict[str, object] = {}
    todo = [str(folder)] if folder.is_dir() else []
    start = len(str(folder)) + 1
    for inner in todo:
        with os.scandir(inner) as entries:
            for entry in entries:
                if entry.is_symlink():
                    found[entry.path[start:]] = str(Path(entry.path).readlink())
                elif entry.is_dir():
                    todo.append(entry.path)
                elif entry.is_file():
                    found[entry.path[start:]] = Path(entry.path).read_bytes()
    return found


def assert_same(found: dict[str, object], wanted: dict[str, object]) -> None:
    """Names first: a list of files says more than their bytes."""
    assert sorted(found) == sorted(wanted)
    assert [name for name in sorted(wanted) if found[name] != wanted[name]] == []
