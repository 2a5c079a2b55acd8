"""The conversations' settings."""

from __future__ import annotations

from typing import Any

from plugins.guard.setting import Setting, SettingsRefused, apply

from .providers import PROVIDERS

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "FIRSTHAND_CONVERSATIONS",
        "isso",
        f"Who keeps the live conversations: {', '.join(sorted(PROVIDERS))}, or an empty text for nobody.",
    ),
    Setting(
        "FIRSTHAND_AVATARS",
        True,
        "Whether `./inv conversations` brings the pictures of those who speak, 96 pixels wide.",
    ),
    *(setting for kind in PROVIDERS.values() for setting in kind.settings),
)


def check(settings: dict[str, Any]) -> None:
    """Fill in the defaults. Raises SettingsRefused."""
    apply(settings, SETTINGS)
    name = settings["FIRSTHAND_CONVERSATIONS"]
    problems = []
    if name and name not in PROVIDERS:
        problems.append(f"FIRSTHAND_CONVERSATIONS is {name!r}. {SETTINGS[0].help}")
    for kind in PROVIDERS.values():
        problems += kind.problems(settings)
    if problems:
        raise SettingsRefused("\n".join(problems))
