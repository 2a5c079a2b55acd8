"""The comment systems, one module each; a new one is a module and a line in PROVIDERS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..provider import Provider
from .isso import Isso

PROVIDERS: dict[str, Callable[[dict[str, Any]], Provider]] = {
    "isso": lambda settings: Isso(settings["FIRSTHAND_ISSO_URL"]),
}


def provider(settings: dict[str, Any]) -> Provider | None:
    """The provider that the settings name, or None where live conversations are switched off."""
    name = settings["FIRSTHAND_CONVERSATIONS"]
    return PROVIDERS[name](settings) if name else None
