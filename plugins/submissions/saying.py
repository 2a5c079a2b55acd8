"""What the receiver says besides the form and the preview: thanks, and what to do when something is odd."""

from __future__ import annotations

from typing import Any

from .pages import Pages
from .readers import reader_of


class Saying:
    """Pages of a few sentences, in the site's look."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def render(self, template: str, lang: str, **values: Any) -> str:
        """A page that shows who reads."""
        reader = reader_of(self._pages.content, self._pages.reader)
        return self._pages.render(template, lang=lang, reader=reader, **values)

    def thanks(self, link: str, shown: str, lang: str, *, letters: str, again: bool) -> str:
        """The receipt: the private link, who reads, and how soon they answer.

        `letters` is "letters", or the words' key for why none will come: "no_mail", "no_letters".
        """
        say = self._pages.words.say
        reader = reader_of(self._pages.content, self._pages.reader)
        words = say("thanks_words_plain", lang)
        if reader is not None and reader.within:
            words = say("thanks_words", lang, name=reader.face.first_name, within=reader.within)
        paragraphs = [words, say("thanks_link", lang)] + (
            [] if letters == "letters" else [say(f"thanks_{letters}", lang)]
        )
        return self.render(
            "tell_said.html",
            lang,
            title=say("again_title" if again else "thanks_title", lang),
            paragraphs=paragraphs,
            link=link,
            address=shown,
            linked=say("thanks_open", lang),
        )

    def sorry(self, key: str, lang: str, **values: object) -> str:
        """What is odd, and what to do."""
        say = self._pages.words.say
        return self.render(
            "tell_said.html",
            lang,
            title=say(f"{key}_title", lang),
            paragraphs=[say(f"{key}_words", lang, **values)],
            link=f"{self._pages.site}/tell/",
            address="",
            linked=say("back_to_form", lang),
        )

    def waiting(self, lang: str, seconds: int) -> str:
        """How long to wait after too many tries."""
        say, minutes = self._pages.words.say, -(-seconds // 60)
        wait = say("fault_minute", lang) if minutes == 1 else say("fault_minutes", lang, minutes=minutes)
        return say("fault_waiting", lang, minutes=wait)
