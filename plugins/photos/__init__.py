"""Photographs: cleaned copies of what stories and people show."""

from __future__ import annotations

from typing import Any

from pelican import Pelican
from pelican.plugins import signals

from .published import PhotosGenerator

__all__ = ["PhotosGenerator", "register"]


def _generators(pelican: Pelican) -> type[PhotosGenerator]:
    return PhotosGenerator


def _prepare(generators: list[Any]) -> None:
    for generator in generators:
        if isinstance(generator, PhotosGenerator):
            generator.prepare()


def register() -> None:
    """Called by Pelican."""
    signals.all_generators_finalized.connect(_prepare)
    signals.get_generators.connect(_generators)
