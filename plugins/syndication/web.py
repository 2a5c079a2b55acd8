"""Which addresses of a feed may become a link on our pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from plugins.guard.fields import is_web_address
from plugins.guard.text import one_line

LONGEST = 2000


def web_address(address: str) -> str:
    """The absolute http(s) address, trimmed, or "" where it must not become a link.

    Refused are spaces, quotes, `{ } |` (Pelican's link marks copy files), and a name or password.
    """
    address = address.strip().replace("'", "%27")
    if len(address) > LONGEST or one_line(address) != address or not is_web_address(address):
        return ""
    return "" if "@" in urlsplit(address).netloc else address


def host(address: str) -> str:
    """The host of an address as readers know it: without www."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
