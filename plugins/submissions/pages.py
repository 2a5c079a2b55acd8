"""The receiver's own pages, rendered with the site's templates and words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pelican.settings import read_settings

from plugins.fastbuild.kit import kit_of
from plugins.fastbuild.render import Page, Renderer
from plugins.guard.settings import enforce
from plugins.guard.template import Words
from plugins.photos import Album

from .settings import check


class Pages:
    """The site as far as the receiver shows it: templates, words, and where it lies.

    `settings_file` is the site's pelicanconf.py or publishconf.py. Raises FirsthandError where the
    settings or the words cannot be used.
    """

    def __init__(self, settings_file: Path) -> None:
        settings = read_settings(str(settings_file))
        enforce(settings)
        check(settings)
        # No picture of ours has other sizes: what shows here is a draft's, or stands for itself.
        settings["JINJA_GLOBALS"]["picture"] = Album()
        self.settings: Mapping[str, Any] = settings
        self.words: Words = settings["FIRSTHAND_WORDS"]
        self.content = Path(settings["PATH"])
        self.site = str(settings["SITEURL"])
        self.reader = str(settings.get("FIRSTHAND_STORY_READER", ""))
        self._renderer = Renderer(kit_of(settings))

    @property
    def default_lang(self) -> str:
        """The site's own language."""
        return str(self.settings["DEFAULT_LANG"])

    def lang(self, wanted: str | None) -> str:
        """The language wanted where we have words in it, else the site's own."""
        return wanted if wanted in self.words.catalogues else self.default_lang

    def render(self, template: str, **values: Any) -> str:
        """A page by the site's own template."""
        return self._renderer.render(Page("", template, values)).decode()
