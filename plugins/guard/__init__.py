"""The guard: what a content file may say, link to and load; cleaning; safe files, photos and fetches.

Everything that is somebody else's text, file or address passes here before it reaches a page.
First in PLUGINS: its settings hold whatever pelicanconf.py says.

What is named here is loaded when it is first asked for: what fetches needs neither Pelican nor Pillow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins import door

if TYPE_CHECKING:
    from pelican import Pelican

    from .finding import ContentRefused, Finding
    from .html import clean_html
    from .photo import Photo, Photograph, clean_photo
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

__getattr__ = door(
    __name__,
    {
        "ContentRefused": "finding",
        "Finding": "finding",
        "Photo": "photo",
        "Photograph": "photo",
        "clean_html": "html",
        "clean_photo": "photo",
        "one_line": "text",
    },
)


def _initialized(pelican: Pelican) -> None:
    from .settings import enforce

    enforce(pelican.settings)


def _run_begins(pelican: Pelican) -> None:
    from .settings import refuse_unknown

    refuse_unknown(pelican.settings)


def register() -> None:
    """Called by Pelican."""
    from pelican.plugins import signals

    from .reader import use_guarded_reader

    signals.initialized.connect(_initialized)
    signals.readers_init.connect(use_guarded_reader)
    signals.get_generators.connect(_run_begins)
