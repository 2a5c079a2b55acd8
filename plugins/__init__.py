"""Firsthand's plugins, one package a concern; what all of them share stands in this file."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


class FirsthandError(Exception):
    """An expected problem, told in plain words; the root of the project's error tree."""


def today() -> datetime.date:
    """The day of the build in UTC: ``SOURCE_DATE_EPOCH`` where it is set, else the clock's.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    Raises FirsthandError where the variable is not a whole number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return datetime.datetime.now(datetime.UTC).date()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise FirsthandError(
            f"SOURCE_DATE_EPOCH is {epoch!r}. Set it to whole seconds since 1970, or unset it."
        ) from error


def door(package: str, rooms: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's `__getattr__`: what it names is loaded from its room when it is first asked for.

    `rooms` tells for each name the module of the package that has it.
    """

    def find(name: str) -> Any:
        if name not in rooms:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f".{rooms[name]}", package), name)

    return find


def __getattr__(name: str) -> Any:
    """`plugins.Site`, which PELICAN_CLASS names: Pelican looks no deeper than a package's own names."""
    if name == "Site":
        from plugins.fastbuild.site import Site

        return Site
    raise AttributeError(name)
