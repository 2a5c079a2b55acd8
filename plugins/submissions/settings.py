"""Where the receiver answers, as the site's pages name it."""

from __future__ import annotations

from typing import Any

from plugins.guard.setting import Setting, SettingsRefused, apply

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "FIRSTHAND_SUBMIT_URL", "/submit", 'The path at which the site\'s host has the receiver; "" for none.'
    ),
)


def check(settings: dict[str, Any]) -> None:
    """Fill in the default. Raises SettingsRefused for a wrong value."""
    apply(settings, SETTINGS)
    given = settings["FIRSTHAND_SUBMIT_URL"]
    # The pages' own policy lets forms go to their own host alone.
    if given and (not given.startswith("/") or given.startswith("//") or given.endswith("/")):
        raise SettingsRefused(
            f"FIRSTHAND_SUBMIT_URL is {given!r}. Write a path of the site: '/submit', or ''."
        )
