"""The guard: what a content file may say, link to and load; cleaning; safe files, photos and fetches.

Everything that is somebody else's text, file or address passes here before it reaches a page.
First in PLUGINS: its settings hold whatever pelicanconf.py says.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.plugins import signals

from .finding import ContentRefused, Finding
from .html import clean_html
from .photo import Photo, Photograph, clean_photo
from .reader import use_guarded_reader
from .settings import enforce, refuse_unknown
from .text import one_line

__all__ = [
    "ContentRefused",
    "Finding",
    "Photo",
    "Photograph",
    "clean_html",
    "clean_photo",
    "one_line",
    "register",
]


def _initialized(pelican: Pelican) -> None:
    enforce(pelican.settings)


def _run_begins(pelican: Pelican) -> None:
    refuse_unknown(pelican.settings)


def register() -> None:
    """Called by Pelican."""
    signals.initialized.connect(_initialized)
    signals.readers_init.connect(use_guarded_reader)
    signals.get_generators.connect(_run_begins)
