"""Isso's own Markdown: what a comment in its database looks like in its answers, to the letter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache


@cache
def renderer(beside: str = "") -> Callable[[str], str]:
    """Isso's text to HTML, as its configuration has it: that file, or Isso's own defaults.

    Raises ImportError where what it needs is not installed, and OSError, ValueError and configparser.Error
    where it cannot be read.
    """
    with root_logger_left_alone():
        from isso import config
        from isso.html import Markup

        read = config.load(config.default_file(), beside) if beside else config.load(config.default_file())
        render: Callable[[str], str] = Markup(read).render
    return render


@contextmanager
def root_logger_left_alone() -> Iterator[None]:
    """Isso sets up the root logger where nobody has: when it is imported, and when it is made."""
    root = logging.getLogger()
    keep, level = logging.NullHandler(), root.level
    root.addHandler(keep)
    try:
        yield
    finally:
        root.removeHandler(keep)
        root.setLevel(level)
