"""Isso: a comment server of one's own, with SQLite and without accounts (https://isso-comments.de).

Threads are read from its database where that lies on this machine, else over HTTP. The page carries a
button. Only a click on it loads Isso's script, from the site's own server;
theme/static/conversation.js does that.
"""

from __future__ import annotations

import configparser
import datetime
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words, origin

from ..asking import Asking, NoAnswer
from ..heard import Misshapen
from ..provider import Failed, Fetched, Opens, Reach, Said, Same, Subject, Wanted
from .isso_markdown import renderer
from .isso_web import GONE, thread_id, threads

if TYPE_CHECKING:
    from .isso_database import Row

SETTINGS = (
    Setting(
        "FIRSTHAND_ISSO_URL",
        "/comments",
        "Where Isso answers: a path on the site, or a whole address with http or https.",
    ),
    Setting(
        "FIRSTHAND_ISSO_DB",
        "var/isso/comments.db",
        "Isso's database, if it lies on this machine: threads are read from it while the file is there and"
        " Isso answers on the site's own address. An empty text reads them over HTTP.",
    ),
)
CONFIG = "isso.cfg"  # beside the database, where Isso has a configuration of its own
_NOWHERE = (
    "Isso's database is not here (./inv serve makes var/isso/comments.db), and the site has no address to ask"
    " at. Set FIRSTHAND_SITEURL, or write a whole address into FIRSTHAND_ISSO_URL"
)

_BEGIN = Markup('<div class="live" data-provider="isso" data-thread="{}" data-title="{}"')
# What is the same under every story that one person answers.
_EMBED = Markup(
    ' data-src="{src}" data-loading="{loading}" data-ready="{ready}" data-failed="{failed}"'
    ' data-sent="{sent}" data-held="{held}" data-taken="{taken}" data-unsent="{unsent}"'
    ' data-empty="{empty}" data-ask="{ask}" data-send="{send}"'
    ' data-answer="{answer}" data-reply="{reply}">\n'
    '<button type="button" class="live-button" hidden>{join}</button>\n'
    '<p class="live-note">{note}</p>\n'
    '<p class="live-status" id="live-status" role="status" aria-live="polite"></p>\n'
    "<noscript><p>{noscript} {page}</p></noscript>\n"
    "</div>"
)
_PAGE = Markup('<a href="{url}">{words}</a>')


def from_settings(settings: dict[str, Any]) -> Isso:
    """Isso as the settings have it."""
    url, file = settings["FIRSTHAND_ISSO_URL"], settings["FIRSTHAND_ISSO_DB"]
    if not file or (file == SETTINGS[1].default and not url.startswith("/")):
        return Isso(url)  # what ./inv serve keeps here is not what another server keeps
    path = Path(settings["PATH"]).parent / file
    if file == SETTINGS[1].default and not (path.is_file() and _is_the_sites(path, settings)):
        return Isso(url)
    return Isso(url, path)


def _is_the_sites(database: Path, settings: dict[str, Any]) -> bool:
    """False for what was only tried here with ./inv serve, where readers have an Isso elsewhere.

    A published site's own Isso has its configuration beside the database.
    """
    host = urlsplit(str(settings.get("SITEURL") or "")).hostname or ""
    return host in ("", "localhost", "127.0.0.1") or database.with_name(CONFIG).is_file()


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with Isso's settings."""
    url = settings["FIRSTHAND_ISSO_URL"]
    if not url.startswith(("/", "http://", "https://")) or safe_link(url, "/") is None:
        return [f"FIRSTHAND_ISSO_URL is {url!r}. {SETTINGS[0].help}"]
    return []


@dataclass(frozen=True)
class Isso:
    """An Isso server; `url` is a path on the site or a whole address, `database` its file if it is here."""

    url: str
    database: Path | None = field(default=None, compare=False)  # nothing of it shows

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A button, a note on what is stored, and a sentence for those without JavaScript."""

        begin = _BEGIN.format(thread_id(subject.slug), subject.title)
        return begin + self._rest(subject.answering.first_name, subject.page, subject.lang, words)

    @property
    def origins(self) -> tuple[str, ...]:
        """The comment server's own, where it is not the site's."""
        return origin(self.url)

    @property
    def opens(self) -> Opens:
        """Its script runs in the page."""
        return "script"

    def problem(self, place: str) -> str | None:
        """Isso keeps a story's thread under the story's own address, and needs no other."""
        return "Isso takes no place: write `conversation: isso`." if place else None

    async def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One look into the database; or as few requests as `isso_web` needs."""
        if self.database is not None:
            async for outcome in self._from_database(self.database, wanted, reach):
                yield outcome
            return
        asking, home = Asking("Isso", reach), next((story.url for story in wanted if story.url), "")
        url = urljoin(home, self.url)
        try:
            if not url.startswith(("http://", "https://")):
                raise NoAnswer(_NOWHERE)
            async for outcome in threads(url, wanted, asking):
                yield outcome
        except (NoAnswer, Misshapen) as error:  # before any of them: what is asked of all of them at once
            for story in wanted:
                yield Failed(story.slug, str(error))

    async def _from_database(
        self, file: Path, wanted: Sequence[Wanted], reach: Reach
    ) -> AsyncIterator[Fetched | Same | Failed]:
        import asyncio  # slow to load, as SQLite is, and builds load this module

        from .isso_database import IssoUnreadable, read_rows

        configured = file.with_name(CONFIG)
        try:
            uris = [thread_id(story.slug) for story in wanted]
            found = await asyncio.to_thread(read_rows, file, uris)
            kept = configured.read_bytes() if configured.is_file() else b""
            render = renderer(str(configured) if kept else "")
        except IssoUnreadable as error:
            why = str(error)
        except (OSError, ValueError, ImportError, configparser.Error) as error:
            why = f"Isso's configuration {configured.name} cannot be used: {error}"
        else:
            why = ""
        if why:
            for story in wanted:
                yield Failed(story.slug, why)
            return
        for story in wanted:
            rows = found.get(thread_id(story.slug), [])
            digest = hashlib.sha256(kept + repr(rows).encode("utf-8", "surrogatepass")).hexdigest()
            if reach.notes.get(story.slug, {}).get("rows") == digest:
                yield Same(story.slug)
                continue
            reach.notes[story.slug] = {"rows": digest}
            try:
                told = tuple(_of_row(row, render) for row in rows)
            except (TypeError, ValueError, OverflowError, OSError) as error:
                yield Failed(story.slug, f"its comments in the database are damaged: {error}")
                continue
            yield Fetched(story.slug, told)

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
                held=say("live_held"),
                taken=say("live_taken"),
                answer=say("live_answer"),
                reply=say("live_reply"),
                unsent=say("live_unsent"),
                empty=say("live_empty"),
                send=say("live_send"),
            )
        return words.made[key]


def _of_row(row: Row, render: Callable[[str], str]) -> Said:
    gone = row.mode == GONE
    return Said(
        id=str(row.id),
        parent=None if row.parent is None else str(row.parent),
        author="" if gone else unescape(row.author or ""),
        url="" if gone else unescape(row.website or ""),
        published=datetime.datetime.fromtimestamp(row.created, datetime.UTC),
        html="" if gone else render(row.text),
        gone=gone,
        kept="" if gone else row.text,
    )
