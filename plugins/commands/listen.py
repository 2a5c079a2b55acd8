"""Who waits for an answer, and answering."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.collection import Collection
from invoke.tasks import task

from plugins import FirsthandError

from .place import as_json, conversing, place, plainly, say

if TYPE_CHECKING:
    from plugins.conversations.listen import Heard


@task(
    help={
        "json": "for a machine to read",
        "markdown": "as an issue for a forge",
        "by": "only what this person answers: their slug",
        "mail": "write to those who answer, at the hours they set",
        "now": "with --mail: whatever the hour",
    }
)
def listen_list(
    c: Any, json: bool = False, markdown: bool = False, by: str = "", mail: bool = False, now: bool = False
) -> None:
    """Who waits for an answer: the longest wait first, with who answers and what they promised."""
    from plugins.conversations.comments.notice import in_words
    from plugins.conversations.listen import listen
    from plugins.conversations.waitlist import as_data, as_lines, as_markdown

    with plainly():
        settings = conversing()
        heard = listen(place.content, settings, datetime.datetime.now(datetime.UTC))
        for problem in heard.problems:
            print(problem, file=sys.stderr)
        if mail:
            _mail_digests(heard, settings, now)
            return
        if by and by not in heard.people:
            raise FirsthandError(
                f"Nobody is called {by!r}. Give the name of the file in content/people/ of who answers."
            )
        waiting = [one for one in heard.waiting if by in ("", one.person)]
        if json:
            print(as_json(as_data(waiting)))
        else:
            for line in as_markdown(waiting) if markdown else as_lines(waiting):
                say(line)
            if heard.held:
                say(f"\n{in_words(heard.held)}.")


def _mail_digests(heard: Heard, settings: dict[str, Any], at_once: bool) -> None:
    from plugins.conversations.digest import send_digests
    from plugins.database import database
    from plugins.mail import mail_of

    server = mail_of(os.environ)
    if server is None:
        raise FirsthandError("FIRSTHAND_SMTP_URL names no mail server, so nobody can be written to. Set it.")
    with database(place.root) as store:
        now = datetime.datetime.now(datetime.UTC)
        sent = send_digests(heard, settings, store, server, now=now, at_once=at_once, say=say)
    if sent or at_once or sys.stdout.isatty():  # cron hears of what was done alone
        print(f"{sent} letter{'' if sent == 1 else 's'} sent.")


@task(
    positional=["comment"],
    help={"comment": "as ./inv listen lists it", "reason": "why", "by": "the slug of who decides"},
)
def listen_settle(c: Any, comment: str, reason: str = "", by: str = "") -> None:
    """Note that a comment needs no answer, and why."""
    from plugins.conversations.settle import settle

    with plainly():
        now = datetime.datetime.now(datetime.UTC)
        one, count = settle(place.content, conversing(), comment, reason=reason, by=by, now=now)
    beside = f", nor what stands beside it ({count - 1})" if count > 1 else ""
    print(f"{one.ref} needs no answer{beside}. It is noted in content/conversations/ledger.jsonl.")


@task(
    positional=["day"],
    help={"day": "the first that is kept, like 2024-12-31", "reason": "why", "by": "the slug of who decides"},
)
def listen_settle_before(c: Any, day: str, reason: str = "", by: str = "") -> None:
    """Note that whatever was last written before a day needs no answer, and why."""
    from plugins.conversations.settle import settle_before

    with plainly():
        first, now = _day(day), datetime.datetime.now(datetime.UTC)
        count = settle_before(place.content, conversing(), first, reason=reason, by=by, now=now)
    if not count:
        print(f"Nothing from before {first} waits for an answer.")
        return
    need = "comment from before {} needs" if count == 1 else "comments from before {} need"
    print(f"{count} {need.format(first)} no answer. It is noted in content/conversations/ledger.jsonl.")


@task(
    positional=["comment"],
    help={
        "comment": "as ./inv listen lists it",
        "by": "the slug of who answers",
        "words": "the answer",
        "file": "the file that has the answer, in Markdown",
        "open": "where another system keeps the comment: open its page in the browser",
    },
)
def reply(c: Any, comment: str, by: str = "", words: str = "", file: str = "", open: bool = False) -> None:
    """Answer a comment as a member of staff, where it is kept; says where, if that is not here."""
    import webbrowser

    from plugins.conversations.answer import Elsewhere
    from plugins.conversations.answer import reply as run
    from plugins.conversations.bring import bring

    with plainly():
        settings, now = conversing(), datetime.datetime.now(datetime.UTC)
        text = words or (_read(Path(file)) if file else "")
        contact = str(settings.get("FIRSTHAND_CONTACT", ""))
        done = run(place.content, settings, comment, by=by, words=text, now=now, contact=contact)
        if isinstance(done, Elsewhere):
            account = f", as {done.account}" if done.account else ""
            print(f"{done.provider} keeps this comment. Answer it there{account}: {done.url}")
            if open and not webbrowser.open(done.url):
                print("No browser can be opened here.")
            return
        print(f"{done.by} has answered {done.ref}.")
        if done.approved:
            bring(place.content, settings, story=done.ref.partition("/")[0], say=say, contact=contact)
            print(
                "Commit content/conversations/: the ledger there is what makes the answer known as staff's."
            )
        else:
            print("It waits for a moderator, as everything does there.")


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise FirsthandError(f"{text!r} is no day. Write it like 2024-12-31.") from error


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FirsthandError(f"{file} cannot be read as text: {error}. Check the path.") from error


commands = Collection("listen")
commands.add_task(listen_list, name="list", default=True)
commands.add_task(listen_settle, name="settle")
commands.add_task(listen_settle_before, name="settle-before")
