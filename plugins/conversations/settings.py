"""The conversations' settings."""

from __future__ import annotations

from typing import Any

from plugins.guard.html import safe_link
from plugins.guard.setting import Setting, SettingsRefused, apply

from .providers import PROVIDERS

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "FIRSTHAND_CONVERSATIONS",
        "isso",
        f"Who keeps the live conversations: {', '.join(sorted(PROVIDERS))}, or an empty text for nobody.",
    ),
    Setting(
        "FIRSTHAND_ISSO_URL",
        "/comments",
        "Where Isso answers: a path on the site, or a whole address with http or https.",
    ),
)


def check(settings: dict[str, Any]) -> None:
    """Fill in the defaults. Raises SettingsRefused."""
    apply(settings, SETTINGS)
    name, url = settings["FIRSTHAND_CONVERSATIONS"], settings["FIRSTHAND_ISSO_URL"]
    problems = []
    if name and name not in PROVIDERS:
        problems.append(f"FIRSTHAND_CONVERSATIONS is {name!r}. {SETTINGS[0].help}")
    if not url.startswith(("/", "http://", "https://")) or safe_link(url, "/") is None:
        problems.append(f"FIRSTHAND_ISSO_URL is {url!r}. {SETTINGS[1].help}")
    if problems:
        raise SettingsRefused("\n".join(problems))
