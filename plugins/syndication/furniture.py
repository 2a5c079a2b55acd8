"""What in an entry's HTML is the site's furniture, not the story: buttons, pixels, sign-offs."""

from __future__ import annotations

import re

_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:sharedaddy|sd-sharing\S*|share-?(?:buttons?|links?|bar|this)|social-?(?:share|links|icons)"
    r"\S*|addtoany\S*|a2a_kit|shareaholic\S*|feedflare|jp-relatedposts|wpcnt|post-?ratings|sharing)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"^https?://(?:[a-z0-9-]+\.)*(?:facebook\.com/(?:sharer|share\.php|dialog/share)|(?:twitter|x)\.com/"
    r"(?:intent|share)|linkedin\.com/share|pinterest\.[a-z.]+/pin/create|reddit\.com/submit|t\.me/share"
    r"|telegram\.me/share|(?:api\.)?whatsapp\.com/send|wa\.me/\?text|tumblr\.com/(?:share|widgets/share)"
    r"|news\.ycombinator\.com/submitlink|getpocket\.com/(?:save|edit)|vk\.com/share|xing\.com/spi/shares"
    r"|addtoany\.com|feeds\.feedburner\.com/~ff|mastodonshare\.com)",
    re.IGNORECASE,
)
_PIXEL = re.compile(
    r"feeds\.feedburner\.com/~r|feedsportal\.com|pixel\.wp\.com|stats\.wordpress\.com|doubleclick\.net"
    r"|google-analytics\.com|vgwort\.de|/(?:pixel|beacon|track(?:ing)?|count(?:er)?|cpx)\b[^/]*$",
    re.IGNORECASE,
)
# WordPress adds this sentence to every entry, in the site's language.
_SIGN_OFF = re.compile(
    r"The post .{1,300} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:Der Beitrag|Das Posting) .{1,300} erschien zuerst auf .{1,200}"
    r"|L[’']article .{1,300} est apparu en premier sur .{1,200}"
    r"|(?:La entrada|El cargo) .{1,300} (?:apareció|aparece|se publicó) primero en .{1,200}"
    r"|L[’']articolo .{1,300} proviene da .{1,200}"
    r"|O post .{1,300} apareceu primeiro em .{1,200}"
    r"|Het bericht .{1,300} verscheen eerst op .{1,200}",
    re.IGNORECASE,
)


def is_furniture(attributes: dict[str, str]) -> bool:
    """True where the class or id is that of share buttons and the like."""
    return bool(_CLASSES.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"))


def shares(address: str) -> bool:
    """True for an address that only puts the page on somebody's timeline."""
    return bool(_SHARE.match(address))


def counts_readers(image: dict[str, str]) -> bool:
    """True for a picture nobody is to see: one or two pixels large, or a known counter."""
    for side in ("width", "height"):
        if image.get(side, "").strip().removesuffix("px") in ("0", "1", "2"):
            return True
    return bool(_PIXEL.search(image.get("src", "")))


def is_sign_off(text: str) -> bool:
    """True for "The post X appeared first on Y." as a paragraph of its own."""
    return len(text) < 600 and bool(_SIGN_OFF.fullmatch(text))
