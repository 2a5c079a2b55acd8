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


def promotion_hints(file: ContentFile, document: Document) -> Iterator[Finding]:
    """One hint for each line with words that sell."""
    for offset, row in enumerate(document.body.split("\n")):
        if found := _SELLING.search(row):
            yield Finding(
                file.shown,
                document.body_line + offset,
                "hint",
                f"{found[0]!r} sounds like advertising.",
                "Ask the storyteller what happened instead.",
            )
