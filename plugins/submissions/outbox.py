"""What was sent and has to reach the desk: durable before anybody is thanked, kept until it is there."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, insert, select, update

from plugins.database import Database
from plugins.desk.proposal import new_id

from .rows import PHOTOS, STORIES
from .steps import take_step
from .submission import Named, Photo, Receipt, Submission

ERROR_LENGTH = 500  # characters


class Delivered(Protocol):
    """Where a proposal went: the desk's ProposalLink."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def branch(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def number(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True)
class Waiting:
    """A submission that is not at the desk yet. Times are seconds since 1970."""

    id: str
    proposal: str
    replaced: str
    at: float
    attempts: int
    error: str


class Outbox:
    """The submissions of a site. `secret` makes the storytellers' tokens; see plugins.submissions.tokens."""

    def __init__(self, database: Database, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock
        self._secret = secret

    def receive(self, submission: Submission) -> Receipt:
        """Keep a submission; when this returns it outlives a power cut. The same form twice is one.

        Raises DatabaseUnusable: then nothing was kept, and nobody may be thanked.
        """
        now = self.clock()
        with self.database.begin(durable=True) as connection:
            if submission.key and (known := self._known(connection, submission.key)):
                return known
            day = datetime.datetime.fromtimestamp(now, datetime.UTC).date()
            id = secrets.token_hex(8)
            receipt = Receipt(id, self.token_of(id), _moment(now))
            connection.execute(
                insert(STORIES).values(
                    id=id,
                    key=submission.key or None,
                    token=digest_of(receipt.token),
                    proposal=_free_proposal(connection, day),
                    at=now,
                    changed=now,
                    state="pending",
                    story=submission.to_json(),
                    digest=digest_of(submission.text),
                    email=submission.email,
                )
            )
            for place, photo in enumerate(submission.photos):
                connection.execute(
                    insert(PHOTOS).values(
                        story=id,
                        place=place,
                        name=photo.name,
                        data=photo.data,
                        alt=photo.alt,
                        credit=photo.credit,
                    )
                )
            take_step(connection, id, "received", now)
        return receipt

    def token_of(self, id: str) -> str:
        """The storyteller's token, made again from the secret for letters: only its hash is kept."""
        mac = hmac.digest(self._secret, f"storyteller {id}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    def pending(self, now: float, limit: int = 100) -> list[Waiting]:
        """What has to be tried by now, oldest first. Raises DatabaseUnusable."""
        table = STORIES.c
        wanted = (
            select(table.id, table.proposal, table.replaced, table.at, table.attempts, table.error)
            .where(table.state == "pending", table.again_at <= now)
            .order_by(table.at, table.id)
            .limit(limit)
        )
        with self.database.begin() as connection:
            return [Waiting(**row) for row in connection.execute(wanted).mappings()]

    def read(self, id: str) -> Submission | None:
        """What was sent, with its photographs; None where it was forgotten since."""
        with self.database.begin() as connection:
            row = connection.execute(select(STORIES).where(STORIES.c.id == id)).mappings().first()
            if row is None or not row["story"]:
                return None
            wanted = select(PHOTOS).where(PHOTOS.c.story == id).order_by(PHOTOS.c.place)
            photos = connection.execute(wanted).mappings().all()
        kept = tuple(Photo(photo["name"], photo["data"], photo["alt"], photo["credit"]) for photo in photos)
        return Submission.from_json(row["story"], email=row["email"], photos=kept, key=row["key"] or "")

    def delivered(self, id: str, link: Delivered) -> None:
        """The desk has it. Told twice, or of a text that was replaced meanwhile, it stays as it is."""
        wanted = update(STORIES).where(
            STORIES.c.id == id, STORIES.c.state == "pending", STORIES.c.proposal == link.id
        )
        values = {"branch": link.branch, "url": link.url, "number": link.number}
        with self.database.begin(durable=True) as connection:
            connection.execute(
                wanted.values(state="delivered", error="", changed=self.clock(), replaced="", **values)
            )

    def replace(self, id: str, submission: Submission) -> bool:
        """Another text in place of the one that was sent: a new proposal, before which the old one ends.

        False where it is not on its way, or with an editor, any more.
        """
        table = STORIES.c
        with self.database.begin(durable=True) as connection:
            row = connection.execute(
                select(table.state, table.slug, table.proposal).where(table.id == id)
            ).first()
            if row is None or row.state not in ("pending", "delivered"):
                return False
            values: dict[str, object] = {"story": submission.to_json(), "digest": digest_of(submission.text)}
            if row.slug is not None or row.state == "delivered":  # the desk may know the first one
                day = _moment(self.clock()).date()
                values |= {"replaced": row.proposal, "proposal": _free_proposal(connection, day)}
                values |= {"state": "pending", "attempts": 0, "again_at": 0, "changed": self.clock()}
            connection.execute(update(STORIES).where(table.id == id).values(**values))
        return True

    def failed(self, id: str, error: str, again_at: float, *, all_of_them: bool = False) -> None:
        """The desk could not take it now; try again at `again_at`, and `all_of_them` that wait no sooner."""
        self._change(id, attempts=STORIES.c.attempts + 1, error=error[:ERROR_LENGTH], again_at=again_at)
        if all_of_them:
            later = update(STORIES).where(STORIES.c.state == "pending", STORIES.c.again_at < again_at)
            with self.database.begin() as connection:
                connection.execute(later.values(again_at=again_at))

    def name(self, id: str, choose: Callable[[set[str], set[str]], Named]) -> Named:
        """The story's and its teller's slugs: chosen once, from none that another submission has.

        `choose` is given the slugs of stories and of tellers that are taken.
        """
        table = STORIES.c
        with self.database.begin(durable=True) as connection:
            rows = connection.execute(
                select(table.id, table.slug, table.author).where(table.slug.is_not(None))
            )
            taken = {row.id: Named(row.slug, row.author) for row in rows}
            if id in taken:
                return taken[id]
            chosen = choose(
                {names.slug for names in taken.values()}, {names.author for names in taken.values()}
            )
            connection.execute(
                update(STORIES).where(table.id == id).values(slug=chosen.slug, author=chosen.author)
            )
        return chosen

    def receipt_of(self, waiting: Waiting) -> Receipt:
        """What its storyteller was given."""
        return Receipt(waiting.id, self.token_of(waiting.id), _moment(waiting.at))

    def _change(self, id: str, **values: object) -> None:
        wanted = update(STORIES).where(STORIES.c.id == id, STORIES.c.state == "pending")
        with self.database.begin(durable=True) as connection:
            connection.execute(wanted.values(changed=self.clock(), **values))

    def _known(self, connection: Connection, key: str) -> Receipt | None:
        row = connection.execute(select(STORIES.c.id, STORIES.c.at).where(STORIES.c.key == key)).first()
        return Receipt(row.id, self.token_of(row.id), _moment(row.at)) if row else None


def digest_of(text: str) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def no_token(id: str) -> str:
    """What stands for the digest of a forgotten storyteller's token: the digest of none."""
    return f"forgotten {id}"


def _free_proposal(connection: Connection, day: datetime.date) -> str:
    """DATE-HEX. Two stories of one name would be one branch, so the column is unique and this asks first."""
    while True:
        id = new_id(day)
        if connection.execute(select(STORIES.c.id).where(STORIES.c.proposal == id)).first() is None:
            return id


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
