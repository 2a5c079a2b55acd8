"""Photographs: every size and format that pages ask for, without what a camera wrote into them."""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from .picture import Album
from .published import PhotosGenerator

__all__ = ["Album", "PhotosGenerator", "register"]


def _initialized(pelican: Pelican) -> None:
    # Here, since every generator copies the settings' globals when it is made.
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings["JINJA_GLOBALS"], "picture": Album()}


def _generators(pelican: Pelican) -> type[PhotosGenerator]:
    return PhotosGenerator


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_generators)
