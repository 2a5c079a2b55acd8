"""What happens to photographs: of stories, and of people."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from .site import Living
from .stories import words

SIZES = [(120, 80), (120, 80), (80, 120), (33, 20)]


def picture(chance: Random, name: str, size: tuple[int, int] | None = None) -> bytes:
    """A small photograph in the format that its name says; drawn from few numbers, hardly ever twice."""
    small = Image.frombytes("RGB", (4, 3), chance.randbytes(36))
    out = io.BytesIO()
    kind = "PNG" if name.endswith(".png") else "JPEG"
    small.resize(size or chance.choice(SIZES), Image.Resampling.BICUBIC).save(out, kind)
    return out.getvalue()


def _any(site: Living) -> list[Path]:
    return [*site.texts("stories/*/*.jpg"), *site.texts("stories/*/*.png"), *site.texts("people/*.png")]


def _listed(site: Living, path: Path) -> dict[str, Any]:
    found = site.read(path)[0].get("photos")
    return found if isinstance(found, dict) else {}


def photo_is_replaced(site: Living, chance: Random) -> None:
    """Other pixels under the same name, sometimes of the same width and height."""
    if photos := _any(site):
        path = chance.choice(photos)
        path.write_bytes(picture(chance, path.name))


def photo_comes(site: Living, chance: Random) -> None:
    folder, name = chance.choice(site.stories()), f"{chance.choice('abc')}.{chance.choice(['jpg', 'png'])}"
    (folder / name).write_bytes(picture(chance, name))
    note = {"alt": words(chance), "credit": "Nell Frost", "permission": "given"}
    for path in sorted(folder.glob("index*.md")):
        front, text = site.read(path)
        front["photos"] = {**_listed(site, path), name: note}
        if chance.random() < 0.5:
            front["cover"] = name
        if chance.random() < 0.5:
            text += f"\n![{words(chance)}]({{attach}}{name})\n"
        site.write(path, front, text)


def photo_goes(site: Living, chance: Random) -> None:
    """From the folder, and from the texts; or the site is wrong until somebody mends it."""
    if photos := site.texts("stories/*/*.jpg"):
        photo = chance.choice(photos)
        photo.unlink()
        if chance.random() < 0.8:
            for path in sorted(photo.parent.glob("index*.md")):
                front, text = site.read(path)
                kept = {name: note for name, note in _listed(site, path).items() if name != photo.name}
                cover = front.get("cover") if front.get("cover") != photo.name else None
                lines = [line for line in text.split("\n") if photo.name not in line]
                site.write(path, {**front, "photos": kept or None, "cover": cover}, "\n".join(lines))


def photo_is_renamed(site: Living, chance: Random) -> None:
    if photos := site.texts("stories/*/*.jpg"):
        photo = chance.choice(photos)
        name = f"{chance.choice('xyz')}.jpg"
        if not photo.with_name(name).exists():
            photo.rename(photo.with_name(name))
            for path in photo.parent.glob("index*.md"):
                path.write_text(path.read_text("utf-8").replace(photo.name, name), "utf-8")


def photo_s_case_changes(site: Living, chance: Random) -> None:
    """Only capital letters tell the names apart."""
    if photos := site.texts("stories/*/*.jpg"):
        photo = chance.choice(photos)
        name = f"{photo.stem.swapcase()}.jpg"
        photo.rename(photo.with_name(name))
        for path in photo.parent.glob("index*.md"):
            path.write_text(path.read_text("utf-8").replace(photo.name, name), "utf-8")


def photo_words(site: Living, chance: Random) -> None:
    for path in chance.sample(site.texts(), len(site.texts())):
        if listed := _listed(site, path):
            name = chance.choice(sorted(listed))
            changed = {"alt": words(chance), "credit": chance.choice(["Nell Frost", "Cy", ""])}
            focal = {"focal": chance.choice(["top", "bottom"])} if chance.random() < 0.5 else {}
            site.edit(path, photos={**listed, name: {**listed[name], **changed, **focal}})
            return


def cover(site: Living, chance: Random) -> None:
    for path in chance.sample(site.texts(), len(site.texts())):
        if listed := _listed(site, path):
            site.edit(path, cover=chance.choice([*sorted(listed), None]))
            return


def portrait(site: Living, chance: Random) -> None:
    """Added, named otherwise, or taken away; the file may stay."""
    path = chance.choice(site.texts("people/*.md"))
    name = f"{path.stem}.png"
    if site.read(path)[0].get("portrait") and chance.random() < 0.5:
        site.edit(path, portrait=None, portrait_alt=None, portrait_credit=None, portrait_focal=None)
        if chance.random() < 0.5:
            (path.parent / name).unlink(missing_ok=True)
        return
    (path.parent / name).write_bytes(picture(chance, name, (60, 75)))
    site.edit(path, portrait=name, portrait_alt=words(chance), portrait_credit="Finn Oat")


def photo_is_broken(site: Living, chance: Random) -> None:
    """Its header is right and its pixels end half way: refused only when it is made."""
    if photos := _any(site):
        path = chance.choice(photos)
        whole = picture(chance, path.name, (300, 200))
        path.write_bytes(whole[: len(whole) * 4 // 5])


STEPS = (
    photo_is_replaced, photo_comes, photo_goes, photo_is_renamed, photo_s_case_changes, photo_words,
    cover, portrait, photo_is_broken,
)  # fmt: skip
