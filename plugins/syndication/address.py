"""Addresses as a feed writes them: relative, padded, of any scheme. Light, since every worker loads it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin


def absolute(address: Any, base: str = "") -> str:
    """The address where it is one of the web, a relative one resolved against `base`; else nothing.

    Nothing is said yet about whether it may become a link: that is web_address.
    """
    text = str(address or "").strip()
    try:
        whole = urljoin(base, text) if text else ""
    except ValueError:
        return ""
    return whole if whole.lower().startswith(("http://", "https://")) else ""
