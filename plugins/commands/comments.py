"""The site's own Isso: its moderator's list, its configuration and backups."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.collection import Collection
from invoke.tasks import task

from .place import conversing, place, plainly, port_of, say

if TYPE_CHECKING:
    from plugins.conversations.comments.held import Held


@task(help={"whole": "long comments to their end"})
def comments_list(c: Any, whole: bool = False) -> None:
    """The comments at your own Isso that wait for a moderator, oldest first."""
    from plugins.conversations.comments.held import waiting
    from plugins.conversations.comments.lines import as_lines
    from plugins.conversations.comments.place import database_of

    with plainly():
        held = waiting(database_of(conversing()))
        for line in as_lines(held, datetime.datetime.now(datetime.UTC), whole=whole):
            say(line)


@task(positional=["id"], help={"id": "as ./inv comments lists it; several with commas"})
def comments_approve(c: Any, id: str) -> None:
    """Let readers see a comment that waits, and bring it into content/conversations/."""
    from plugins.conversations.comments.moderate import approve

    _moderate(approve, id, "Approved")


@task(positional=["id"], help={"id": "as ./inv comments or ./inv listen lists it; several with commas"})
def comments_delete(c: Any, id: str) -> None:
    """Delete a comment at your own Isso, whether it waits or was approved, and here."""
    from plugins.conversations.comments.moderate import delete

    _moderate(delete, id, "Deleted")


@task(
    help={"to": "another file than isso.cfg beside the database", "port": "Isso's on this machine"},
)
def comments_config(c: Any, to: str = "", port: str = "8080") -> None:
    """Write Isso's configuration for the published site, and say how to run it behind a web server."""
    from plugins.conversations.comments.config import configure

    with plainly():
        file = Path(to) if to else None
        done = configure(place.root, conversing(), to=file, port=port_of(port))
    print(f"{done.path} is what Isso needs.\n\n{done.how}")


@task(help={"to": "a new file, or a folder; else backups/ beside the database"})
def comments_backup(c: Any, to: str = "") -> None:
    """Copy your own Isso's comments while it runs, and check the copy."""
    from plugins.conversations.comments.backup import back_up
    from plugins.conversations.comments.place import database_of

    with plainly():
        where, now = Path(to) if to else None, datetime.datetime.now(datetime.UTC)
        path, counted = back_up(database_of(conversing()), where, now)
    print(f"{path} has {counted}. It holds readers' addresses: keep it private.")


@task(positional=["file"], help={"file": "what ./inv comments.backup made"})
def comments_restore(c: Any, file: str) -> None:
    """Give your own Isso the comments of a backup, and keep those it has beside."""
    from plugins.conversations.comments.backup import restore
    from plugins.conversations.comments.place import database_for

    with plainly():
        now = datetime.datetime.now(datetime.UTC)
        done = restore(database_for(place.root, conversing()), Path(file), now)
    print(f"Isso has {done.now} again." + (f" What it had is in {done.kept}." if done.kept else ""))
    print("Restart Isso, which remembers keys. The next ./inv conversations brings what it has now.")


def _moderate(act: Callable[[Path, str], Iterable[Held]], refs: str, done: str) -> None:
    from plugins.conversations.bring import NoSuchStory, bring
    from plugins.conversations.comments.lines import in_short
    from plugins.conversations.comments.place import database_of

    with plainly():
        settings = conversing()
        touched: set[str] = set()
        try:
            for one in act(database_of(settings), refs):
                say(f"{done} {in_short(one)}")
                touched.add(one.slug)
        finally:  # where one of several was refused, the others are done
            for slug in sorted(touched):
                try:
                    bring(place.content, settings, story=slug, say=say)
                except NoSuchStory as error:  # not published any more
                    say(str(error))


commands = Collection("comments")
commands.add_task(comments_list, name="list", default=True)
for one in (comments_approve, comments_delete, comments_config, comments_backup, comments_restore):
    commands.add_task(one, name=one.__name__.removeprefix("comments_"))
