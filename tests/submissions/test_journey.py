"""A story's whole way with the real desk and a repository: sent, edited, asked, agreed, live, taken back."""

from __future__ import annotations

import subprocess

import pytest

from plugins.database import database
from plugins.desk import Desk
from plugins.desk.desk import NeedsYes
from plugins.mail import mail_of
from plugins.submissions import Outbox, Submission
from plugins.submissions.delivery import deliver
from plugins.submissions.following import ask, follow
from plugins.submissions.forget import forget, take_back
from plugins.submissions.host import Host
from plugins.submissions.outbox import digest_of
from plugins.submissions.post import send_letters
from plugins.submissions.standing import rewrite, say, standing

from .crowd import branches, made_site
from .postbox import WORDS, Postbox

TEXT = "The belt went in the night, and nobody noticed before four. " * 4


def git(root, *words):
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


class Journey:
    """One site with its outbox, desk and postbox."""

    def __init__(self, root, outbox, desk, postbox) -> None:
        self.root, self.outbox, self.desk, self.postbox = root, outbox, desk, postbox
        self.content = root / "content"
        self.host = Host("Small", "https://small.example", self.content, WORDS, "ada-brook")
        self.mail = mail_of(
            {"FIRSTHAND_SMTP_URL": postbox.url, "FIRSTHAND_MAIL_FROM": "stories@small.example"}
        )

    def send(self, **other):
        fields = {
            "name": "Jo Hale",
            "email": "jo@example.net",
            "title": "The belt",
            "relationship": "customer",
        }
        self.receipt = self.outbox.receive(Submission(text=TEXT, consent="1", **{**fields, **other}))
        self.round()
        return self.desk.by_receipt(self.receipt.id).id

    def round(self) -> None:
        deliver(self.outbox, self.desk, self.content)
        self.desk.waiting()
        follow(self.outbox, self.desk)
        send_letters(self.outbox, self.mail, self.host)

    def edit(self, id, old, new) -> None:
        """As an editor does it in a checkout of the branch."""
        git(self.root, "switch", "-q", f"story/{id}")
        path = next(self.content.glob("stories/the-belt*/index.md"))
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        git(self.root, "-c", "user.name=Ada", "-c", "user.email=a@example.org", "commit", "-qam", "Shorter")
        git(self.root, "switch", "-q", "main")

    @property
    def own_page(self):
        return standing(self.outbox, self.receipt.token)

    @property
    def kinds(self):
        return [step.kind for step in self.own_page.steps]

    @property
    def subjects(self):
        return [letter["Subject"].split(":")[0] for letter in self.postbox.letters]


@pytest.fixture
def journey(tmp_path, monkeypatch):
    root = made_site(tmp_path)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Ada")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@example.org")
    with database(root) as opened, Postbox() as postbox:
        outbox = Outbox(opened, b"a secret of the test")
        yield Journey(root, outbox, Desk(root, env={}, store=opened), postbox)


@pytest.mark.slow
def test_edited_asked_agreed_live_and_taken_back(journey):
    id = journey.send()
    assert branches(journey.root) == {journey.receipt.id: 1}
    journey.edit(id, "in the night, and", "at night;")
    journey.round()
    assert journey.kinds == ["received", "edited"]
    with pytest.raises(NeedsYes):
        journey.desk.publish(id, by="ada-brook")
    assert ask(journey.outbox, journey.desk, id, "ada-brook", "I made it shorter.") == journey.receipt.token
    journey.round()
    question = journey.own_page.question
    assert question
    assert {piece.text for row in question.rows for piece in row.after if piece.changed} >= {"at night;"}
    with pytest.raises(NeedsYes):
        journey.desk.publish(id, by="ada-brook")
    say(journey.outbox, journey.own_page, "agreed", "Fine!", question.digest)
    journey.round()
    journey.desk.publish(id, by="ada-brook")
    journey.round()
    page = journey.own_page
    assert journey.kinds == ["received", "edited", "asked", "agreed", "published"]
    assert (page.state, page.address) == ("published", "the-belt")
    assert page.steps[-1].person == "ada-brook"
    text = (journey.content / "stories" / "the-belt" / "index.md").read_text("utf-8")
    assert "at night;" in text
    assert "jo@example" not in git(journey.root, "log", "-p", "--all")
    take_back(journey.outbox, page.id)
    journey.round()
    journey.round()
    assert not (journey.content / "stories" / "the-belt").exists()
    assert journey.own_page.state == "withdrawn"
    assert journey.kinds[5:] == ["left"]
    assert journey.subjects == [
        "We have your story",
        "Your story is being edited",
        "May it go out like this? The belt",
        "Your story is live",
        "You have taken your story back",
    ]
    assert "https://small.example/stories/the-belt/" in journey.postbox.letters[3].get_content()
    assert all(letter["From"].startswith("Ada Brook <") for letter in journey.postbox.letters)


