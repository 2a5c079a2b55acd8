"""The conversations' own files: feeds, and the pictures of those who speak."""

from __future__ import annotations

from typing import Any

from pelican.generators import Generator

from plugins.fastbuild import SiteWriter
from plugins.guard.template import Words
from plugins.stories.feeds import Head

from .attach import attach
from .feeds import LATEST, Remark, feed_text, latest_first, remarks


class ConversationsGenerator(Generator):  # type: ignore[misc]
    """Gives stories and people their conversations before anything is written; then writes what is theirs."""

    def refresh_metadata_intersite_links(self) -> None:
        """Pelican calls this on every generator after all_generators_finalized.

        That signal has no order among its receivers, and a story is only ready when the
        stories' own receiver has run.
        """
        attach(self.context["articles"], self.context, self.settings)

    def generate_output(self, writer: SiteWriter) -> None:
        """A feed for each conversation whose story may be in feeds, one for all of them; and the avatars."""
        words: Words = self.settings["FIRSTHAND_WORDS"]
        talked = [article for article in self.context["articles"] if article.replies]

        def said(article: Any) -> list[Remark]:
            return remarks(article.card, article.thread, words)

        for article in talked:

            def one(article: Any = article) -> dict[str, Any]:
                title = words.say("feed_of_talk", article.lang, title=article.title)
                page = f"{article.url}#talk"
                return self._feed(title, article.lang, page, article.replies.path, said(article))

            writer.page_of(article.replies.path, feed_text, b"", one)

        def latest() -> dict[str, Any]:
            found = latest_first([remark for article in talked for remark in said(article)])
            title, lang = words.say("feed_of_all_talk", name=self.context["SITENAME"]), words.default
            most = found[: self.settings["FEED_MAX_ITEMS"]]
            return self._feed(title, lang, "conversations/", LATEST, most)

        writer.page_of(LATEST, feed_text, b"", latest)
        self.context["avatars"].publish(writer)

    def _feed(self, title: str, lang: str, page: str, path: str, said: list[Remark]) -> dict[str, Any]:
        root = self.settings["FEED_DOMAIN"] or "http://localhost"
        return {"head": Head(title, "", lang, root, page, path), "remarks": tuple(said)}
