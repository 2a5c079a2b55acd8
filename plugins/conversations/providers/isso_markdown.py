"""Isso's own Markdown: what a comment in its database looks like in its answers, to the letter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache


@cache
def renderer() -> Callable[[str], str]:
    """Isso's text to HTML, with its default settings. Raises ImportError where Isso is not installed."""
    with root_logger_left_alone():
        from isso import config
        from isso.html import Markup

        render: Callable[[str], str] = Markup(config.load(config.default_file())).render
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
