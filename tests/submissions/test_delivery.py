"""Delivery: one proposal a submission, the same at every try; a forge that is down; kills at any moment."""

from __future__ import annotations

import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plugins import FirsthandError
from plugins.database import database
from plugins.desk import ForgeDown, ProposalLink, ProposalRefused
from plugins.guard.document import read_document
from plugins.guard.finding import errors
from plugins.submissions import Outbox, Photo, Receipt, Submission
from plugins.submissions.compose import checks, credited, named, story_files, summary_of
from plugins.submissions.delivery import FIRST_WAIT, LONGEST_WAIT, Worker, back_off, deliver
from plugins.submissions.held import held_lines
from plugins.submissions.submission import Named

SECRET = b"a secret of the test"
DAY = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
RECEIPT = Receipt("7f3a00112233aabb", "token", DAY)


def photo(name="IMG_1.HEIC", kind="JPEG", **words) -> Photo:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return Photo(name, out.getvalue(), **words)


def submission(text="It rained. Then Walt came.\n", **other) -> Submission:
    fields = {"name": "Jo Hale", "consent": "1", "email": "jo@example.org"}
    return Submission(text=text, **{**fields, **other})


class FakeDesk:
    """As plugins.desk.desk.Desk: asked twice, it opens once. It can be down, and die before or after."""

    def __init__(self) -> None:
        self.kept: dict = {}
        self.asked: list[str] = []
        self.ended: list[str] = []
        self.before: list[BaseException] = []
        self.after: list[BaseException] = []

    def propose(self, proposal):
        self.asked.append(proposal.id)
        if self.before:
            raise self.before.pop(0)
        known = self.kept.setdefault(proposal.id, proposal)
        assert known == proposal, "asked again, with something else"
        if self.after:
            raise self.after.pop(0)
        return ProposalLink(proposal.id, proposal.branch, "", None)

    def withdrawn_by_teller(self, id):
        if id not in self.kept:
            raise ProposalRefused("unknown")
        self.ended.append(id)

    def history(self, id):
        return [id] if id in self.kept else []


class Clock:
    def __init__(self) -> None:
        self.now = DAY.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def outbox(tmp_path, clock):
    with database(tmp_path) as opened:
        yield Outbox(opened, SECRET, clock)


@pytest.fixture
def content(tmp_path):
    folder = tmp_path / "content"
    (folder / "stories").mkdir(parents=True)
    (folder / "people").mkdir()
    return folder


def front(story, tmp_path):
    return read_document(tmp_path / "index.md", raw=story.files["index.md"])


def test_an_editor_sees_what_the_desk_did_not_take(outbox, content, clock):
    outbox.receive(submission(title="The wet\x1b day"))
    clock.now += 1
    outbox.receive(submission(title="A dry day"))
    desk, told = FakeDesk(), set()
    desk.before = [FirsthandError("The token may not push.\nGive it write access.")]
    assert deliver(outbox, desk, content) == 1
    first, why, again = held_lines(outbox.database, told)
    assert first.split("  ") == [desk.asked[0], "The wet day by Jo Hale"]
    assert why.endswith("not at the desk yet: The token may not push. Give it write access.")
    assert "tried again at" in again
    assert told == {desk.asked[0]}
    clock.now += LONGEST_WAIT + 1
    assert deliver(outbox, desk, content) == 1
    assert not list(held_lines(outbox.database, told))


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("It rained all day at the bench, and nobody had brought a coat. Then Walt came.", 1),
        ("It rained. Nobody had brought a coat, and the bench was wet to the last board. Then Walt came.", 2),
        ("It rained. " + "Nobody had brought a coat, and so we stood " * 9 + "there.", 1),
        ("It rained. Then Walt came.", 2),
    ],
)
def test_a_summary_is_a_sentence_or_two(text, summary):
    ends = [number for number, mark in enumerate(text, start=1) if mark == "."]
    assert summary_of(submission(text=text)) == text[: ends[summary - 1]]


