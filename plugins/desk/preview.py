"""One proposal as a page of the site: built in the real theme, in a folder that nobody publishes."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from plugins import FirsthandError, today
from plugins.fastbuild.build import build_site
from plugins.guard.document import read_document
from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, errors
from plugins.guard.text import yaml_front_matter

from .check import check_story, newcomer, put_into
from .own import published
from .proposal import StoryFiles

PREVIEWS = Path("var", "preview")
MOUNT = "/preview"
_HEAD = re.compile(r"(<head[^>]*>)", re.IGNORECASE)
_NOINDEX = '\n  <meta name="robots" content="noindex, nofollow">'
_MISSING = "(not written yet)"


def preview_story(root: Path, settings_file: Path, id: str, story: StoryFiles, name: str) -> Path:
    """Build the site with this story alone into var/preview/ID; the story's page.

    What only a published story needs, and this one lacks, is filled in for the preview. The pages lead
    to each other below /preview/ID/, where `./inv serve` shows them. Raises ContentRefused with what
    stops a page from being made at all.
    """
    from pelican.settings import read_settings

    settings = read_settings(str(settings_file))
    content = Path(settings["PATH"])
    shown = _complete(published(story))
    people = newcomer(shown, name, content)
    if wrong := errors(check_story(shown, content, people)):
        raise ContentRefused(wrong)
    target = root / PREVIEWS / id
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.parent.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as making:
        trial = Path(making) / "content"
        for folder in ("people", "pages"):
            if (content / folder).is_dir():
                shutil.copytree(content / folder, trial / folder)
        put_into(trial, shown, people)
        output = Path(making) / "output"
        overrides: dict[str, Any] = {
            "PATH": str(trial),
            "OUTPUT_PATH": str(output),
            "CACHE_PATH": str(Path(making) / "cache"),
            "SITEURL": f"{MOUNT}/{id}",
            "FIRSTHAND_CONVERSATIONS": "",
        }
        build_site(settings_file, quiet=True, **overrides)
        _hide(output)
        if target.exists():
            shutil.rmtree(target)
        output.rename(target)
    page = target / "stories" / story.slug / "index.html"
    if not page.is_file():
        raise FirsthandError(f"{id} has no page: its consent leaves the site out, or has run out.")
    return page


def _hide(output: Path) -> None:
    """No search engine keeps a page of it, and nothing lists it."""
    for path in output.rglob("*.html"):
        text = path.read_text("utf-8")
        write_atomically(path, _HEAD.sub(lambda head: head[0] + _NOINDEX, text, count=1))
    (output / "sitemap.xml").unlink(missing_ok=True)
    write_atomically(output / "robots.txt", "User-agent: *\nDisallow: /\n")


def _complete(story: StoryFiles) -> StoryFiles:
    """The story with what is still missing filled in, so that an editor sees all the rest."""
    return StoryFiles(
        story.slug,
        {name: _filled(name, data) if name.endswith(".md") else data for name, data in story.files.items()},
    )


def _filled(name: str, text: bytes) -> bytes:
    document = read_document(Path(name), name, text)
    front = dict(document.front)
    consent = front.get("consent")
    given = dict(consent) if isinstance(consent, dict) else {}
    if "until" in given:
        del given["until"]
    front["consent"] = {"given": today(), "version": 1, "name": "full", **given, "channels": ["site"]}
    for key in ("category", "summary", "title"):
        if not front.get(key):
            front[key] = _MISSING
    if isinstance(photos := front.get("photos"), dict):
        front["photos"] = {photo: _noted(note) for photo, note in photos.items()}
    return (yaml_front_matter(front) + document.body).encode()


def _noted(note: object) -> dict[str, Any]:
    told = dict(note) if isinstance(note, dict) else {}
    told.pop("permission", None)
    return {**told, "alt": told.get("alt") or _MISSING, "credit": told.get("credit") or _MISSING}
