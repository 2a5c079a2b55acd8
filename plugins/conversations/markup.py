"""A comment's text as a page may show it."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup

from plugins.guard.html import TAGS, clean_html, plain_text

# A comment has no pictures, and its headings must not stand among the page's own.
_COMMENT_TAGS = TAGS - {"img", "figure", "figcaption", "details", "summary", "h2", "h3", "h4", "h5", "h6"}
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
# What people write has a few dozen tags. Thousands of them, one within the other, take a parser the square
# of their number: of such a text only the words are shown.
MOST_TAGS = 3_000
# Making a cleaner takes six times as long as it takes to clean a comment: there is one.
_CLEANER = nh3.Cleaner(
    tags=set(_COMMENT_TAGS),
    attributes={"a": {"href"}, "ol": {"start"}, "*": {"lang", "dir"}},
    link_rel="nofollow ugc noopener",
)


def comment_html(html: str, base_url: str) -> Markup:
    """A comment's text, cleaned for the page: no pictures, no headings, links not vouched for."""
    if html.count("<") > MOST_TAGS:
        html = str(Markup("<p>{}</p>").format(plain_text(html)))

    def strong(mark: re.Match[str]) -> str:
        return "</strong></p>" if mark[1] else "<p><strong>"

    cleaned = _HEADING.sub(strong, clean_html(html, base_url))
    return Markup(_CLEANER.clean(cleaned))  # noqa: S704 - cleaned twice
