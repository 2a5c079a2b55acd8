"""What photographs cost: CPU seconds to make one, and a build in which ten thousand stay as they are."""

from __future__ import annotations

import io
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import SimpleNamespace

from pelican.settings import DEFAULT_CONFIG
from PIL import Image

from plugins.fastbuild.writer import SiteWriter
from plugins.guard.photo import Photograph, decode, measure
from plugins.photos import Album, PhotosGenerator
from plugins.photos.derivatives import Version, cascade, make
from plugins.photos.formats import Format, Sheet
from plugins.photos.shelf import Shelf

MEGAPIXELS_12 = (4000, 3000)
MANY = 10_000
RUNS = 3


def _plainly(kind: str) -> Callable[[Sheet], bytes]:
    def save(sheet: Sheet) -> bytes:
        out = io.BytesIO()
        sheet.image.save(out, kind, quality=80)
        return out.getvalue()

    return save


# As the peers were measured: what Pillow does when it is told the quality alone.
JPEG = Format(".jpg", "image/jpeg", _plainly("JPEG"))
WEBP = Format(".webp", "image/webp", _plainly("WEBP"))


def photo_rows(many: int = MANY) -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; medians of three."""
    raw = photograph(*MEGAPIXELS_12)
    peers = _cpu(lambda: three_in_two(raw))
    whole = _cpu(lambda: make(raw))
    cold, warm = untouched(many)
    return [
        ("photo, 12 MP, 3 widths in JPEG and WebP", peers, "CPU s"),
        ("photo, 12 MP, 5 widths in AVIF and JPEG", whole, "CPU s"),
        ("photos of 12 MP in a CPU second, AVIF and JPEG", 1 / whole, ""),
        (f"{many:,} photographs written", cold, "s"),
        (f"{many:,} photographs unchanged", warm, "s"),
    ]


def three_in_two(raw: bytes) -> list[Version]:
    """What the peers were measured with: three widths, JPEG and WebP at about quality 80."""
    return cascade(decode(raw, 1920), (1920, 960, 480), (JPEG, WEBP))


def photograph(width: int, height: int) -> bytes:
    """A JPEG that compresses as photographs do, the same each time: shapes of every size, and grain."""
    image = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
            Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize((width, height)),
        ],
    )
    for cell, share in ((333, 0.5), (40, 0.25), (5, 0.1), (1, 0.03)):
        size = (max(1, width // cell), max(1, height // cell))
        noise = Image.frombytes("RGB", size, random.Random(cell).randbytes(3 * size[0] * size[1]))
        image = Image.blend(image, noise.resize((width, height), Image.Resampling.BICUBIC), share)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def untouched(many: int) -> tuple[float, float]:
    """Seconds to write what is made of so many photographs already, and to see that nothing changed.

    Each is one file of its own bytes and ten of the site. They are not all made for it, which
    would take hours: what was made of one lies on the shelf under the names of all.
    """
    folder = Path(tempfile.mkdtemp(prefix="photos-"))
    try:
        photographs = _sources(folder / "content", many)
        settings = {"CACHE_PATH": str(folder / "cache")}
        _shelve(folder / "cache/photos", photographs)
        time.sleep(2.1)  # a file that changed a moment ago is not trusted
        cold = _build(folder, settings, photographs)
        _build(folder, settings, photographs)
        return cold, median(_build(folder, settings, photographs) for _ in range(RUNS))
    finally:
        shutil.rmtree(folder)


def _sources(folder: Path, many: int) -> list[Photograph]:
    image = io.BytesIO()
    Image.new("RGB", (2400, 1600), (120, 90, 60)).save(image, "JPEG")
    found = []
    for number in range(many):
        source = folder / f"s{number}" / "p.jpg"
        source.parent.mkdir(parents=True)
        # What follows a JPEG's end is no part of the picture.
        source.write_bytes(image.getvalue() + b"%d" % number)
        found.append(Photograph(f"stories/s{number}/p.jpg", 2400, 1600, "A sheet", "", "", source))
    return found


def _shelve(folder: Path, photographs: list[Photograph]) -> None:
    shelf = Shelf(folder)
    made = None
    for photo in photographs:
        if photo.source is not None:
            key, raw = shelf.read(photo.source, False)
            made = made or make(raw)
            shelf.keep(key, made)
    shelf.close()


def _build(folder: Path, settings: dict[str, str], photographs: list[Photograph]) -> float:
    """The part of a build that photographs take: measured, looked up, and their files listed."""
    started = time.perf_counter()
    for photo in photographs:
        if photo.source is not None:
            measure(photo.source)
    stories = [
        SimpleNamespace(
            photographs={"p.jpg": photo},
            file=SimpleNamespace(shown=photo.url),
            document=SimpleNamespace(line=int),
            body=SimpleNamespace(steps=[]),
            translations=[],
        )
        for photo in photographs
    ]
    context = {"articles": stories, "people": []}
    whole = {"OUTPUT_PATH": str(folder / "output"), "JINJA_GLOBALS": {"picture": Album()}, **settings}
    writer = SiteWriter(whole["OUTPUT_PATH"], _pelican_settings(whole))
    generator = PhotosGenerator.__new__(PhotosGenerator)
    generator.context, generator.settings = context, writer.settings
    generator.refresh_metadata_intersite_links()
    generator.generate_output(writer)
    writer.prune()
    return time.perf_counter() - started


def _pelican_settings(more: dict[str, object]) -> dict[str, object]:
    return {**DEFAULT_CONFIG, "SITEURL": "", **more}


def _cpu(work: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return median(found)


if __name__ == "__main__":
    for name, value, unit in photo_rows():
        print(f"{name:60} {value:8.2f} {unit}")
