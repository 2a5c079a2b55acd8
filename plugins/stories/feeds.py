"""Atom feeds: all stories, each person's, each topic's; full text, every author, where consent allows.

Source: RFC 4287. Pelican's own writer knows one author an entry, so the feeds are written here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from feedgenerator import Atom1Feed
from markupsafe import escape
from pelican.generators import Generator
from pelican.writers import Writer

from plugins import today
from plugins.guard.html import clean_html

from .consent import may_show


class StoryFeed(Atom1Feed):  # type: ignore[misc]
    """An Atom feed whose entries name every author and, where there is one, the first publication."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write one entry; feedgenerator writes its own elements first."""
        super().add_item_elements(handler, item)
        for name, url in item["people"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            if url:
                handler.addQuickElement("uri", url)
            handler.endElement("author")
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})


class FeedsGenerator(Generator):  # type: ignore[misc]
    """Writes the feeds under /feeds/."""

    def generate_output(self, writer: Writer) -> None:
        """One feed for all, one a person, one a topic; a topic is there when a story that shows has it."""
        day = today()
        words = self.settings["FIRSTHAND_WORDS"]
        shown = [a for a in self.context["articles"] if may_show(a.story, "feeds", day)]
        open_slugs = {article.slug for article in shown}
        self._write("feeds/all.atom.xml", "", self.context["SITENAME"], shown, writer)
        for person in self.context["people"]:
            told = [article for article in person.stories if article.slug in open_slugs]
            if told:
                title = words.say("feed_of", name=person.name)
                self._write(f"feeds/people/{person.slug}.atom.xml", person.url, title, told, writer)
        for tag, articles in self.context["tags"]:
            told = [article for article in articles if article.slug in open_slugs]
            if told:
                self._write(
                    f"feeds/topics/{tag.slug}.atom.xml",
                    tag.url,
                    words.say("feed_of", name=tag.name),
                    told,
                    writer,
                )

    def _write(self, path: str, page: str, title: str, articles: Sequence[Any], writer: Writer) -> None:
        newest = sorted(articles, key=lambda article: (article.date, article.slug), reverse=True)
        root = self.settings["FEED_DOMAIN"] or "http://localhost"
        feed = StoryFeed(
            title=title,
            link=f"{root}/{page}",
            feed_url=f"{root}/{path}",
            description="",
            subtitle=self.context.get("SITESUBTITLE", ""),
            language=self.settings["DEFAULT_LANG"],
        )
        for article in newest[: self.settings["FEED_MAX_ITEMS"]]:
            feed.add_item(**entry(article, root))
        out = io.StringIO()
        feed.write(out, "utf-8")
        writer.write_text(Path(path), out.getvalue())


def entry(article: Any, root: str) -> dict[str, Any]:
    """One story as feedgenerator takes it; the text in full, its links absolute."""
    url = f"{root}/{article.url}"
    return {
        "title": article.title,
        "link": url,
        "unique_id": f"tag:{root.split('://')[-1].split('/')[0].split(':')[0]},{article.date:%Y-%m-%d}:/{article.url}",
        # The summary is plain words, and feedgenerator says that it is HTML.
        "description": str(escape(article.story.summary)),
        "content": clean_html(article._content, url),
        "categories": _categories(article),
        "pubdate": article.date,
        "updateddate": getattr(article, "modified", article.date),
        "people": [(face.name, f"{root}/{face.url}" if face.url else "") for face in article.tellers],
        "via": article.story.via.url if article.story.via else "",
    }


def _categories(article: Any) -> Iterable[str]:
    return [str(article.category), *(str(tag) for tag in getattr(article, "tags", ()))]
