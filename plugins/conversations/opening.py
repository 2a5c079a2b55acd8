"""The way into a conversation that is kept elsewhere: a link to its place, a frame made on a click, a form.

    link_box("https://social.example/@mara/1124", subject, words)
    frame_box("https://giscus.app/en/widget?...", "https://github.com/...", subject, words)
    form_box("https://webmention.io/people.example/webmention", target, subject, words)

Nothing is loaded before the reader asks, and a sentence says who will see them then. The markup carries
`data-provider="link"` or `data-provider="frame"`; of a frame, theme/static/conversation.js makes an
iframe of `data-src` on a click, with `data-sandbox` and the title `data-title`. `data-session` names the
query parameter with which the frame's own sign-in comes back to the page; its value is handed to the
frame as `session`, and the page's address as `origin`. Of `data-provider="form"` the form works by itself;
a script may send it and say `data-sent` or `data-unsent`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

from plugins.guard.html import safe_link
from plugins.guard.template import Words, origin

from .provider import Opens, Subject

# What a comment system's own page needs to sign readers in and send what they write.
SANDBOX = (
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
    " allow-top-navigation-by-user-activation"
)
_LINK = Markup(
    '<div class="live" data-provider="link">\n'
    '<p class="live-there"><a class="live-button" rel="nofollow noopener" href="{place}">{go}</a></p>\n'
    '<p class="live-note">{note}</p>\n'
    "</div>"
)
_FRAME = Markup(
    '<div class="live" data-provider="frame" data-src="{src}" data-sandbox="{sandbox}" data-title="{title}"'
    ' data-session="{session}" data-tells="{tells}" data-loading="{loading}" data-ready="{ready}"'
    ' data-failed="{failed}">\n'
    '<button type="button" class="live-button" hidden>{join}</button>\n'
    '<p class="live-note">{note}</p>\n'
    '<p class="live-status" role="status" aria-live="polite"></p>\n'
    "<noscript><p>{noscript} {there}</p></noscript>\n"
    "</div>"
)
_FORM = Markup(
    '<div class="live" data-provider="form" data-sent="{sent}" data-unsent="{unsent}">\n'
    '<form class="live-form" method="post" action="{action}">\n'
    '<p class="live-note" id="live-note">{note}</p>\n'
    '<p><label for="live-source">{address}</label>\n'
    '<input id="live-source" name="source" type="url" inputmode="url" required maxlength="1000"'
    ' placeholder="https://" aria-describedby="live-note"></p>\n'
    '<input type="hidden" name="target" value="{target}">\n'
    '<button type="submit" class="live-button">{send}</button>\n'
    '<p class="live-status" role="status" aria-live="polite"></p>\n'
    "</form>\n"
    "</div>"
)
_THERE = Markup('<a rel="nofollow noopener" href="{place}">{go}</a>')


class Linked:
    """A provider that a link leads to; nothing of it is loaded."""

    @property
    def origins(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def opens(self) -> Opens:
        """A link leads there."""
        return "link"


class Framed:
    """A provider whose server, at `url`, shows itself in a frame."""

    url: str

    @property
    def origins(self) -> tuple[str, ...]:
        """The server's."""
        return origin(self.url)

    @property
    def opens(self) -> Opens:
        """It shows itself in a frame."""
        return "frame"


def link_box(place: str, subject: Subject, words: Words) -> Markup:
    """A link to where the conversation is kept; nothing where `place` is no web address."""
    address = _web_address(place)
    if not address:
        return Markup("")
    said = _Said(subject, words, _host(address))
    return _LINK.format(place=address, go=said("live_there"), note=said("live_link_note"))


def form_box(action: str, target: str, subject: Subject, words: Words) -> Markup:
    """A form that tells a webmention receiver of the reader's own page about `target`; no script is needed.

    Source: https://www.w3.org/TR/webmention/, section 3.2 (`source` and `target`, form-encoded).
    """
    address = _web_address(action)
    if not address:
        return Markup("")
    said = _Said(subject, words, _host(address))
    return _FORM.format(
        action=address,
        target=target,
        note=said("live_form_note"),
        address=said("live_form_address"),
        send=said("live_form_send"),
        sent=said("live_form_sent"),
        unsent=said("live_form_unsent"),
    )


def frame_box(
    src: str,
    place: str,
    subject: Subject,
    words: Words,
    *,
    session: str = "",
    tells: bool = False,
    built_from: str = "",
) -> Markup:
    """A button that opens `src` in a frame; without JavaScript, a link to `place`, if there is one.

    `tells` where the frame is sure to report its height (postMessage): one that does not has not opened.
    `built_from` is another host that the page in the frame loads from, which readers are told of.
    """
    source, address = _web_address(src), _web_address(place)
    if not source:
        return link_box(place, subject, words)
    said = _Said(subject, words, _host(source))
    there = _Said(subject, words, _host(address))
    note = said("live_frame_note", kept=_host(address or source))
    return _FRAME.format(
        src=source,
        sandbox=SANDBOX,
        title=said("live_frame_title"),
        session=session,
        tells="yes" if tells else "",
        loading=said("live_loading"),
        ready=said("live_ready"),
        failed=said("live_failed"),
        join=said("join"),
        note=note + (f" {said('live_frame_also', also=built_from)}" if built_from else ""),
        noscript=said("live_noscript"),
        there=_THERE.format(place=address, go=there("live_elsewhere")) if address else "",
    )


class _Said:
    """The words of one box, in its story's language."""

    def __init__(self, subject: Subject, words: Words, host: str) -> None:
        self.subject, self.words, self.host = subject, words, host

    def __call__(self, key: str, **more: str) -> str:
        told = {"name": self.subject.answering.first_name, "place": self.host, "title": self.subject.title}
        return self.words.say(key, self.subject.lang, **told, **more)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _web_address(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")):
        return ""
    return safe_link(value, "https://site.invalid/") or ""
