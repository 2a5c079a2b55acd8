"""Photographs: every size and format that pages ask for, without what a camera wrote into them."""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from plugins.fastbuild.fingerprint import Lookup
from plugins.fastbuild.kit import LOOKUPS
from plugins.guard.photo import Photograph

from .picture import Album
from .published import PhotosGenerator

__all__ = ["Album", "PhotosGenerator", "register"]


def _initialized(pelican: Pelican) -> None:
    # Here, since every generator copies the settings' globals when it is made.
    album = Album()
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings["JINJA_GLOBALS"], "picture": album}
    lookups = pelican.settings.get(LOOKUPS, ())
    pelican.settings[LOOKUPS] = (*lookups, Lookup("picture", Photograph, album))


def _generators(pelican: Pelican) -> type[PhotosGenerator]:
    return PhotosGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
