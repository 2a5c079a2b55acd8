"""Letters through a real SMTP server: what they say, what they do not, and what happens when it is down."""

from __future__ import annotations

import socket

import pytest

from plugins import FirsthandError
from plugins.database import database
from plugins.mail import Mail, MailDown, mail_of
from plugins.submissions import Outbox, Submission
from plugins.submissions.host import Host
from plugins.submissions.post import FIRST_WAIT, send_letters
from plugins.submissions.steps import take_step

from .postbox import WORDS, Postbox

FROM = "Stories <stories@example.org>"


class Clock:
    now = 1_795_348_800.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def outbox(tmp_path):
    with database(tmp_path) as opened:
        yield Outbox(opened, b"a secret of the test", Clock())


@pytest.fixture
def host(tmp_path):
    people = tmp_path / "content" / "people"
    people.mkdir(parents=True)
    for slug, name in (("emeka-ashgrove", "Emeka Ashgrove"), ("marisol-q", "Marisol Quintéla")):
        (people / f"{slug}.md").write_text(f"---\nname: {name}\nkind: staff\n---\nHello.\n", "utf-8")
    return Host("Wend & Sons", "https://stories.example.org", tmp_path / "content", WORDS, "emeka-ashgrove")


@pytest.fixture
def postbox():
    with Postbox() as opened:
        yield opened


def mail(postbox) -> Mail:
    found = mail_of({"FIRSTHAND_SMTP_URL": postbox.url, "FIRSTHAND_MAIL_FROM": FROM})
    assert found
    return found


def sent(outbox, **other):
    fields = {"name": "Jo Hale", "email": "jo@example.net", "title": "The wet day"}
    return outbox.receive(Submission(text="It rained.", consent="1", **{**fields, **other}))


def step(outbox, receipt, kind, **words):
    with outbox.database.begin() as connection:
        take_step(connection, receipt.id, kind, outbox.clock(), **words)


