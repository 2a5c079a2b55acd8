"""Publishing: checks the built site and brings it to its host.

`check` reads every page, feed, stylesheet and picture of the output; `targets` holds one module a kind of
host. Nothing is uploaded while anything is wrong.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from plugins.fastbuild.world import world_of
from plugins.guard.setting import apply

from .check import check_site
from .publish import SiteRefused, publish
from .settings import SETTINGS

__all__ = ["SETTINGS", "SiteRefused", "check_site", "publish", "register"]


def _initialized(pelican: Pelican) -> None:
    apply(pelican.settings, SETTINGS)
    world_of(pelican.settings).stands_on("plugins.publishing")  # no page shows anything of it


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
