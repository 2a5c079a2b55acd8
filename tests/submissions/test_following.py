"""What the desk does reaches the storyteller once, and what they say reaches the desk, whoever is down."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from sqlalchemy import select

from plugins import FirsthandError
from plugins.database import database
from plugins.desk import ForgeDown, ProposalLink, ProposalRefused, StoryFiles
from plugins.submissions import Outbox, Photo, Submission
from plugins.submissions.following import ask, follow
from plugins.submissions.forget import forget, keep_days, sweep, take_back
from plugins.submissions.outbox import digest_of
from plugins.submissions.rows import PHOTOS, STORIES
from plugins.submissions.steps import steps_of, take_step
from plugins.submissions.submission import Named

DAY = 86_400


class Clock:
    now = 1_795_348_800.0

    def __call__(self) -> float:
        return self.now


@dataclasses.dataclass(frozen=True)
class Event:
    number: int
    kind: str
    by: str = ""
    words: str = ""
    id: str = ""
    at: datetime.datetime = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


class FakeDesk:
    """As much of the desk as storytellers have to do with."""

    def __init__(self) -> None:
        self.id = ""  # of the proposal that events are about
        self.events: list[Event] = []
        self.heard: list[tuple] = []
        self.taken: list[str] = []
        self.text = b"---\ntitle: A\n---\nIt poured.\n"
        self.down = self.unknown = self.late = False
        self.forgot: list[str] = []

    def _up(self):
        if self.down:
            raise ForgeDown("503")

    def news(self, after):
        return [
            dataclasses.replace(event, id=event.id or self.id)
            for event in self.events
            if event.number > after
        ]

    def history(self, id):
        return []

    def row(self, id):
        return self.files(id)

    def files(self, id):
        self._up()
        return StoryFiles("the-wet-day", {"index.md": self.text})

    def asked(self, id, by, digest, words):
        self.heard.append(("asked", by, digest, words))

    def answered(self, id, answer, words, digest):
        self._up()
        if self.late:
            raise ProposalRefused("late")
        self.heard.append((answer, words, digest))

    def withdrawn_by_teller(self, id):
        self._up()
        if self.unknown:
            raise ProposalRefused("unknown")
        self.taken.append(id)

    def forget(self, id):
        self._up()
        self.forgot.append(id)


@pytest.fixture
def outbox(tmp_path):
    with database(tmp_path) as opened:
        yield Outbox(opened, b"a secret of the test", Clock())


@pytest.fixture
def desk():
    return FakeDesk()


def sent(outbox, *, delivered=True):
    receipt = outbox.receive(
        Submission(
            text="It rained on Marmaduke.",
            name="Jo Halewood",
            consent="1",
            email="jo@secret.example",
            photos=(Photo("p.jpg", b"pixels-of-jo"),),
        )
    )
    (waiting,) = [row for row in outbox.pending(outbox.clock()) if row.id == receipt.id]
    if delivered:
        outbox.delivered(receipt.id, ProposalLink(waiting.proposal, "story/x"))
    return receipt, waiting.proposal


def kinds(outbox, receipt):
    return [step.kind for step in steps_of(outbox.database, receipt.id)]


def row(outbox, receipt):
    with outbox.database.begin() as connection:
        return connection.execute(select(STORIES).where(STORIES.c.id == receipt.id)).mappings().one()


def test_what_the_desk_does_is_told_once(outbox, desk):
    receipt, desk.id = sent(outbox)
    desk.events = [Event(1, "opened"), Event(2, "edited", "marisol-q"), Event(3, "asked", "marisol-q")]
    follow(outbox, desk)
    follow(outbox, desk)
    assert kinds(outbox, receipt) == ["received", "edited"]
    assert follow(outbox, desk, 0) == 3
    assert follow(outbox, desk, 3) == 3
    desk.events.append(Event(4, "published", "emeka", "Here it is."))
    follow(outbox, desk)
    follow(outbox, desk)
    last = steps_of(outbox.database, receipt.id)[-1]
    assert (last.kind, last.person, last.words, last.at) == (
        "published",
        "emeka",
        "Here it is.",
        desk.events[-1].at,
    )
    assert (row(outbox, receipt)["state"], row(outbox, receipt)["address"]) == ("published", "the-wet-day")


def test_a_question_and_the_answer(outbox, desk):
    receipt, proposal = sent(outbox)
    assert ask(outbox, desk, proposal, "marisol-q", "All right?") == receipt.token
    digest = digest_of(desk.text.decode())
    assert desk.heard == [("asked", "marisol-q", digest, "All right?")]
    assert row(outbox, receipt)["asked"] == desk.text.decode()
    with outbox.database.begin() as connection:
        take_step(connection, receipt.id, "agreed", outbox.clock(), words="Yes!", shown=digest)
    desk.down = True
    follow(outbox, desk)
    assert len(desk.heard) == 1
    desk.down = False
    follow(outbox, desk)
    follow(outbox, desk)
    assert desk.heard[1:] == [("yes", "Yes!", digest)]


def test_an_answer_that_comes_too_late_holds_up_no_other(outbox, desk):
    receipt, _ = sent(outbox)
    desk.late = True
    with outbox.database.begin() as connection:
        take_step(connection, receipt.id, "agreed", outbox.clock())
    follow(outbox, desk)
    desk.late = False
    with outbox.database.begin() as connection:
        take_step(connection, receipt.id, "comment", outbox.clock(), words="Hello?")
    follow(outbox, desk)
    assert desk.heard == [("comment", "Hello?", "")]


def test_taken_back_before_the_desk_has_heard_of_it(outbox, desk):
    receipt, _ = sent(outbox, delivered=False)
    desk.unknown = True
    take_back(outbox, receipt.id)
    follow(outbox, desk)
    assert row(outbox, receipt)["state"] == "withdrawn"


def test_nobody_is_asked_about_what_nobody_sent(outbox, desk):
    with pytest.raises(FirsthandError, match="Nobody waits"):
        ask(outbox, desk, "2026-11-22-00000000", "marisol-q")


@pytest.mark.parametrize("delivered", [True, False])
def test_taken_back_the_desk_is_told_until_it_has_heard(outbox, desk, delivered):
    receipt, proposal = sent(outbox, delivered=delivered)
    take_back(outbox, receipt.id)
    take_back(outbox, receipt.id)
    assert not outbox.pending(outbox.clock())
    desk.down = True
    follow(outbox, desk)
    assert row(outbox, receipt)["state"] == "leaving"
    desk.down = False
    follow(outbox, desk)
    follow(outbox, desk)
    assert desk.taken == [proposal]
    assert row(outbox, receipt)["state"] == "withdrawn"
    assert kinds(outbox, receipt) == ["received", "left"]


def on_disk(tmp_path) -> bytes:
    return b"".join(path.read_bytes() for path in (tmp_path / "var").iterdir())


PRIVATE = (b"jo@secret.example", b"Halewood", b"halewood", b"Marmaduke", b"pixels-of-jo")


def test_what_is_forgotten_is_gone_from_the_disk_too(outbox, desk, tmp_path):
    receipt, proposal = sent(outbox)
    outbox.name(receipt.id, lambda stories, people: Named("a", "halewood"))
    assert all(word in on_disk(tmp_path) for word in PRIVATE)
    forget(outbox, receipt.id)
    assert not [word for word in PRIVATE if word in on_disk(tmp_path)]
    follow(outbox, desk)
    assert desk.taken == desk.forgot == [proposal]
    assert row(outbox, receipt)["state"] == "forgotten"
    assert kinds(outbox, receipt) == []
    assert outbox.read(receipt.id) is None


def test_a_live_story_stays_when_its_storyteller_is_forgotten(outbox, desk):
    receipt, proposal = sent(outbox)
    desk.id, desk.events = proposal, [Event(1, "published")]
    follow(outbox, desk)
    forget(outbox, receipt.id)
    follow(outbox, desk)
    assert not desk.taken
    assert desk.forgot == [proposal]
    assert row(outbox, receipt)["state"] == "forgotten"


def test_what_ended_is_forgotten_after_a_set_time(outbox, desk, tmp_path):
    declined, desk.id = sent(outbox)
    desk.events = [Event(1, "declined", "emeka", "Somebody in it was not asked.")]
    follow(outbox, desk)
    waits, _ = sent(outbox)
    outbox.clock.now += 180 * DAY + DAY
    desk.events = [Event(2, "opened")]
    assert sweep(outbox, 200) == 0
    assert sweep(outbox, 180) == 1
    assert sweep(outbox, 180) == 0
    assert row(outbox, declined)["email"] == ""
    assert outbox.read(waits.id) is not None


def test_the_way_back_to_a_live_story_stays(outbox, desk):
    receipt, proposal = sent(outbox)
    desk.id, desk.events = proposal, [Event(1, "published")]
    follow(outbox, desk)
    outbox.clock.now += 400 * DAY
    assert sweep(outbox, 180) == 1
    assert sweep(outbox, 180) == 0
    with outbox.database.begin() as connection:
        assert not connection.execute(select(PHOTOS)).all()
    assert row(outbox, receipt)["token"] == digest_of(receipt.token)
    take_back(outbox, receipt.id)
    follow(outbox, desk)
    assert desk.taken == [proposal]
    assert row(outbox, receipt)["state"] == "withdrawn"


def test_how_long_is_a_number_of_days():
    assert keep_days({}) == 180
    assert keep_days({"FIRSTHAND_KEEP_DAYS": "30"}) == 30
    for wrong in ("0", "a month", "-1", "1e3", "99999"):
        with pytest.raises(FirsthandError, match="FIRSTHAND_KEEP_DAYS"):
            keep_days({"FIRSTHAND_KEEP_DAYS": wrong})
