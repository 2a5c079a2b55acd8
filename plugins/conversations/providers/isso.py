"""Isso: a comment server of one's own, with SQLite and without accounts (https://isso-comments.de).

The page carries a button. Only a click on it loads Isso's script, from the site's own server;
theme/static/conversation.js does that.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from plugins.guard.template import Words

from ..provider import Subject

_BEGIN = Markup('<div class="live" data-provider="isso" data-thread="{}" data-title="{}"')
# What is the same under every story that one person answers.
_EMBED = Markup(
    ' data-src="{src}" data-loading="{loading}" data-ready="{ready}" data-failed="{failed}"'
    ' data-sent="{sent}" data-unsent="{unsent}" data-empty="{empty}" data-ask="{ask}" data-send="{send}">\n'
    '<button type="button" class="live-button" hidden>{join}</button>\n'
    '<p class="live-note">{note}</p>\n'
    '<p class="live-status" id="live-status" role="status" aria-live="polite"></p>\n'
    "<noscript><p>{noscript} {page}</p></noscript>\n"
    "</div>"
)
_PAGE = Markup('<a href="{url}">{words}</a>')


def thread_id(slug: str) -> str:
    """The name of a story's thread at Isso: one for all the languages of a story."""
    return f"/stories/{slug}/"


@dataclass(frozen=True)
class Isso:
    """An Isso server; `url` is a path on the site or a whole address."""

    url: str

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A button, a note on what is stored, and a sentence for those without JavaScript."""

        begin = _BEGIN.format(thread_id(subject.slug), subject.title)
        return begin + self._rest(subject.answering.first_name, subject.page, subject.lang, words)

    def _rest(self, name: str, page: str, lang: str, words: Words) -> Markup:
        key = (self.url, name, page, lang)
        if key not in words.made:

            def say(word: str) -> str:
                return words.say(word, lang, name=name)

            link = _PAGE.format(url=page, words=say("live_noscript_page")) if page else Markup("")
            words.made[key] = _EMBED.format(
                src=self.url.rstrip("/") + "/",
                join=say("join"),
                note=say("live_note"),
                noscript=say("live_noscript"),
                page=link,
                ask=say("live_ask"),
                loading=say("live_loading"),
                ready=say("live_ready"),
                failed=say("live_failed"),
                sent=say("live_sent"),
                unsent=say("live_unsent"),
                empty=say("live_empty"),
                send=say("live_send"),
            )
        return words.made[key]