def test_a_submission_becomes_one_proposal(outbox, content, tmp_path):
    sent = submission(
        title="The wet day",
        photos=(photo(alt="A teal square", credit="Jo"), photo("b.png", "PNG", alt="One [more]")),
        channels=("site", "feeds"),
        until=datetime.date(2028, 1, 2),
        conversation=False,
        relationship="customer",
        lang="de",
    )
    receipt = outbox.receive(sent)
    desk = FakeDesk()
    assert deliver(outbox, desk, content) == 1
    assert deliver(outbox, desk, content) == 0
    (proposal,) = desk.kept.values()
    assert proposal.story.slug == "the-wet-day"
    assert set(proposal.story.files) == {"index.md", "photo-1.jpg", "photo-2.png"}
    assert (proposal.origin.kind, proposal.origin.name, proposal.origin.receipt) == (
        "form",
        "Jo Hale",
        receipt.id,
    )
    document = front(proposal.story, tmp_path)
    assert document.front == {
        "title": "The wet day",
        "date": DAY.date(),
        "author": "jo-hale",
        "category": "Sent in",
        "summary": "It rained. Then Walt came.",
        "lang": "de",
        "status": "draft",
        "cover": "photo-1.jpg",
        "photos": {
            "photo-1.jpg": {"alt": "A teal square", "credit": "Jo"},
            "photo-2.png": {"alt": "One [more]"},
        },
        "relationship": "customer",
        "answers": "nobody",
        "consent": {
            "given": DAY.date(),
            "version": "1",
            "name": "full",
            "shown_as": "Jo Hale",
            "channels": ["site", "feeds"],
            "until": datetime.date(2028, 1, 2),
            "receipt": receipt.id,
        },
    }
    assert (
        document.body.strip()
        == r"It rained. Then Walt came." + "\n\n" + r"![One \[more\]]({attach}photo-2.png)"
    )
    assert not errors(proposal.checks)
    assert [found.message for found in proposal.checks] == ["photo-2.png has no credit."]


def test_nothing_private_is_in_the_proposal(outbox, content):
    outbox.receive(submission(style="first"))
    outbox.receive(submission(name="Ann Quiet", style="other", shown_as="A bird"))
    desk = FakeDesk()
    deliver(outbox, desk, content)
    said = repr(list(desk.kept.values()))
    assert not [word for word in ("example.org", "Hale", "hale", "Ann", "quiet") if word in said]
    assert {proposal.origin.name for proposal in desk.kept.values()} == {"Jo", "A bird"}


def test_nobody_is_credited_for_a_name_they_typed(outbox, content):
    (content / "people" / "jo-hale.md").write_text("---\nname: Jo Hale\nkind: staff\n---\n")
    (content / "stories" / "it-rained-then-walt-came").mkdir()
    outbox.receive(submission())
    outbox.receive(submission())
    desk = FakeDesk()
    deliver(outbox, desk, content)
    stories = [proposal.story for proposal in desk.kept.values()]
    assert [story.slug for story in stories] == ["it-rained-then-walt-came-2", "it-rained-then-walt-came-3"]
    assert [story.text.count(f"author: jo-hale-{n}\n") for n, story in zip((2, 3), stories, strict=True)] == [
        1,
        1,
    ]
    assert "called Jo Hale already" in "".join(map(str, next(iter(desk.kept.values())).checks))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_the_desk_is_asked_it_is_proposed_once(outbox, content, moment):
    outbox.receive(submission(title="Twice?"))
    desk = FakeDesk()
    getattr(desk, moment).append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver(outbox, desk, content)
    # Whatever stands in content/ now, it is the same proposal.
    (content / "stories" / "twice").mkdir()
    assert deliver(outbox, desk, content) == 1
    assert len(desk.kept) == 1
    assert len(set(desk.asked)) == 1


def test_a_forge_that_is_down_is_left_in_peace_and_tried_again(outbox, content, clock):
    outbox.receive(submission(title="One"))
    outbox.receive(submission(title="Two"))
    desk = FakeDesk()
    desk.before = [ForgeDown("503"), ForgeDown("rate", retry_after=300), ForgeDown("503")]
    assert deliver(outbox, desk, content) == 0
    assert len(desk.asked) == 1, "the other one waits as well"
    clock.now += FIRST_WAIT - 1
    deliver(outbox, desk, content)
    assert len(desk.asked) == 1
    clock.now += 1
    deliver(outbox, desk, content)
    clock.now += 299
    deliver(outbox, desk, content)
    assert len(desk.asked) == 2
    clock.now += 1
    deliver(outbox, desk, content)
    assert len(desk.asked) == 3
    clock.now += LONGEST_WAIT
    assert deliver(outbox, desk, content) == 2
    assert len(desk.kept) == 2


