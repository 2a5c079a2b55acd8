"""What the theme shows of a photograph: its sources by format, and the colour it stands on until then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from plugins.guard.photo import Photograph

from .formats import AVIF, JPEG, PNG

# The column that a figure within a story stands in, as theme/static/site.css lays it out.
FIGURE_SIZES = "(min-width: 60rem) 40.5rem, (min-width: 40rem) 34.5rem, 100vw"


Versions = Iterable[tuple[str, int, bool]]


@dataclass(frozen=True)
class Source:
    """One format: its media type, and the addresses of its files with their widths, small to large."""

    type: str
    files: tuple[tuple[str, int], ...]

    def srcset(self, root: str) -> str:
        """The attribute's value, each address below `root`."""
        return ", ".join(f"{root}/{url} {width}w" for url, width in self.files)


@dataclass(frozen=True)
class Picture:
    """A photograph's sources, the best first, what every browser reads last; and its palette class."""

    sources: tuple[Source, ...] = ()
    placeholder: str = ""


class Album:
    """The pictures of one build by their photograph's address; templates call it as `picture(photo)`."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[int, Versions]] = {}
        self._pictures: dict[str, Picture] = {}

    def clear(self) -> None:
        """Forget the build before."""
        self._made.clear()
        self._pictures.clear()

    def show(self, url: str, placeholder: int, versions: Versions) -> None:
        """What was made of the photograph at an address, as `picture_of` takes it."""
        self._made[url] = placeholder, versions

    def __call__(self, photograph: Photograph) -> Picture:
        """The picture of a photograph; an empty one where none was made."""
        url = photograph.url
        if url not in self._pictures:
            self._pictures[url] = picture_of(url, *self._made[url]) if url in self._made else Picture()
        return self._pictures[url]


def picture_of(url: str, placeholder: int, versions: Versions) -> Picture:
    """The picture of what lies at and beside the photograph's own address.

    `versions` are ending, width, and whether the photograph's own name is theirs.
    """
    files: dict[str, list[tuple[str, int]]] = {}
    for ending, width, own in versions:
        files.setdefault(ending, []).append((version_url(url, ending, width, own), width))
    # A photograph that came as PNG or WebP has one such file under its own name; JPEG is smaller.
    plain = JPEG if JPEG.suffix in files else PNG
    sources = (Source(kind.type, tuple(files[kind.suffix])) for kind in (AVIF, plain) if kind.suffix in files)
    return Picture(tuple(sources), f"ph-{placeholder}" if placeholder else "")


def version_url(url: str, suffix: str, width: int, own: bool = False) -> str:
    """Where one version lies; no content file may have such a name, since theirs have one dot."""
    return url if own else f"{url.rpartition('.')[0]}.{width}{suffix}"


_IMAGE = re.compile(r'<img src="(?P<src>[^"]+)"(?P<rest>[^>]*)>')


def with_pictures(html: str, photographs: Mapping[str, Photograph], album: Album, root: str) -> str:
    """A story's HTML in which its own photographs come in every size; `root` is the path of the site."""
    by_address = {f"{root}/{photograph.url}": photograph for photograph in photographs.values()}

    def whole(found: re.Match[str]) -> str:
        photograph = by_address.get(found["src"])
        sources = album(photograph).sources if photograph else ()
        if photograph is None or not sources:
            return found[0]
        *better, plain = sources
        first = Markup("").join(
            Markup('<source type="{}" srcset="{}" sizes="{}">').format(s.type, s.srcset(root), FIGURE_SIZES)
            for s in better
        )
        last = Markup(' srcset="{}" sizes="{}" class="{}">').format(
            plain.srcset(root), FIGURE_SIZES, album(photograph).placeholder
        )
        return f"<picture>{first}{found[0].removesuffix('>')}{last}</picture>"

    return _IMAGE.sub(whole, html)
