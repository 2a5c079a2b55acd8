"""The proposals that wait, and what becomes of them."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING, Any

from invoke.collection import Collection
from invoke.tasks import task

from plugins import FirsthandError

from .place import open_desk, place, say

if TYPE_CHECKING:
    from plugins.desk import Desk


@task()
def desk_list(c: Any) -> None:
    """What waits at the desk, longest first, and how it stands."""
    from plugins.desk.listing import list_lines
    from plugins.submissions.held import held_lines

    with open_desk() as desk:
        held: set[str] = set()
        for line in held_lines(desk.store, held):
            say(line)
        rows = [row for row in desk.waiting() if row.id not in held]
        for line in list_lines(rows, datetime.datetime.now(datetime.UTC)):
            say(line)


@task(positional=["id"], help={"id": "the proposal, as ./inv desk lists it"})
def desk_show(c: Any, id: str) -> None:
    """One proposal: its text, what the check says, what happened, what to do."""
    from plugins.desk.listing import show_lines

    with open_desk() as desk:
        for line in show_lines(desk.show(id)):
            say(line)


@task(positional=["id"], help={"id": "the proposal, as ./inv desk lists it"})
def desk_preview(c: Any, id: str) -> None:
    """Build one proposal as a page of the site, in a folder that nobody publishes."""
    from plugins.desk.preview import preview_story

    with open_desk() as desk:
        row = desk.row(id)
        page = preview_story(place.root, place.settings, id, desk.files(id), row.name)
    shown = page.relative_to(place.root).as_posix()
    print(f"Built {shown}.")
    print(
        f"./inv serve shows it at http://127.0.0.1:8000/{shown.removeprefix('var/').removesuffix('index.html')}"
    )


@task(
    positional=["id"],
    help={"id": "the proposal", "words": "what you want to tell them", "by": "the slug of who asks"},
)
def desk_ask(c: Any, id: str, words: str = "", by: str = "") -> None:
    """Show its storyteller the text as it is now, and ask for their yes."""
    from plugins.submissions.following import ask
    from plugins.submissions.outbox import Outbox
    from plugins.submissions.tokens import site_secret

    with open_desk() as desk:
        token = ask(Outbox(desk.store, site_secret(place.root, os.environ)), desk, id, _by(desk, by), words)
        known = (
            os.environ.get("FIRSTHAND_SITEURL"),
            desk.settings.get("SITEURL"),
            desk.settings.get("FEED_DOMAIN"),
        )
        site = next((address.rstrip("/") for address in known if address), "")
        mount = desk.settings.get("FIRSTHAND_SUBMIT_URL") or "/submit"
    print(f"They are asked. Their own page, for them alone: {site}{mount}/s/{token}")


@task(
    positional=["id"],
    help={"id": "the proposal", "typo": "only a typing error was mended", "by": "the slug of who publishes"},
)
def desk_publish(c: Any, id: str, typo: bool = False, by: str = "") -> None:
    """Bring a proposal's story into content/ as one commit; needs its storyteller's yes after an edit."""
    with open_desk() as desk:
        commit = desk.publish(id, typo=typo, by=_by(desk, by))
        print(f"Published stories/{desk.row(id).slug} in commit {commit[:10]}. It shows at the next build.")


@task(
    positional=["id"],
    help={
        "id": "the proposal",
        "reason": "why, for its storyteller to read",
        "by": "the slug of who decides",
    },
)
def desk_decline(c: Any, id: str, reason: str = "", by: str = "") -> None:
    """End a proposal that is not for here, with a reason that its storyteller reads."""
    with open_desk() as desk:
        desk.decline(id, reason, by=_by(desk, by))
        print(f"Declined {id}.")


@task(positional=["slug"], help={"slug": "the story's folder in stories/", "by": "the slug of who does it"})
def desk_withdraw(c: Any, slug: str, by: str = "") -> None:
    """Take a published story back: gone at the next build, with a quiet note at its address."""
    with open_desk() as desk:
        commit = desk.withdraw(slug, by=_by(desk, by))
        where = f" in commit {commit[:10]}" if commit else ""
        print(f"Took stories/{slug} back{where}. It is gone at the next build; the history of git keeps it.")


def _by(desk: Desk, by: str) -> str:
    """Who signs: the person named, else who reads the stories that come in."""
    by = by or str(desk.settings.get("FIRSTHAND_STORY_READER") or "")
    if by and not (place.content / "people" / f"{by}.md").is_file():
        raise FirsthandError(f"content/people/ has nobody called {by!r}. Give a person's slug with --by.")
    return by


commands = Collection("desk")
commands.add_task(desk_list, name="list", default=True)
for one in (desk_show, desk_preview, desk_ask, desk_publish, desk_decline, desk_withdraw):
    commands.add_task(one, name=one.__name__.removeprefix("desk_"))
