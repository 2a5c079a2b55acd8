"""Webmentions: what people write about a story on their own sites, kept by webmention.io or its like.

The receiver has read the page and found the link to us in it; whatever else that page says of itself
(names, times, addresses) is its own claim, and proves nobody to be staff. Replies come whole; of a page
that mentions a story, its title and how it begins. Likes and reposts say nothing and do not come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup, escape

from plugins.guard.html import clean_html, plain_text, safe_link
from plugins.guard.setting import Setting
from plugins.guard.template import Words, origin
from plugins.stories.story import page_path

from ..asking import PAGES, Asking, NoAnswer, each
from ..heard import Json
from ..once import Once
from ..opening import form_box
from ..provider import Failed, Fetched, Opens, Reach, Said, Same, Subject, Wanted

SETTINGS = (
    Setting(
        "FIRSTHAND_WEBMENTION_URL",
        "",
        "Where other sites tell us that they wrote about a story, such as"
        " https://webmention.io/people.example.org/webmention; its mentions.jf2 is read.",
    ),
)
_NO_URL = "Set FIRSTHAND_WEBMENTION_URL to the receiver that takes your webmentions."
_NO_SITE = "Set FIRSTHAND_SITEURL: webmentions are known by the address of a story."
_TOLD = ("in-reply-to", "mention-of")
_TARGETS = 20  # in one request; the addresses of more make it longer than servers like
_A_PAGE = 100
_EXCERPT = 500  # characters of a page that mentions us
_ANSWER = re.compile(r"comment-webmention-([\w-]{1,60})")
_BRIDGES = ("brid.gy", "fed.brid.gy")  # whose pages stand for posts that are somewhere else


def from_settings(settings: dict[str, Any]) -> Webmention:
    """The receiver as the settings have it."""
    url, site = settings["FIRSTHAND_WEBMENTION_URL"], str(settings.get("SITEURL") or "")
    return Webmention(url, site, settings["DEFAULT_LANG"].lower())


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with the settings."""
    url = settings["FIRSTHAND_WEBMENTION_URL"]
    if url and not _is_address(url):
        return [f"FIRSTHAND_WEBMENTION_URL is {url!r}. {SETTINGS[0].help}"]
    if not url and settings.get("FIRSTHAND_CONVERSATIONS") == "webmention":
        return [_NO_URL]
    return []


@dataclass(frozen=True)
class Webmention:
    """A receiver whose endpoint is `url`, for the site that is published at `site`, in `lang` first."""

    url: str
    site: str = ""
    lang: str = "en"  # the site's own

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A form for the address of the reader's own page; nothing where this page has no address yet."""
        target = f"{self.site}/{page_path(subject.slug, subject.lang, self.lang)}" if self.site else ""
        return form_box(self.url, target, subject, words) if self.url and target else Markup("")

    @property
    def origins(self) -> tuple[str, ...]:
        """The receiver's."""
        return origin(self.url)

    @property
    def opens(self) -> Opens:
        """Our form goes to it."""
        return "form"

    def problem(self, place: str) -> str | None:
        """An address at which the story was before is taken, and none is needed."""
        if not self.url:
            return _NO_URL
        if place and not _is_address(place):
            return "Write an address that the story had before, or `conversation: webmention` alone."
        return None

    def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request for what was said of twenty stories, as long as that is not very much."""
        asking = Asking("The webmention receiver", reach)
        batches: dict[str, Once[dict[str, list[Json]]]] = {}
        for at in range(0, len(wanted), _TARGETS):
            some = wanted[at : at + _TARGETS]
            batch = Once(partial(self._said_of, some, asking))
            batches |= dict.fromkeys((story.slug for story in some), batch)

        async def one(story: Wanted) -> Fetched:
            if not self.url or not story.url:
                raise NoAnswer(_NO_SITE if self.url else _NO_URL)
            said_of = await batches[story.slug].get()
            keys = dict.fromkeys(_key(url) for url in _addresses(story))
            found = {item.id("wm-id"): item for key in keys for item in said_of.get(key, ())}
            said = (_said(item) for item in found.values())
            return Fetched(story.slug, tuple(one for one in said if one is not None))

        return each(wanted, asking, one)

    async def _said_of(self, stories: Sequence[Wanted], asking: Asking) -> dict[str, list[Json]]:
        """What is known of the stories' addresses, by address. Raises NoAnswer, Misshapen."""
        targets = [url for story in stories for url in _addresses(story)]
        query = [("target[]", url) for url in targets] + [("wm-property[]", name) for name in _TOLD]
        query += [("sort-dir", "up"), ("per-page", str(_A_PAGE))]
        found: dict[str, list[Json]] = defaultdict(list)
        for page in range(PAGES):
            asked = urlencode([*query, ("page", str(page))])
            answer = await asking.ask(f"{origin(self.url)[0]}/api/mentions.jf2?{asked}")
            children = answer.json.items("children")
            for item in children:
                found[_key(item.words("wm-target"))].append(item)
            if len(children) < _A_PAGE:
                return found
        raise NoAnswer(f"More than {PAGES * _A_PAGE:,} webmentions were told of a few stories.")


def _said(one: Json) -> Said | None:
    """A mention in words, or None. Source: webmention.io, src/Format/Jf2Format.php."""
    reply = one.text("wm-property") == "in-reply-to"
    if one.text("wm-property") not in _TOLD or one.flag("wm-private"):
        return None
    html = _reply(one) if reply else _excerpt(one)
    if not html:
        return None
    author, received = one.inner("author"), one.time("wm-received")
    answered = _ANSWER.fullmatch(one.text("wm-target").partition("#")[2])
    return Said(
        id=one.id("wm-id"),
        parent=answered[1] if answered else None,
        author=author.text("name"),
        url=author.text("url"),
        published=min(one.time_or_none("published") or received, received),
        html=html,
        place=_place(one),
        avatar=author.text("photo"),
    )


def _reply(one: Json) -> str:
    lines = (line for line in _text(one).splitlines() if line.strip())
    return one.inner("content").text("html") or "".join(f"<p>{escape(line)}</p>" for line in lines)


def _excerpt(one: Json) -> str:
    """A page that mentions us: its title, and how it begins."""
    title, text = one.text("name").strip(), " ".join(_text(one).split())
    if len(text) > _EXCERPT:
        text = text[:_EXCERPT].rpartition(" ")[0].rstrip(",.;:") + "…"
    if text.startswith(title.removesuffix("…").strip()):
        title = ""  # a post without a title of its own
    told = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    return told + (f"<p>{escape(text)}</p>" if text else "")


def _text(one: Json) -> str:
    content = one.inner("content")
    return (
        content.text("text")
        or plain_text(clean_html(content.text("html"), "https://site.invalid/"))
        or one.inner("summary").text("value")
    )


def _place(one: Json) -> str:
    """Where it was written: the page that was read, or the address it gives itself on the same host."""
    source, said = one.text("wm-source"), one.text("url")
    host = _host(source)
    return said if said and (host in _BRIDGES or _host(said) == host) else source


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _addresses(story: Wanted) -> list[str]:
    """Where it can be read, in every language, and where it was before."""
    return [url for url in (*(story.pages or [story.url]), story.place) if url]


def _key(url: str) -> str:
    """An address as it is compared: http or https, with or without the last slash are one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://")) and safe_link(url, "/") is not None
