"""Where a person's page lies."""

from __future__ import annotations

from typing import Any

from plugins.guard.setting import Setting

SETTINGS: tuple[Setting, ...] = ()


def enforce(settings: dict[str, Any]) -> None:
    """Profiles lie at /people/SLUG/; Pelican's author pages are not written beside them."""
    settings.update(
        PERSON_URL="people/{slug}/",
        PERSON_SAVE_AS="people/{slug}/index.html",
        PERSON_LANG_URL="people/{slug}/",
        PERSON_LANG_SAVE_AS="people/{slug}/index.html",
        AUTHOR_URL="people/{slug}/",
        AUTHOR_SAVE_AS="",
        AUTHORS_SAVE_AS="",
    )
