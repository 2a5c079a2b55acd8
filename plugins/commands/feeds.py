"""Members' own feeds."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from invoke.collection import Collection
from invoke.exceptions import Exit
from invoke.tasks import task

from .place import open_desk, place, plainly, say


@task(
    help={
        "source": "the slug of one person; with --file, whose feed it is",
        "file": "read a feed from a file",
        "dry-run": "write nothing, not even to the database",
        "again": "bring back stories that were taken away here",
    }
)
def pull(c: Any, source: str = "", file: str = "", dry_run: bool = False, again: bool = False) -> None:
    """Bring in what members published on their own sites; says for every entry what and why."""
    from plugins.syndication import pull as run

    with open_desk() as desk:
        report = run(
            place.content,
            source=source or None,
            file=Path(file) if file else None,
            dry_run=dry_run,
            again=again,
            say=say,
            contact=str(desk.settings.get("FIRSTHAND_CONTACT", "")),
            desk=desk if desk.is_open() else None,
        )
        if report.stopped:
            raise Exit(code=130)
        if report.failed and (file or source):
            raise Exit(code=1)


@task(positional=["file"], help={"file": "a list of feeds as OPML, exported from a feed reader"})
def import_sources(c: Any, file: str) -> None:
    """Add the feeds of a list (OPML) to content/sources.toml; asks by name where it does not know whose."""
    from plugins.syndication.blogroll import import_sources as run

    with plainly():
        run(place.content, Path(file), say)


@task()
def show_sources(c: Any) -> None:
    """How the members' feeds are: last success, last error, next fetch, stories so far."""
    from rich.console import Console

    from plugins.syndication.health import health, table

    with plainly():
        rows = health(place.content, datetime.datetime.now(datetime.UTC))
        if rows:
            Console(width=None if sys.stdout.isatty() else 200).print(table(rows))
        else:
            print("content/sources.toml names no feed. Add a [[source]], or ./inv sources.import a list.")


@task(positional=["url"], help={"url": "a feed's or a blog's address", "person": "whose feed it would be"})
def try_source(c: Any, url: str, person: str = "") -> None:
    """Try an address and say, entry by entry, what a pull would do; writes nothing."""
    from pelican.settings import read_settings

    from plugins.syndication.trial import try_address

    with plainly():
        contact = str(read_settings(str(place.settings)).get("FIRSTHAND_CONTACT", ""))
        try_address(place.content, url, person=person, say=say, contact=contact)


commands = Collection("sources")
commands.add_task(show_sources, name="show", default=True)
commands.add_task(try_source, name="test")
commands.add_task(import_sources, name="import")