def test_one_story_that_is_refused_holds_up_no_other(outbox, content, clock):
    first = outbox.receive(submission(title="One"))
    clock.now += 1
    outbox.receive(submission(title="Two"))
    clock.now += 1
    outbox.receive(submission(title="Three"))
    desk = FakeDesk()
    desk.before = [FirsthandError("The token is wrong."), ValueError("a bug")]
    assert deliver(outbox, desk, content) == 1
    clock.now += LONGEST_WAIT
    (kept, *_) = outbox.pending(clock.now)
    assert (kept.id, kept.error) == (first.id, "The token is wrong.")
    assert deliver(outbox, desk, content) == 2


def test_another_text_is_another_proposal_and_the_first_one_ends(outbox, content):
    receipt = outbox.receive(submission("It rained."))
    desk = FakeDesk()
    deliver(outbox, desk, content)
    (first,) = desk.kept
    assert outbox.replace(receipt.id, submission("It poured."))
    desk.after.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver(outbox, desk, content)
    assert deliver(outbox, desk, content) == 1
    (_, second) = desk.kept.values()
    assert "It poured." in second.story.text
    assert set(desk.ended) == {first}
    assert second.origin.receipt == receipt.id


def test_a_text_replaced_before_the_desk_saw_it_is_one_proposal(outbox, content):
    receipt = outbox.receive(submission("It rained."))
    assert outbox.replace(receipt.id, submission("It poured."))
    desk = FakeDesk()
    deliver(outbox, desk, content)
    (only,) = desk.kept.values()
    assert "It poured." in only.story.text
    assert not desk.ended


def test_a_text_replaced_while_the_first_is_handed_over_reaches_the_desk_too(outbox, content):
    receipt = outbox.receive(submission("It rained."))

    class Slow(FakeDesk):
        def propose(self, proposal):
            if not self.kept:
                outbox.replace(receipt.id, submission("It poured."))
            return super().propose(proposal)

    desk = Slow()
    deliver(outbox, desk, content)
    deliver(outbox, desk, content)
    first, second = desk.kept
    assert desk.ended == [first]
    assert "It poured." in desk.kept[second].story.text


def test_the_wait_doubles_up_to_an_hour():
    assert [back_off(n) for n in (0, 1, 2, 100)] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4, LONGEST_WAIT]


def test_the_worker_delivers_what_an_earlier_process_left_and_what_comes(outbox, content, tmp_path):
    outbox.receive(submission(title="Left"))
    desk = FakeDesk()
    done = []
    worker = Worker(outbox, desk, tmp_path, and_then=lambda: done.append(len(desk.kept))).start()
    try:
        outbox.receive(submission(title="New"))
        worker.wake()
        for _ in range(200):
            if len(desk.kept) == 2 and not outbox.pending(outbox.clock()):
                break
            worker._thread.join(0.05)
    finally:
        worker.stop()
    assert sorted(proposal.story.slug for proposal in desk.kept.values()) == ["left", "new"]
    assert done
    assert not worker._thread.is_alive()


texts = st.text(max_size=300)


@given(texts, texts, texts, texts, texts)
def test_whatever_is_typed_the_folder_holds_a_story_and_nothing_else(
    tmp_path_factory, text, title, name, alt, by
):
    sent = submission(
        text, title=title, name=name or "x", shown_as=by, style="other", photos=(photo(alt=alt),) * 2
    )
    names = named(sent, set(), set())
    story = story_files(sent, RECEIPT, names)
    assert story == story_files(sent, RECEIPT, names)
    assert set(story.files) == {"index.md", "photo-1.jpg", "photo-2.jpg"}
    document = read_document(tmp_path_factory.getbasetemp() / "index.md", raw=story.files["index.md"])
    assert document.front["status"] == "draft"
    assert document.front["author"] == names.author
    assert set(document.front) <= set(
        "title date author category summary lang status cover photos relationship consent".split()
    )
    checks(story, names, credited(sent))


@pytest.mark.parametrize(
    "hostile",
    ["{attach}../../secret.env", "![x]({static}../x)", "|filename|x", "{ index }javascript:x", "{author}x"],
)
def test_pelicans_link_marks_stay_text(hostile):
    story = story_files(submission(f"One {hostile} two."), RECEIPT, Named("a", "b"))
    found = errors(checks(story, Named("a", "b"), "b"))
    assert not found
    assert hostile not in story.text
