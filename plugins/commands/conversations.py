"""Threads from their comment systems, and from exports."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from invoke.collection import Collection
from invoke.exceptions import Exit
from invoke.tasks import task

from .place import conversing, place, plainly, say


@task(
    help={"story": "only this story's: the name of its folder", "dry-run": "write nothing, not even notes"},
)
def bring_conversations(c: Any, story: str = "", dry_run: bool = False) -> None:
    """Bring threads from their comment systems into content/conversations/; says what changed."""
    from plugins.conversations.bring import bring

    with plainly():
        settings = conversing()
        contact = str(settings.get("FIRSTHAND_CONTACT", ""))
        brought = bring(place.content, settings, story=story, dry_run=dry_run, say=say, contact=contact)
    if brought.stopped or brought.unwritten:
        raise Exit(code=130 if brought.stopped else 1)


@task(
    positional=["file"],
    help={
        "file": "the XML file that Disqus or WordPress exported",
        "from": "disqus or wordpress, where it should be said",
        "dry-run": "write nothing",
    },
)
def import_conversations(c: Any, file: str, from_: str = "", dry_run: bool = False) -> None:
    """Bring the comments of a Disqus or WordPress export to their stories; says what was left out."""
    from plugins.conversations.imports.bring import import_threads

    with plainly():
        own = str(conversing()["FIRSTHAND_CONVERSATIONS"])
        now = datetime.datetime.now(datetime.UTC)
        good = import_threads(place.content, Path(file), from_, own=own, now=now, dry_run=dry_run, say=say)
    if not good:
        raise Exit(code=1)


commands = Collection("conversations")
commands.add_task(bring_conversations, name="bring", default=True)
commands.add_task(import_conversations, name="import")