@pytest.mark.slow
def test_an_edit_after_the_yes_needs_another(journey):
    id = journey.send()
    journey.edit(id, "in the night", "at night")
    ask(journey.outbox, journey.desk, id, "ada-brook")
    say(journey.outbox, journey.own_page, "agreed", "", journey.own_page.question.digest)
    journey.edit(id, "nobody noticed", "Walt slept")
    journey.round()
    with pytest.raises(NeedsYes):
        journey.desk.publish(id, by="ada-brook")


@pytest.mark.slow
def test_merged_by_hand_before_the_yes_it_is_still_theirs_to_say(journey):
    id = journey.send(lang="es")
    journey.edit(id, "in the night, and", "at night;")
    git(journey.root, "merge", "-q", "--no-edit", f"story/{id}")
    journey.round()
    assert journey.kinds == ["received", "published"]
    assert journey.own_page.question is None
    ask(journey.outbox, journey.desk, id, "ada-brook", "Lo siento.")
    journey.round()
    page = journey.own_page
    assert (page.state, page.question.answer) == ("published", None)
    say(journey.outbox, page, "comment", "It was louder.")
    say(journey.outbox, page, "agreed", "", page.question.digest)
    journey.round()
    assert journey.own_page.question is None
    assert [event.kind for event in journey.desk.history(id)][-3:] == ["asked", "comment", "agreed"]
    assert "makes its storyteller a file" in journey.desk.row(id).problem
    assert journey.subjects == [
        "Tenemos tu historia",
        "Tu historia está publicada",
        "¿Está bien así? The belt",
    ]
    asked = journey.postbox.letters[-1].get_content()
    assert "se editó antes de que dijeras que sí" in asked
    assert "Ada Brook escribe:\n\n    Lo siento." in asked


@pytest.mark.slow
def test_declined_with_words_and_forgotten(journey):
    id = journey.send()
    journey.desk.decline(id, "Somebody in it was not asked.", by="ada-brook")
    journey.round()
    assert journey.own_page.state == "declined"
    assert "Somebody in it was not asked." in " ".join(journey.postbox.letters[-1].get_content().split())
    forget(journey.outbox, journey.receipt.id)
    journey.round()
    assert journey.own_page is None
    assert journey.desk.history(id) == []
    kept = b"".join(path.read_bytes() for path in (journey.root / "var").iterdir())
    assert b"jo@example.net" not in kept
    assert b"Jo Hale" not in kept


@pytest.mark.slow
def test_another_text_takes_the_place_of_the_first(journey):
    first = journey.send()
    assert rewrite(journey.outbox, journey.own_page, TEXT.replace("belt", "shaft"))
    journey.round()
    journey.round()
    rows = journey.desk.waiting()
    assert [row.id for row in rows] != [first]
    assert len(rows) == 1
    assert "shaft" in journey.desk.files(rows[0].id).text
    assert branches(journey.root) == {journey.receipt.id: 1}
    assert journey.kinds == ["received", "rewritten"]
    assert digest_of(TEXT) != digest_of(TEXT.replace("belt", "shaft"))


@pytest.mark.slow
def test_taken_back_while_it_waits(journey):
    id = journey.send()
    take_back(journey.outbox, journey.receipt.id)
    journey.round()
    assert journey.desk.waiting() == []
    assert journey.desk.row(id).state == "withdrawn"
    assert not branches(journey.root)
    assert journey.kinds == ["received", "left"]
