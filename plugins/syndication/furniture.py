"""What in an entry's HTML is the site's furniture, not the story: buttons, pixels, sign-offs."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from .tree import Node

ICON = 40  # CSS pixels
WORDS_OF_A_SIGN_OFF = 8  # beside the two links
_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:sharedaddy|sd-sharing\S*|share-?(?:buttons?|links?|bar|this)|social-?(?:share|links|icons)"
    r"\S*|addtoany\S*|a2a_kit|shareaholic\S*|feedflare|jp-relatedposts|wpcnt|post-?ratings|sharing"
    r"|more-link|read-?more\S*|subscribe-?(?:widget|form|button)\S*|subscription-widget\S*|button-wrapper"
    r"|post-?(?:meta|navigation|nav)|author-?box\S*|entry-?(?:meta|footer|utility)|yarpp\S*|related-?posts?"
    r"|wp-block-(?:jetpack-(?:subscriptions|like|sharing-buttons)|latest-posts|post-(?:navigation|comments)\S*)"
    r"|skip-link|screen-reader-text|newsletter-?(?:signup|form|box)\S*)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Lines that templates add around a text. Only where nothing else stands in the paragraph.
_TEMPLATE = re.compile(
    r"(?:Share|Like|Rate|Tweet|Print|Email)(?: this)?(?: post| story| article)?:?|Related(?: posts?)?:?"
    r"|(?:Like this:? ?)?(?:Like )?Loading ?[.…]+|Advertisements?:?|Leave a (?:comment|reply)|\d* ?Comments?"
    r"|(?:Continue reading|Read more|Keep reading|Weiterlesen|Lire la suite|Leer más|Lees verder)"
    r"(?:\b.{0,120})?(?:[→»›]|\[?…\]?)|Continue reading|Read more|\(?more ?[.…]+\)?|\[ ?(?:…|\.{3}) ?\]"
    r"|Subscribe(?: now)?|View (?:the )?original (?:post|article)|Permalink|Click to share\b.{0,200}"
    r"|This entry was posted (?:in|under|on|by)\b.{0,300}|(?:Posted in|Filed under|Tagged(?: with)?):.{0,200}"
    r"|\{\{[^{}]*\}\}|%[A-Z_]{3,}%",
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


def is_icon(image: dict[str, str]) -> bool:
    """True for a picture no larger than a line of text is high, as its site shows it."""
    sides = [image.get(side, "").strip().removesuffix("px") for side in ("width", "height")]
    return all(side.isdecimal() and int(side) <= ICON for side in sides)


def is_sign_off(text: str) -> bool:
    """True for "The post X appeared first on Y." or "Share this:" as a paragraph of its own."""
    return len(text) < 600 and bool(_SIGN_OFF.fullmatch(text) or _TEMPLATE.fullmatch(text))


def leads_home(block: Node, entry: str, home: str) -> bool:
    """True for a closing line of a link to the entry and one to its site, in whatever language."""
    links = [child for child in block.children if isinstance(child, Node) and child.tag == "a"]
    if block.tag != "p" or len(links) != 2 or not entry or len(block.text()) > 400:
        return False
    between = "".join(child for child in block.children if isinstance(child, str))
    first, second = (_place(link.attributes.get("href", "")) for link in links)
    homes = {_place(home), _place(urljoin(entry, "/"))}
    return first == _place(entry) and second in homes and len(between.split()) <= WORDS_OF_A_SIGN_OFF


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
