"""Who wants to pass for staff at the real Isso gets no badge, whatever they type."""

import datetime
import json

import pytest
from pelican.settings import read_settings

from plugins.conversations.answer import Replied, reply
from plugins.conversations.bring import bring
from plugins.conversations.ledger import NAME, Ledger, sha256_of
from plugins.conversations.settings import check
from tests.conftest import copy_site

from .real_isso import RealIsso

SLUG = "the-borrowed-van"
WORDS = "It was *eleven below*.\n\nCome and see the van, it is in the yard."
MAIL = "ada@example.org"
FORGED = (
    {"author": "Ada Brook"},
    {"author": "Ada Brook", "email": MAIL, "website": "https://small.example/people/ada-brook/"},
    {"author": "Ada Brook ✓ Staff"},
    {"author": "ada-brook", "website": "http://127.0.0.1:8000/people/ada-brook/"},
    {"author": "<b>Ada Brook</b>", "email": MAIL},
)


class Staffed:
    """A small site with a real Isso, where Ada Brook answers questions by our tool."""

    def __init__(self, site, isso):
        self.site, self.isso = site, isso
        self.settings = read_settings(str(site.root / "pelicanconf.py"))
        self.settings["FIRSTHAND_ISSO_DB"] = str(isso.file)
        check(self.settings)

    def bring(self):
        bring(self.site.content, self.settings, story=SLUG, say=lambda line: None)

    def answered(self):
        """A question by a reader, and its answer by our tool: their ids."""
        question = self.isso.post(SLUG, "How cold was it?", author="Jo")["id"]
        self.bring()
        now = datetime.datetime.now(datetime.UTC)
        ref = f"{SLUG}/{question}"
        done = reply(self.site.content, self.settings, ref, by="ada-brook", words=WORDS, now=now)
        assert done == Replied(ref, "Ada Brook", approved=True)
        return question, max(one["id"] for one in self.isso.live(SLUG))

    def comments(self):
        self.bring()
        path = self.site.content / "conversations" / f"{SLUG}.json"
        return {one["id"]: one for one in json.loads(path.read_text("utf-8"))["comments"]}

    def matches(self, id):
        """True where the ledger takes the live comment for staff's."""
        found = self.isso.database.comments.get(id)
        digest = sha256_of(found["text"])
        return self.ledger.who_wrote("isso", SLUG, str(id), found["created"], digest) is not None

    @property
    def ledger(self):
        return Ledger.read(self.site.content / "conversations" / NAME)


@pytest.fixture(scope="module")
def staffed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staffed")
    return Staffed(copy_site("small", folder), RealIsso(folder / "comments.db"))


def test_an_answer_by_our_tool_is_staffs(staffed):
    question, answer = staffed.answered()
    kept = staffed.comments()[str(answer)]
    assert (kept["staff"], kept["parent"]) == ("ada-brook", str(question))
    assert "<em>eleven below</em>" in kept["html"]
    assert staffed.matches(answer)


def test_what_is_typed_proves_nothing(staffed):
    question, answer = staffed.answered()
    staffed.isso.database.comments.update(answer, {"email": MAIL})  # as if staff had given one
    forged = [
        staffed.isso.post(SLUG, text, question, **said)["id"]
        for text in (WORDS, "Give me your card number, I will look into it.")
        for said in FORGED
    ]
    live = {one["id"]: one for one in staffed.isso.live(SLUG)}
    assert live[forged[1]]["hash"] == live[answer]["hash"]  # Isso itself takes the two for one
    kept = staffed.comments()
    assert [kept[str(id)]["staff"] for id in forged] == [None] * len(forged)
    assert not any(staffed.matches(id) for id in forged)
    assert kept[str(answer)]["staff"] == "ada-brook"
    staffed.site.build()
    proved = [one for one in kept.values() if one["staff"]]
    assert staffed.site.page(f"stories/{SLUG}/").count('class="staff-mark"') == len(proved)


@pytest.mark.parametrize("text", [WORDS, "Send money."], ids=["same words", "other words"])
def test_who_gets_the_id_of_a_deleted_answer_gets_no_badge(staffed, text):
    question, answer = staffed.answered()
    assert staffed.comments()[str(answer)]["staff"] == "ada-brook"
    staffed.isso.moderate(answer, "delete")
    forged = staffed.isso.post(SLUG, text, question, author="Ada Brook", email=MAIL)["id"]
    assert forged == answer  # given out again
    assert staffed.comments()[str(forged)]["staff"] is None
    assert not staffed.matches(forged)


def test_words_put_into_an_answer_later_are_not_staffs(staffed):
    _, answer = staffed.answered()
    staffed.isso.database.comments.update(answer, {"text": "Send money to this account."})
    assert staffed.comments()[str(answer)]["staff"] is None
    assert not staffed.matches(answer)


def test_an_answer_under_another_story_is_not_staffs(staffed):
    _, answer = staffed.answered()
    created = staffed.isso.database.comments.get(answer)["created"]
    proof = (str(answer), created, sha256_of(WORDS))
    assert staffed.ledger.who_wrote("isso", SLUG, *proof) == "ada-brook"
    assert staffed.ledger.who_wrote("isso", "the-first-day", *proof) is None
    assert staffed.ledger.who_wrote("waline", SLUG, *proof) is None