def test_the_first_letter(outbox, host, postbox):
    receipt = sent(outbox)
    assert send_letters(outbox, mail(postbox), host) == 1
    assert send_letters(outbox, mail(postbox), host) == 0
    (letter,) = postbox.letters
    assert letter["To"] == "jo@example.net"
    assert letter["From"] == "Emeka Ashgrove <stories@example.org>"
    assert letter["Subject"] == "We have your story: The wet day"
    assert letter["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    assert f"https://stories.example.org/submit/s/{receipt.token}\n" in text
    assert "Dear Jo Hale," in text
    assert "Emeka Ashgrove reads it next" in " ".join(text.split())
    assert max(map(len, text.replace(receipt.token, "").splitlines())) <= 72
    # Nothing that reports back: no second format, no picture, and one address, which is theirs.
    assert not letter.is_multipart()
    assert text.count("http") == 1


def test_every_step_has_its_letter_signed_by_who_did_it(outbox, host, postbox):
    receipt = sent(outbox)
    words = "I have only taken things out.\nTell me if I took too much."
    for kind in ("edited", "asked", "published", "declined", "withdrawn", "left"):
        step(outbox, receipt, kind, person="marisol-q", words=words if kind == "asked" else "")
    for kind in ("agreed", "refused", "comment", "rewritten"):
        step(outbox, receipt, kind, words="mine")
    assert send_letters(outbox, mail(postbox), host) == 7
    assert [letter["Subject"].split(":")[0].split("?")[0] for letter in postbox.letters] == [
        "We have your story",
        "Your story is being edited",
        "May it go out like this",
        "Your story is live",
        "About your story",
        "Your story has been taken down",
        "You have taken your story back",
    ]
    asked = postbox.letters[2]
    assert asked["From"] == "Marisol Quintéla <stories@example.org>"
    assert "    I have only taken things out.\n    Tell me if I took too much." in asked.get_content()
    assert "rejected" not in "".join(letter.get_content() for letter in postbox.letters)


def test_an_editor_who_saves_often_sends_one_letter(outbox, host, postbox):
    receipt = sent(outbox)
    for _ in range(3):
        step(outbox, receipt, "edited", person="marisol-q")
    assert send_letters(outbox, mail(postbox), host) == 2


def test_a_name_they_did_not_choose_is_in_no_letter(outbox, host, postbox):
    sent(outbox, style="first")
    send_letters(outbox, mail(postbox), host)
    assert b"Hale" not in postbox.raw[0][2]


def test_a_title_cannot_become_a_header(outbox, host, postbox):
    sent(outbox, title="Hi\r\nBcc: everybody@example.net", name="Jo\nX-Evil: 1")
    send_letters(outbox, mail(postbox), host)
    (_, to, _), letter = postbox.raw[0], postbox.letters[0]
    assert len(to) == 1
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None
    assert letter["Subject"] == "We have your story: Hi Bcc: everybody@example.net"


def test_a_server_that_is_down_is_tried_again_and_the_letter_stays_the_same(outbox, host, postbox):
    sent(outbox)
    sent(outbox, email="ann@example.net")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        down = Mail("127.0.0.1", nobody.getsockname()[1], FROM)
        assert send_letters(outbox, down, host) == 0
    assert send_letters(outbox, mail(postbox), host) == 0, "not at once"
    outbox.clock.now += FIRST_WAIT
    postbox.says = ["451 later, please"]
    assert send_letters(outbox, mail(postbox), host) == 0
    outbox.clock.now += 2 * FIRST_WAIT
    assert send_letters(outbox, mail(postbox), host) == 2
    ids = [letter["Message-ID"] for letter in postbox.letters]
    assert len(set(ids)) == 2


def test_an_address_that_the_server_refuses_holds_up_nobody(outbox, host, postbox):
    sent(outbox, email="nobody@example.net")
    sent(outbox, email="not an address")
    sent(outbox, email="")
    sent(outbox, email="jo@example.net")
    postbox.says = ["550 unknown"]
    assert send_letters(outbox, mail(postbox), host) == 1
    assert [letter["To"] for letter in postbox.letters] == ["jo@example.net"]
    assert send_letters(outbox, mail(postbox), host) == 0


def test_without_a_mail_server_nothing_waits(outbox, host, postbox):
    sent(outbox)
    assert send_letters(outbox, None, host) == 0
    assert send_letters(outbox, mail(postbox), host) == 0
    assert not postbox.raw


def test_with_another_secret_the_letter_leads_nowhere_wrong(outbox, host, postbox):
    receipt = sent(outbox)
    other = Outbox(outbox.database, b"another secret", outbox.clock)
    send_letters(other, mail(postbox), host)
    text = postbox.letters[0].get_content()
    assert receipt.token not in text
    assert "http" not in text
    assert "in our first letter" in text


def test_a_login(outbox, host):
    sent(outbox)
    with Postbox(login=("jo", "p@ss:word")) as postbox:
        env = {"FIRSTHAND_MAIL_FROM": "stories@example.org"}
        wrong = {**env, "FIRSTHAND_SMTP_URL": f"smtp://jo:no@127.0.0.1:{postbox.port}"}
        assert send_letters(outbox, mail_of(wrong), host) == 0
        outbox.clock.now += FIRST_WAIT
        right = {**env, "FIRSTHAND_SMTP_URL": f"smtp://jo:p%40ss%3Aword@127.0.0.1:{postbox.port}"}
        assert send_letters(outbox, mail_of(right), host) == 1


def test_no_letter_goes_over_an_open_line_to_another_machine(monkeypatch):
    class Open:
        def __init__(self, *given, **words):
            self.closed = False

        def ehlo(self):
            return 250, b""

        def has_extn(self, name):
            return False

        def close(self):
            self.closed = True

    monkeypatch.setattr("smtplib.SMTP", Open)
    with pytest.raises(MailDown, match="offers no encryption"):
        Mail("mail.example.org", 587, FROM)._connected()


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port"])
def test_an_address_of_no_mail_server(url):
    with pytest.raises(FirsthandError, match="no mail server"):
        mail_of({"FIRSTHAND_SMTP_URL": url, "FIRSTHAND_MAIL_FROM": FROM})


def test_who_the_letters_are_from_has_to_be_said():
    with pytest.raises(FirsthandError, match="FIRSTHAND_MAIL_FROM"):
        mail_of({"FIRSTHAND_SMTP_URL": "smtp://mail.example.org"})
    assert mail_of({}) is None
    found = mail_of({"FIRSTHAND_SMTP_URL": "smtps://mail.example.org", "FIRSTHAND_MAIL_FROM": FROM})
    assert found
    assert (found.port, found.tls) == (465, True)
