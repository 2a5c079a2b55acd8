"""Where the commands work, and what several of them need."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.exceptions import Exit

from plugins import FirsthandError

if TYPE_CHECKING:
    from plugins.desk import Desk


class Place:
    """The folder of one site: tasks.py says where it lies."""

    def __init__(self) -> None:
        self.root = Path.cwd()

    @property
    def content(self) -> Path:
        """What people write."""
        return self.root / "content"

    @property
    def settings(self) -> Path:
        """The settings of a site that is tried here; publishconf.py has the published one's."""
        return self.root / "pelicanconf.py"


place = Place()


@contextmanager
def plainly() -> Iterator[None]:
    """An expected problem is told in its own words, without a traceback."""
    try:
        yield
    except FirsthandError as error:
        raise Exit(str(error), code=1) from error
    except BrokenPipeError:  # whoever read our words, `head` for one, has had enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123


def say(line: str) -> None:
    """A line, at once: somebody may be waiting for it."""
    print(line, flush=True)


def as_json(data: Any) -> str:
    """Data for a machine to read."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def port_of(text: str) -> int:
    """A port as it was typed. Raises FirsthandError."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise FirsthandError(f"{text!r} is not a port. Choose a number from 1024 to 65535: --port 8001.")
    return int(text)


def conversing() -> dict[str, Any]:
    """The settings, as a build has them; with publishconf.py where FIRSTHAND_SITEURL names the site."""
    from pelican.settings import read_settings

    from plugins.conversations.settings import check

    named = os.environ.get("FIRSTHAND_SITEURL", "").strip()
    settings: dict[str, Any] = read_settings(str(place.root / "publishconf.py" if named else place.settings))
    check(settings)
    return settings


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The desk of this site; its problems are told as `plainly` tells them."""
    from pelican.settings import read_settings

    from plugins.desk import Desk

    with plainly():
        desk = Desk(place.root, read_settings(str(place.settings)))
        try:
            yield desk
        finally:
            desk.close()
