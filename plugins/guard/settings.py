"""Pelican's settings that the guard fixes, whatever pelicanconf.py says."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from .reader import MARKDOWN, NO_LINK_MARKS
from .setting import Setting, SettingsRefused, apply, unknown
from .template import prepare

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "FIRSTHAND_CONTACT", "", "An address for those whose feeds we read: an e-mail address or a page."
    ),
)


def enforce(settings: dict[str, Any]) -> None:
    """Fix what safety rests on. Raises SettingsRefused, or FirsthandError for unreadable words."""
    apply(settings, SETTINGS)
    settings.update(
        MARKDOWN=copy.deepcopy(MARKDOWN),  # Pelican adds to its own
        INTRASITE_LINK_REGEX=NO_LINK_MARKS,
        FORMATTED_FIELDS=[],
        STATIC_PATHS=[],
        USE_FOLDER_AS_CATEGORY=False,
        SLUGIFY_SOURCE="basename",
        ARTICLE_TRANSLATION_ID="slug",
        ARTICLE_PATHS=["stories"],
        PAGE_PATHS=["pages"],
        IGNORE_FILES=["**/.*", ".#*"],
        OUTPUT_SOURCES=False,
        TEMPLATE_PAGES={},
        RELATIVE_URLS=False,
    )
    content, output = Path(settings["PATH"]).resolve(), Path(settings["OUTPUT_PATH"]).resolve()
    if output == content or output in content.parents or content in output.parents:
        raise SettingsRefused(f"OUTPUT_PATH is {output}, inside or around content/. Choose another folder.")
    prepare(settings)


def refuse_unknown(settings: dict[str, Any]) -> None:
    """Names that begin with FIRSTHAND_ and mean nothing are most often misspelt."""
    settings.setdefault("FIRSTHAND_SETTINGS_KNOWN", set()).add("FIRSTHAND_WORDS")
    if names := unknown(settings):
        raise SettingsRefused(
            "\n".join(f"There is no setting {name}. See the README's list." for name in names)
        )
