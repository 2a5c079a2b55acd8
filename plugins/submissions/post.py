"""The letters that are due: each sent once the step is kept, tried again while the mail server is down."""

from __future__ import annotations

import datetime
import logging
from functools import partial

from sqlalchemy import select, update

from plugins.mail import Mail, MailDown, MailRefused

from .compose import credited, title_of
from .host import Host
from .letters import About, letter
from .outbox import Outbox, digest_of
from .rows import STEPS, STORIES
from .steps import Step
from .submission import Submission

logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0  # seconds
MOST_TRIES = 80  # more than three days


def send_letters(outbox: Outbox, mail: Mail | None, host: Host) -> int:
    """Send what is due, oldest first; how many went out. Without a mail server, nothing is kept for later.

    A server that is down ends the round. Raises DatabaseUnusable.
    """
    sent = 0
    steps, stories = STEPS.c, STORIES.c
    wanted = (
        select(STEPS, stories.story.label("sent"), stories.email, stories.token, stories.address)
        .join(STORIES, stories.id == steps.story)
        .where(steps.mailed.is_(False), steps.again_at <= outbox.clock())
        .order_by(steps.id)
        .limit(50)
    )
    with outbox.database.begin() as connection:
        rows = connection.execute(wanted).mappings().all()
    for row in rows:
        if mail is None or not row["email"] or not row["sent"]:
            _settle(outbox, row["id"])
            continue
        submission = Submission.from_json(row["sent"])
        token = outbox.token_of(row["story"])
        about = About(
            receipt=row["story"],
            name=credited(submission),
            title=title_of(submission),
            # Where the site has another secret by now, only the storyteller still has the link.
            link=host.link(token) if digest_of(token) == row["token"] else "",
            live=host.live(row["address"]) if row["address"] else "",
            site=host.name,
            person=host.signed(row["person"]),
        )
        at = datetime.datetime.fromtimestamp(row["at"], datetime.UTC)
        step = Step(row["id"], row["kind"], at, row["person"], row["words"])
        try:
            mail.send(row["email"], letter(step, about, partial(host.words.say, lang=submission.lang)))
        except MailDown as error:
            wait = min(FIRST_WAIT * 2.0 ** min(row["tries"], 20), LONGEST_WAIT)
            _later(outbox, row["id"], row["tries"] + 1, wait)
            logger.warning("Letters wait (%s). Tried again in %.0f s.", error, wait)
            break
        except MailRefused as error:
            logger.error("A letter about %s cannot be sent: %s", row["story"], error)
        else:
            sent += 1
        _settle(outbox, row["id"])
    return sent


def _settle(outbox: Outbox, id: int) -> None:
    with outbox.database.begin() as connection:
        connection.execute(update(STEPS).where(STEPS.c.id == id).values(mailed=True))


def _later(outbox: Outbox, id: int, tries: int, wait: float) -> None:
    # Every letter waits: they all go through one server.
    with outbox.database.begin() as connection:
        again = outbox.clock() + wait
        connection.execute(
            update(STEPS).where(STEPS.c.id == id).values(tries=tries, mailed=tries >= MOST_TRIES)
        )
        connection.execute(
            update(STEPS).where(STEPS.c.mailed.is_(False), STEPS.c.again_at < again).values(again_at=again)
        )
