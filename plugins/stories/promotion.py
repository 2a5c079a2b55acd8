"""A hint to the editor where a story sounds like advertising. Never an error: an editor decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.guard.content import ContentFile
from plugins.guard.document import Document
from plugins.guard.finding import Finding

_SELLING = re.compile(
    r"\b(buy now|order (?:now|today)|limited[- ]time|special offer|best[- ]in[- ]class|world[- ]class"
    r"|industry[- ]leading|cutting[- ]edge|game[- ]chang\w+|one[- ]stop|act now|discount code|promo code"
    r"|free shipping|money[- ]back|unbeatable|\d+ ?% off|compra(?:r)? (?:ahora|ya)|oferta especial"
    r"|descuento del)\b",
    re.IGNORECASE,
)
# Each match holds one of these, in small letters and with its hyphens as spaces: most stories hold none.
_HELD = (
    *("buy now", "order now", "order today", "limited time", "special offer", "best in class", "world class"),
    *("industry leading", "cutting edge", "game chang", "one stop", "act now", "discount code", "promo code"),
    *("free shipping", "money back", "unbeatable", "% off", "compra ahora", "compra ya", "comprar ahora"),
    *("comprar ya", "oferta especial", "descuento del"),
)
_FOLDED = re.compile("[\u0130\u0131\u017f]")  # match "i" and "s" as well, and have other small letters


def promotion_hints(file: ContentFile, document: Document) -> Iterator[Finding]:
    """One hint for each line with words that sell."""
    if not _may_sell(document.body):
        return
    for offset, row in enumerate(document.body.split("\n")):
        if found := _SELLING.search(row):
            yield Finding(
                file.shown,
                document.body_line + offset,
                "hint",
                f"{found[0]!r} sounds like advertising.",
                "Ask the storyteller what happened instead.",
            )


def _may_sell(body: str) -> bool:
    small = body.lower().replace("-", " ")
    return any(words in small for words in _HELD) or (not body.isascii() and bool(_FOLDED.search(body)))
