"""`rsync:USER@HOST:/PATH`: a host that answers ssh; `rsync:/PATH` for a disk mounted here."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from plugins import FirsthandError

from .target import KEPT, MARKER, MARKER_TEXT, Say, foreign

# Nothing may begin with "-" (rsync or ssh would take it for an option) or mean something to the host's shell.
_PLACE = re.compile(
    r"(?:(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):)?"
    r"(?P<path>(?!//)[\w~/][\w./~+@%=,-]*)"
)
_HOME_OR_ROOT = re.compile(r"(?:/|~|\.)*")
_NOT_THERE = 23


@dataclass(frozen=True)
class Rsync:
    """A folder that rsync reaches."""

    place: str

    @classmethod
    def read(cls, place: str) -> Self:
        """From the words after `rsync:`. Raises FirsthandError for anything but a host and a folder of it."""
        found = _PLACE.fullmatch(place)
        if not found or (":" not in place and not place.startswith("/")):
            raise FirsthandError(
                f"FIRSTHAND_PUBLISH_TO is 'rsync:{place}'. Write rsync:USER@HOST:/PATH with letters, digits"
                " and ./~+@%=,_- only."
            )
        if _HOME_OR_ROOT.fullmatch(found["path"]) or ".." in found["path"].split("/"):
            raise FirsthandError(f"'rsync:{place}' names no folder of its own. Write its whole path.")
        return cls(place.rstrip("/") + "/")

    def upload(self, output: Path, say: Say) -> None:
        """Send what changed by content, and remove what is gone."""
        listed = _run(["rsync", "--list-only", "--", self.place], may_fail=_NOT_THERE)
        names = {line.split(maxsplit=4)[-1] for line in listed.splitlines() if line[:1] in "-dl"} - {"."}
        if names and MARKER not in names:
            raise FirsthandError(foreign(self.place))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
            Path(folder).chmod(0o755)  # the first source's mode becomes the mode of the site's folder
            options = ["-rlt", "--delete", "--checksum", f"--filter=P /{KEPT}/"]
            _run(["rsync", *options, "--", f"{output.resolve()}/", f"{folder}/", self.place])
        say(f"{self.place}: is as it is here.")


def _run(command: list[str], may_fail: int = 0) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except FileNotFoundError as error:
        raise FirsthandError(
            "rsync is not installed. Install it, for example with: apt-get install rsync"
        ) from error
    if done.returncode not in (0, may_fail):
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise FirsthandError(f"rsync stopped with {done.returncode}: {said}. Try: {' '.join(command)}")
    return done.stdout
