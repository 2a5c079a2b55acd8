"""The one HTML cleaning of the project: nh3 (Rust ammonia) with our allowlist.

What passes: the elements of running text, tables, figures and media that a story may hold. What
never passes: scripts, styles, frames, forms, event handlers, addresses other than http, https,
mailto and those of this site, and images of other hosts (a reader's address is nobody's business).
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from html import unescape
from urllib.parse import urljoin, urlsplit

import nh3

TAGS = frozenset(
    "a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl "
    "dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby "
    "s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul "
    "var wbr".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "rel"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "ins": {"datetime"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto"}
_LINKS = {
    ("a", "href"),
    ("img", "src"),
    ("blockquote", "cite"),
    ("q", "cite"),
    ("del", "cite"),
    ("ins", "cite"),
}
# A browser drops these inside an address, so that "java\tscript:" runs: they go before we look.
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")
# What most links are, of letters that mean nothing else to anybody; without `.` and `..` in the path.
_PATH = r"(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?)"
_USUAL = re.compile(rf"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*{_PATH}*", re.ASCII)
_ON_THIS_SITE = re.compile(rf"/(?!/)[A-Za-z0-9_~-]*{_PATH}*", re.ASCII)
# `me` would let a text vouch for somebody's account in the site's name, `opener` hand over the window.
_RELATIONS = frozenset("bookmark external license nofollow noopener noreferrer ugc".split())
_HEADING_ONE = re.compile(r"<(/?)h1\b", re.IGNORECASE)


def safe_link(value: str, base_url: str, *, image: bool = False) -> str | None:
    """The address resolved against the page's own, or None where it must not be followed.

    An image has to lie on this site: an absolute path below no other host.
    """
    if not image and (_USUAL.fullmatch(value) or (base_url[:1] == "/" and _ON_THIS_SITE.fullmatch(value))):
        return value  # nothing to resolve, nothing to look for
    address = _IGNORED_BY_BROWSERS.sub("", value).replace("\\", "/")
    if any(character in address for character in "{}|"):
        return None  # Pelican's own link marks: {attach}, |static|; nothing after us may rewrite
    try:
        parts = urlsplit(address)
        resolved = urljoin(base_url, address)
        here, there = urlsplit(base_url), urlsplit(resolved)
    except ValueError:
        return None
    if parts.scheme and parts.scheme.lower() not in _SCHEMES:
        return None
    if not here.scheme and resolved.startswith("//"):
        return None  # another host, whatever the splitting made of it
    same_site = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if image and not same_site:
        return None
    return resolved if same_site or there.scheme in _SCHEMES else None


class Prose(str):
    """HTML made of a text in which nothing can be HTML: all that is opened in it is closed, in its order."""

    __slots__ = ()


# What cleaning leaves as it is: these elements without attributes, usual links, and letters that HTML
# says as themselves. In a Prose nothing is to be balanced, so that it need not be taken apart.
_INNOCENT = re.compile(
    r"(?:[^<>&\x00-\x09\x0b-\x1f\x7f-\xa0]++"
    r"|</?(?:p|h[2-6]|ul|ol|li|blockquote|strong|em|code|a)>"
    rf'|<a href="(?:{_USUAL.pattern}|{_ON_THIS_SITE.pattern})">)*+',
    re.ASCII,
)
_TYPOGRAPHY = {
    "&rsquo;": "\N{RIGHT SINGLE QUOTATION MARK}",
    "&lsquo;": "\N{LEFT SINGLE QUOTATION MARK}",
    "&rdquo;": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "&ldquo;": "\N{LEFT DOUBLE QUOTATION MARK}",
    "&mdash;": "\N{EM DASH}",
    "&ndash;": "\N{EN DASH}",
    "&hellip;": "\N{HORIZONTAL ELLIPSIS}",
}


def _cleaned_prose(html: Prose, base_url: str) -> str | None:
    """What cleaning would make of it, where that is sure by looking at it; else None."""
    if base_url[:1] != "/":
        return None
    said = str(html)
    if "&" in said:
        for entity, letter in _TYPOGRAPHY.items():
            said = said.replace(entity, letter)
    return said if _INNOCENT.fullmatch(said) else None


def clean_html(html: str, base_url: str) -> str:
    """HTML that may stand in a page: cleaned by our allowlist, links resolved against `base_url`.

    `base_url` is the address of the page: absolute ("https://host/stories/x/") for feeds and
    fetched text, or the path on this site ("/stories/x/"). A first-level heading becomes a second
    one, since the page's title is the only first. Images without a usable address are dropped.
    """
    if type(html) is Prose and (said := _cleaned_prose(html, base_url)) is not None:
        return said
    before = _BASE_URL.set(base_url)
    try:
        cleaned = _CLEANER.clean(_HEADING_ONE.sub(r"<\1h2", html))
    finally:
        _BASE_URL.reset(before)
    return _EMPTY_IMAGE.sub("", cleaned)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "rel":
        return " ".join(word for word in value.lower().split() if word in _RELATIONS) or None
    if (tag, name) not in _LINKS:
        return value
    return safe_link(value, _BASE_URL.get(), image=tag == "img")


# Making a cleaner takes half as long as it takes to clean a story: there is one, and here it finds
# where the page lies whose HTML it has.
_BASE_URL: ContextVar[str] = ContextVar("base_url")
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "noscript",
        "template",
        "textarea",
        "title",
        "iframe",
        "object",
    },
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=_SCHEMES,
    strip_comments=True,
    link_rel=None,
)


def from_root(html: str, origin: str) -> str:
    """Cleaned HTML in which every address that begins at the site's root begins with its origin."""
    return _FROM_THE_ROOT.sub(rf"\1{origin}/", html)


_FROM_THE_ROOT = re.compile(r'(<[a-z0-9]+(?:\s[a-z:-]+="[^"]*")*?\s(?:href|src|cite)=")/(?!/)')
_EMPTY_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
# To the end of a tag; possessive, since a text may be nothing but beginnings of tags.
_END = r"[^<>\"]*+(?:\"[^\"]*+\"[^<>\"]*+)*+>"
_TAG = re.compile(f"<{_END}")
# Tags that may stand within a word, or before a comma.
_WITHIN = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var)"
    rf"(?:\s{_END}|>)"
)


def plain_text(html: str) -> str:
    """The words of cleaned HTML, without its tags; entities stay unescaped text."""
    return " ".join(spaced_text(_WITHIN.sub("", html)).split())


def spaced_text(html: str) -> str:
    """`plain_text` before its words are brought to one blank each: to count them."""
    return unescape(_TAG.sub(" ", html))
