"""Pelican's own run, with the generators of plugins in the place of those that they replace."""

from __future__ import annotations

from pelican import Pelican
from pelican.generators import ArticlesGenerator, Generator


class Site(Pelican):  # type: ignore[misc]
    """What PELICAN_CLASS names: a plugin's ArticlesGenerator runs instead of Pelican's, not beside it."""

    def _get_generator_classes(self) -> list[type[Generator]]:
        found: list[type[Generator]] = super()._get_generator_classes()
        ours = any(issubclass(each, ArticlesGenerator) and each is not ArticlesGenerator for each in found)
        return [each for each in found if not (ours and each is ArticlesGenerator)]
