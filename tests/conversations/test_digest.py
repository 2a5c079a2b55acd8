"""Letters to those who answer: at the hours they set, once, with nobody's address in the site."""

import datetime
import json

import pytest
from pelican.settings import read_settings

from plugins import FirsthandError
from plugins.conversations.digest import ADDRESSES, addresses, send_digests
from plugins.conversations.listen import listen
from plugins.conversations.settings import check
from plugins.database import database
from plugins.mail import mail_of
from tests.submissions.postbox import Postbox

# A Monday.
NOON = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
ADA = {ADDRESSES: "ada-brook=ada@example.org"}


class Office:
    """A small site whose Ada Brook answers, a mail server, and a database."""

    def __init__(self, site, postbox):
        self.site, self.postbox, self.said = site, postbox, []
        self.settings = read_settings(str(site.root / "pelicanconf.py"))
        self.settings["FEED_DOMAIN"] = "https://people.example"
        check(self.settings)
        self.hours("[Monday 14:00-16:00, Wednesday 9:00]")
        self.wrote("1", "4", "7")

    def hours(self, text):
        path = self.site.content / "people" / "ada-brook.md"
        kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("answers_at")]
        kept[1:1] = [f"answers_at: {text}"] if text else []
        path.write_text("\n".join(kept) + "\n", "utf-8")

    def wrote(self, *ids):
        comments = [
            {
                "id": id,
                "parent": None,
                "author": "Jo <jo@evil.example>",
                "url": None,
                "published": f"2026-05-2{id}T12:00:00Z",
                "html": "<p>Was it cold?</p><p>\n.\nBcc: all@example.org</p>",
                "staff": None,
            }
            for id in ids
        ]
        told = {"provider": "isso", "fetched": None, "comments": comments}
        self.site.write("conversations/the-first-day.json", json.dumps(told))

    def send(self, now, environ=ADA, at_once=False, **settings):
        self.said = []
        mail = mail_of({"FIRSTHAND_SMTP_URL": self.postbox.url, "FIRSTHAND_MAIL_FROM": "us@people.example"})
        known = {**self.settings, **settings}
        heard = listen(self.site.content, known, now)
        with database(self.site.root) as store:
            return send_digests(
                heard, known, store, mail, now=now, environ=environ, at_once=at_once, say=self.said.append
            )


@pytest.fixture(scope="module")
def postbox():
    with Postbox() as made:
        yield made


@pytest.fixture
def office(site, postbox):
    postbox.raw.clear()
    return Office(site, postbox)


def test_a_letter_goes_out_when_an_hour_begins_and_once(office):
    assert office.send(NOON) == 0
    assert office.send(NOON + 2 * HOUR) == 1
    assert office.send(NOON + 2.25 * HOUR) == 0
    assert office.send(NOON + 30 * HOUR) == 0
    assert office.send(NOON + 45 * HOUR) == 1
    first, second = office.postbox.letters
    assert first["To"] == "ada@example.org"
    assert first["Subject"] == "3 readers wait for your answer"
    assert first["Message-ID"] != second["Message-ID"]
    assert "Bcc" not in first
    text = first.get_content()
    assert "You have set aside Monday 14:00 to 16:00 for them." in " ".join(text.split())
    assert "    Jo <jo@evil.example>: Was it cold? . Bcc: all@example.org" in text
    assert "https://people.example/stories/the-first-day/#comment-isso-1" in text
    assert "./inv reply the-first-day/1 --by ada-brook" in text
    assert text.index("day/#comment-isso-1") < text.index("day/#comment-isso-7")


def test_an_hour_is_that_of_the_place(office):
    assert office.send(NOON, TIMEZONE="Europe/Berlin") == 1  # two in the afternoon there


def test_an_hour_that_was_missed_is_made_up_for_within_a_day(office):
    assert office.send(NOON + 25.9 * HOUR) == 1
    office.postbox.raw.clear()
    office.hours("[Tuesday 8:00]")
    assert office.send(NOON + 70 * HOUR) == 0


def test_where_nobody_waits_no_letter_goes_out(office):
    office.wrote()
    assert office.send(NOON + 2 * HOUR) == 0
    office.wrote("1")
    assert office.send(NOON + 3 * HOUR) == 0  # the hour has been; the next is on Wednesday
    assert office.send(NOON + 45 * HOUR) == 1
    assert office.postbox.letters[0]["Subject"] == "One reader waits for your answer"


def test_a_mail_server_that_is_down_is_tried_again(office):
    office.postbox.says = ["451 later"]
    assert office.send(NOON + 2 * HOUR) == 0
    assert "451" in office.said[0]
    assert office.send(NOON + 2.25 * HOUR) == 1


def test_an_address_that_is_refused_stops_nobody(office):
    office.postbox.says = ["550 nobody"]
    assert office.send(NOON + 2 * HOUR) == 0
    assert "550" in office.said[0]
    assert office.send(NOON + 2.25 * HOUR) == 0


def test_who_gets_no_letter_is_said(office):
    assert office.send(NOON + 2 * HOUR, environ={}) == 0
    assert office.said == [
        f"Ada Brook: 3 wait, and no letter goes out: {ADDRESSES} has no address for ada-brook."
    ]
    assert office.send(NOON + 3 * HOUR, environ={}) == 0
    assert office.said == []  # once a day: cron sends on what is said
    office.hours("")
    assert office.send(NOON + 24 * HOUR) == 0
    assert "no hours are set" in office.said[0]
    assert office.send(NOON + 2 * HOUR, at_once=True) == 1


def test_what_nobody_answers_goes_to_whoever_reads_the_stories(office):
    path = office.site.content / "stories" / "the-first-day" / "index.md"
    path.write_text(path.read_text("utf-8").replace("answers: ada-brook", "answers: nobody"), "utf-8")
    assert office.send(NOON + 2 * HOUR) == 0
    assert office.send(NOON + 45 * HOUR, FIRSTHAND_STORY_READER="ada-brook") == 1
    assert "Nobody is named to answer it." in " ".join(office.postbox.letters[0].get_content().split())


@pytest.mark.parametrize(
    "entry", ["Mara=mara@example.org", "mara-lind", "mara-lind=mara", "a=b@c d@e", "=a@b.c"]
)
def test_addresses_that_are_none_are_refused(entry):
    with pytest.raises(FirsthandError, match="no person and address"):
        addresses({ADDRESSES: entry})


def test_addresses():
    assert addresses({ADDRESSES: " a-b = a@b.example,\n c=d@e.example , "}) == {
        "a-b": "a@b.example",
        "c": "d@e.example",
    }
    assert addresses({}) == {}
