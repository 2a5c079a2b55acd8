"""The static page /tell/: the form, who reads it, and below it the site's own words from pages/tell.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pelican.generators import Generator, PagesGenerator

from plugins.fastbuild import SiteWriter
from plugins.fastbuild.world import world_of
from plugins.guard.heic import readable

from .form import FormShown, empty_values
from .readers import promise_version, reader_of

SLUG = "tell"


@dataclass(frozen=True)
class Words:
    """What the site says about telling, in one language."""

    lang: str
    url: str
    title: str
    summary: str
    content: str


class TellGenerator(Generator):  # type: ignore[misc]
    """Writes the page in the site's language, and in each other that content/pages/ has a tell.md in."""

    pages: tuple[Words, ...] = ()

    def generate_output(self, writer: SiteWriter) -> None:
        """The pages."""
        content = Path(self.settings["PATH"])
        reader = reader_of(content, self.settings.get("FIRSTHAND_STORY_READER", ""))
        promise = promise_version(content)
        address = f"{self.settings['SITEURL']}{self.settings['FIRSTHAND_SUBMIT_URL']}/"
        for page in self.pages:
            form = FormShown(address, promise, empty_values(page.lang), heic=readable())
            writer.page(
                f"{page.url}index.html",
                "tell.html",
                lang=page.lang,
                url=page.url,
                title=page.title,
                summary=page.summary,
                content=page.content,
                reader=reader,
                form=form if self.settings["FIRSTHAND_SUBMIT_URL"] else None,
            )


def make_page(_: Any) -> type[TellGenerator]:
    """Who writes the page, for Pelican."""
    return TellGenerator


def take_words(generators: Iterable[Any]) -> None:
    """When everything is read: pages/tell.md says its words on our page, and has none of its own."""
    generators = list(generators)
    ours = next(generator for generator in generators if isinstance(generator, TellGenerator))
    settings = ours.settings
    words, default = settings["FIRSTHAND_WORDS"], settings["DEFAULT_LANG"]
    found = {}
    for pages in (one for one in generators if isinstance(one, PagesGenerator)):
        for page in [page for page in chain(pages.pages, pages.translations) if page.slug == SLUG]:
            found[page.lang] = Words(page.lang, page.url, page.title, str(page.summary), page.content)
            for listed in (pages.pages, pages.translations):
                if page in listed:
                    listed.remove(page)
    if default not in found:
        title, summary = words.say("tell_your_story", default), words.say("tell_words_plain", default)
        found[default] = Words(default, f"{SLUG}/", title, summary, "")
    ours.pages = tuple(found.values())
    world_of(settings).stands_on("plugins.submissions")  # `page` is told all that this one shows
