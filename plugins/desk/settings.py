"""Where proposals wait."""

from __future__ import annotations

from typing import Any

from plugins.guard.setting import Setting, apply

SETTINGS: tuple[Setting, ...] = (
    Setting("FIRSTHAND_FORGE", "local", "Where proposals wait: local, github, gitlab or forgejo."),
    Setting(
        "FIRSTHAND_DESK_REPOSITORY",
        "",
        "The address of the repository in which proposals wait on a forge: https://HOST/OWNER/NAME.",
    ),
)


def enforce(settings: dict[str, Any]) -> None:
    """Fill in the defaults. Raises SettingsRefused for a wrong value."""
    apply(settings, SETTINGS)
