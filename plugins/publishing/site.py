"""Where an address of the site leads: to a file of the output, to somebody else, or nowhere."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from plugins import FirsthandError

SERVED_BESIDE = ("comments/", "submit/")
"""What a server beside the files answers in production: the comment server and the story receiver."""

_NOWHERE = "http://site.invalid"  # RFC 2606: no such host; stands for the site where it has no address
_WEB = ("http", "https")


class Kind(Enum):
    """What an address is to the site."""

    FILE = "a file of the output"
    MISSING = "a place in the site where no file is"
    BESIDE = "answered by a server beside the files"
    OUTSIDE = "somebody else's"
    UNDER_NO_SITE = "on the site's host, but not in the site"
    OTHER = "mail, telephone, data: nothing to look up"
    SCRIPT = "a script"
    BROKEN = "no address"


@dataclass(frozen=True)
class Place:
    """Where an address leads: `path` inside the output (of the missing file too), and its fragment."""

    kind: Kind
    path: str = ""
    fragment: str = ""


class Site:
    """The built files and the address they are to have. File names count as they are written."""

    def __init__(self, output: Path, url: str) -> None:
        self.output = output
        self.url = url.rstrip("/")
        base = urlsplit((self.url or _NOWHERE) + "/")
        self._host, self._root = base.netloc.lower(), base.path
        self.files, self.links = list_files(output)
        self._known = frozenset(self.files)
        self._place = lru_cache(maxsize=50_000)(self._look_up)

    def address(self, path: str) -> str:
        """The full address of a file of the output."""
        return f"{self.url or _NOWHERE}/{path.removesuffix('index.html')}"

    def place(self, path: str, url: str) -> Place:
        """Where `url` leads, written in the output's file `path`."""
        if url.startswith("#"):
            return Place(Kind.FILE, path, _fragment(url[1:]))
        if not url.startswith("/") and "://" not in url:
            try:
                url = urljoin(self.address(path), url)
            except ValueError:
                return Place(Kind.BROKEN)
        return self._place(url)

    def _look_up(self, url: str) -> Place:
        try:
            parts = urlsplit(urljoin((self.url or _NOWHERE) + "/", url))
            netloc = parts.netloc.lower()
        except ValueError:
            return Place(Kind.BROKEN)
        if parts.scheme == "javascript":
            return Place(Kind.SCRIPT)
        if parts.scheme not in _WEB:
            return Place(Kind.OTHER)
        if netloc != self._host:
            return Place(Kind.OUTSIDE)
        inside = unquote(parts.path or "/")
        if inside + "/" == self._root:
            inside = self._root
        if not inside.startswith(self._root):
            beside = _is_served_beside(inside.removeprefix("/"))
            return Place(Kind.BESIDE if beside else Kind.UNDER_NO_SITE)
        return self._find(inside.removeprefix(self._root), _fragment(parts.fragment))

    def _find(self, inside: str, fragment: str) -> Place:
        if _is_served_beside(inside) and inside not in self._known:
            return Place(Kind.BESIDE)
        # A host answers "people" with the folder's page, as it answers "people/".
        tries = [posixpath.join(inside, "index.html")] if inside.endswith("/") or not inside else []
        tries = tries or [inside, posixpath.join(inside, "index.html")]
        for path in tries:
            if path in self._known:
                return Place(Kind.FILE, path, fragment)
        return Place(Kind.MISSING, tries[0], fragment)


def _is_served_beside(path: str) -> bool:
    return f"{path}/".startswith(SERVED_BESIDE)


def _fragment(raw: str) -> str:
    """The id a fragment names: `top` and a text directive (`:~:text=`) name none."""
    name = unquote(raw.partition(":~:")[0])
    return "" if name.lower() == "top" else name


def list_files(folder: Path) -> tuple[list[str], list[str]]:
    """Every file below a folder by its path with slashes, sorted; and every symbolic link, never followed."""

    def stop(error: OSError) -> None:
        raise FirsthandError(f"{error.filename} cannot be read: {error.strerror}.") from error

    files, links = [], []
    for place, folders, names in os.walk(folder, onerror=stop):
        here = Path(place)
        for name in [*folders, *names]:
            path = here / name
            inside = path.relative_to(folder).as_posix()
            if path.is_symlink():
                links.append(inside)
            elif name in names:
                files.append(inside)
    return sorted(files), sorted(links)
