"""A bar at a terminal while many things are done one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MANY = 5  # from which on a terminal shows a bar


@contextmanager
def watched(total: int, words: str) -> Iterator[Callable[[], None]]:
    """A function to call when one thing is done: it moves a bar where many are done at a terminal.

    What is printed meanwhile stands above the bar.
    """
    if total < MANY or not sys.stdout.isatty():
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda: bar.advance(task)
