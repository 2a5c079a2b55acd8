"""What is done behind the build's back: to its output, and to what it keeps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

from .site import MADE, SOURCES, Living


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def output_file_goes(site: Living, chance: Random) -> None:
    for path in chance.sample(found := _files(site.output), min(2, len(found))):
        if path.name != ".firsthand-site":
            path.unlink()


def output_file_changes(site: Living, chance: Random) -> None:
    """Emptied, cut, or written over; sometimes with its size and time as they were."""
    pages = [path for path in _files(site.output) if path.suffix in (".html", ".xml", ".css", ".jpg")]
    if pages:
        path = chance.choice(pages)
        before, raw = path.stat(), path.read_bytes()
        changed = [b"", raw[: len(raw) // 2], raw + b"more", bytes(reversed(raw))]
        path.write_bytes(chance.choice(changed))
        if chance.random() < 0.5:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def output_folder_goes(site: Living, chance: Random) -> None:
    folder = chance.choice([site.output, site.output / "stories", site.output / "theme"])
    shutil.rmtree(folder, ignore_errors=True)


def output_gets_more(site: Living, chance: Random) -> None:
    """A stray file, a stray folder, a link where a page was."""
    site.output.mkdir(exist_ok=True)
    match chance.randrange(3):
        case 0:
            stray = site.output / "people" / "stray.html"
            stray.parent.mkdir(exist_ok=True)
            stray.write_text("stray", "utf-8")
        case 1:
            (site.output / "old" / "empty").mkdir(parents=True, exist_ok=True)
        case 2 if pages := [path for path in _files(site.output) if path.suffix == ".html"]:
            page, aside = chance.choice(pages), site.root / "aside.html"
            page.replace(aside)
            page.symlink_to(aside)
    (site.output / ".firsthand-site").touch()


def output_changes_shape(site: Living, chance: Random) -> None:
    """A folder stands where a file was, or a file where a folder was."""
    files = [path for path in _files(site.output) if path.name != ".firsthand-site"]
    if files:
        path = chance.choice(files)
        if chance.random() < 0.5 and path.parent != site.output:
            shutil.rmtree(path.parent)
            path.parent.write_text("a file", "utf-8")
        else:
            path.unlink()
            path.mkdir()
            if chance.random() < 0.5:
                (path / "stray.html").write_text("stray", "utf-8")


def built_into_another_place(site: Living, chance: Random) -> None:
    """On what was kept for this one; what that build leaves there is for its own output."""
    site.build(OUTPUT_PATH=str(site.root / "another"))


def kept_file_goes(site: Living, chance: Random) -> None:
    if found := _kept(site):
        chance.choice(found).unlink()


def kept_file_is_damaged(site: Living, chance: Random) -> None:
    """Emptied, cut, garbled in the middle, or another one's."""
    if found := _kept(site):
        path = chance.choice(found)
        raw = path.read_bytes()
        at = chance.randrange(len(raw) or 1)
        garbled = raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :] if raw else b"?"
        other = chance.choice(found).read_bytes()
        path.write_bytes(chance.choice([b"", raw[:at], garbled, garbled, b"\x80\x05nonsense", other]))


def all_kept_goes(site: Living, chance: Random) -> None:
    shutil.rmtree(chance.choice([site.cache, site.cache / "photos"]), ignore_errors=True)


def time_goes_back(site: Living, chance: Random) -> None:
    """An older copy of what was kept, of the site or of the content comes in the place of today's."""
    if (site.root / "older").is_dir():
        chosen = [(".cache",), ("output",), MADE, ("content",), SOURCES, (".cache", *SOURCES)]
        site.bring_back("older", chance.choice(chosen))
    site.keep("older", (*SOURCES, *MADE))


def _kept(site: Living) -> list[Path]:
    """All of it; the few files of the build as often as the many of photographs."""
    files = _files(site.cache)
    few = [path for path in files if path.suffix != ".made"]
    return [*few, *files]


STEPS = (
    output_file_goes, output_file_changes, output_folder_goes, output_gets_more, output_changes_shape,
    built_into_another_place, kept_file_goes, kept_file_is_damaged, all_kept_goes, time_goes_back,
)  # fmt: skip
