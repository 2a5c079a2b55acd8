"""The outbox: what it was given, it gives back; the same form twice is one; tokens are nowhere."""

from __future__ import annotations

import dataclasses
import datetime
import sqlite3

import pytest
from sqlalchemy import select

from plugins.database import database
from plugins.desk.proposal import ProposalLink
from plugins.submissions import Outbox, Photo, Submission
from plugins.submissions.rows import STORIES

SECRET = b"a secret of the test"
NOON = 1_795_348_800.0  # 2026-11-22T12:00:00Z


def submission(**other) -> Submission:
    return Submission(text="What happened.\n", name="Ada Brook", consent="1", **other)


@pytest.fixture
def outbox(tmp_path):
    with database(tmp_path) as opened:
        yield Outbox(opened, SECRET, lambda: NOON)


def test_what_it_was_given_it_gives_back(outbox):
    sent = submission(
        email="ada@example.org",
        title="A day",
        style="other",
        shown_as="A. B.",
        channels=("site", "feeds"),
        until=datetime.date(2028, 1, 2),
        conversation=False,
        photos=(Photo("IMG 1.jpg", b"\xff\xd8one", "A lathe", "Me"), Photo("b.png", b"two")),
        key="form-1",
    )
    receipt = outbox.receive(sent)
    assert outbox.read(receipt.id) == sent
    assert receipt.at == datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def test_the_same_form_confirmed_twice_is_one_submission(outbox):
    first = outbox.receive(submission(key="form-1"))
    assert outbox.receive(submission(key="form-1")) == first
    assert outbox.receive(submission(key="form-2")) != first
    assert outbox.receive(submission()) != outbox.receive(submission())
    assert len(outbox.pending(NOON)) == 4


def test_no_token_is_in_the_database(outbox, tmp_path):
    receipt = outbox.receive(submission())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "var").iterdir())
    assert receipt.id.encode() in kept
    assert receipt.token.encode() not in kept
    assert outbox.token_of(receipt.id) == receipt.token
    assert Outbox(outbox.database, b"another secret").token_of(receipt.id) != receipt.token


def test_what_failed_waits_and_what_is_delivered_does_not_come_again(outbox):
    receipt = outbox.receive(submission())
    (waiting,) = outbox.pending(NOON)
    assert (waiting.id, waiting.attempts, waiting.error) == (receipt.id, 0, "")
    outbox.failed(receipt.id, "The forge is down.", NOON + 60)
    assert not outbox.pending(NOON + 59)
    assert outbox.pending(NOON + 60) == [dataclasses.replace(waiting, attempts=1, error="The forge is down.")]
    outbox.delivered(
        receipt.id, ProposalLink(waiting.proposal, "story/" + waiting.proposal, "https://f/1", 1)
    )
    outbox.delivered(receipt.id, ProposalLink(waiting.proposal, "story/other"))
    assert not outbox.pending(NOON + 60)
    with outbox.database.begin() as connection:
        (row,) = connection.execute(select(STORIES)).mappings()
    assert (row["branch"], row["url"], row["number"]) == ("story/" + waiting.proposal, "https://f/1", 1)


def test_a_receipt_is_on_the_disk_before_it_is_given(outbox, tmp_path):
    outbox.receive(submission())
    with outbox.database.engine.connect() as connection:
        level = connection.connection.cursor().execute("PRAGMA synchronous").fetchone()[0]
    assert level == 2  # FULL: https://sqlite.org/pragma.html#pragma_synchronous
    with sqlite3.connect(tmp_path / "var" / "firsthand.sqlite") as other:
        assert other.execute("SELECT count(*) FROM submissions_stories").fetchone() == (1,)
    other.close()
