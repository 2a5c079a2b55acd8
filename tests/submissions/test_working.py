"""The worker behind the receiver: a story is at the desk and its letter out, without being asked."""

from __future__ import annotations

import time

import pytest

from plugins import FirsthandError
from plugins.database import database
from plugins.desk import Desk
from plugins.submissions import Outbox, Submission
from plugins.submissions.pages import Pages
from plugins.submissions.steps import steps_of
from plugins.submissions.working import host_of, worker_of

from .crowd import branches, made_site
from .postbox import Postbox

FROM = "stories@example.org"


def until(true, seconds=60.0):
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.05)
    assert true()


@pytest.fixture
def parts(tmp_path):
    root = made_site(tmp_path)
    with database(root) as opened:
        outbox = Outbox(opened, b"a secret of the test")
        yield root, outbox, Desk(root, env={}, store=opened), Pages(root / "pelicanconf.py")


def sent(outbox):
    text = "It rained, and then it rained some more. " * 3
    return outbox.receive(Submission(text=text, name="Jo Hale", consent="1", email="jo@example.net"))


@pytest.mark.slow
def test_all_of_it_happens_by_itself(parts):
    root, outbox, desk, pages = parts
    left = sent(outbox)
    with Postbox() as postbox:
        env = {"FIRSTHAND_SMTP_URL": postbox.url, "FIRSTHAND_MAIL_FROM": FROM}
        worker = worker_of(root, outbox, desk, pages, env, url="http://127.0.0.1:8000").start()
        try:
            new = sent(outbox)
            worker.wake()
            until(lambda: len(postbox.letters) == 2)
            desk.decline(desk.by_receipt(left.id).id, "It is too wet.", by="ada-brook")
            until(lambda: len(postbox.letters) == 3)
        finally:
            worker.stop()
    assert branches(root) == {new.id: 1}
    assert "http://127.0.0.1:8000/submit/s/" + left.token in postbox.letters[0].get_content()
    assert "It is too wet." in postbox.letters[2].get_content()
    assert [step.kind for step in steps_of(outbox.database, left.id)] == ["received", "declined"]


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"FIRSTHAND_SMTP_URL": "mail"}, "FIRSTHAND_SMTP_URL"),
        ({"FIRSTHAND_SMTP_URL": "smtp://localhost"}, "FIRSTHAND_MAIL_FROM"),
        ({"FIRSTHAND_KEEP_DAYS": "ever"}, "FIRSTHAND_KEEP_DAYS"),
    ],
)
def test_what_cannot_work_is_told_at_the_start(parts, env, told):
    root, outbox, desk, pages = parts
    with pytest.raises(FirsthandError, match=told):
        worker_of(root, outbox, desk, pages, env)


def test_the_links_in_letters_are_whole(parts):
    host = host_of(parts[-1], "http://127.0.0.1:8000/")
    assert host.link("abc") == "http://127.0.0.1:8000/submit/s/abc"
    assert host.live("a-day") == "http://127.0.0.1:8000/stories/a-day/"
