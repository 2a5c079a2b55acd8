"""The comment systems, one module each; a new one is a module and a line in PROVIDERS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plugins.guard.setting import Setting

from ..provider import Provider
from . import bluesky, discourse, feed, giscus, isso, mastodon, remark42, waline, webmention


@dataclass(frozen=True)
class Kind:
    """A comment system: how it is made from the settings, which of them are its own, and what is wrong."""

    make: Callable[[dict[str, Any]], Provider]
    settings: tuple[Setting, ...]
    problems: Callable[[dict[str, Any]], list[str]]  # with settings of the right types


PROVIDERS: dict[str, Kind] = {
    "isso": Kind(isso.from_settings, isso.SETTINGS, isso.problems),
    "bluesky": Kind(bluesky.from_settings, bluesky.SETTINGS, bluesky.problems),
    "discourse": Kind(discourse.from_settings, discourse.SETTINGS, discourse.problems),
    "giscus": Kind(giscus.from_settings, giscus.SETTINGS, giscus.problems),
    "mastodon": Kind(mastodon.from_settings, mastodon.SETTINGS, mastodon.problems),
    "feed": Kind(feed.from_settings, feed.SETTINGS, feed.problems),
    "remark42": Kind(remark42.from_settings, remark42.SETTINGS, remark42.problems),
    "waline": Kind(waline.from_settings, waline.SETTINGS, waline.problems),
    "webmention": Kind(webmention.from_settings, webmention.SETTINGS, webmention.problems),
}


def named(name: str, settings: dict[str, Any]) -> Provider:
    """The provider of that name, as the settings have it. Raises KeyError for a name that is none's."""
    return PROVIDERS[name].make(settings)
