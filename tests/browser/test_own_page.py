"""The storyteller's own page in a real Chromium: on a phone, without JavaScript, and for everybody."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from plugins.database import database
from plugins.desk import ProposalLink
from plugins.serving import site_app
from plugins.submissions import Outbox, Submission
from plugins.submissions.pages import Pages
from plugins.submissions.rows import STORIES
from plugins.submissions.standing import standing
from plugins.submissions.status import status_pages
from plugins.submissions.steps import take_step
from tests.conftest import ROOT

TEXT = """The belt went in the night, and nobody noticed before four.

Walt came in his slippers. He said nothing at all for a very long time, and then he laughed.

We had it running by six."""
EDITED = f"""---
title: The night the belt went
summary: The belt went in the night, and nobody noticed before four.
---
{TEXT.replace("at all for a very long time", "for a long time").replace("by six", "by six, with tea")}
"""
STATES = ("waits", "asked", "agreed", "declined", "published", "merged", "faults", "lost")


@pytest.fixture(scope="module")
def told(built, tmp_path_factory):
    """The address of the page for each state; the site around it is the sample site."""
    home = tmp_path_factory.mktemp("told")
    app = Flask("test", static_folder=None)
    with database(home) as opened:
        outbox = Outbox(opened, b"a secret of the test")
        app.register_blueprint(status_pages(outbox, Pages(ROOT / "pelicanconf.py")), url_prefix="/s")
        server = make_server(
            "127.0.0.1", 0, DispatcherMiddleware(site_app(built), {"/submit": app}), threaded=True
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tokens = {state: _told(outbox, state) for state in STATES}
        yield outbox, f"http://127.0.0.1:{server.server_port}", tokens
        server.shutdown()


def _told(outbox, state):
    receipt = outbox.receive(
        Submission(text=TEXT, name="Jo Hale", consent="1", title="The night the belt went")
    )
    (waiting,) = [one for one in outbox.pending(outbox.clock()) if one.id == receipt.id]
    outbox.delivered(receipt.id, ProposalLink(waiting.proposal, "story/x"))
    with outbox.database.begin() as connection:

        def step(kind, person="", words=""):
            take_step(connection, receipt.id, kind, outbox.clock(), person=person, words=words)

        values = {"state": {"merged": "published"}.get(state, state)}
        if state not in ("declined", "published", "merged"):
            values["state"] = "delivered"
        if state in ("asked", "agreed", "published", "merged"):
            step("edited", "marisol-quintela")
            step("asked", "marisol-quintela", "I have only taken a few words out.\nAnd the tea is from Walt.")
            values["asked"] = EDITED
        if state in ("agreed", "published"):
            step("agreed", words="Yes. The tea was awful.")
        if state in ("declined", "published", "merged"):
            step(
                values["state"],
                "emeka-ashgrove",
                "Somebody in it was not asked." if state == "declined" else "",
            )
            values["address"] = "the-machine-that-screamed" if values["state"] == "published" else ""
        connection.execute(STORIES.update().where(STORIES.c.id == receipt.id).values(**values))
    return receipt.token


@pytest.fixture
def show(windows, told):
    """The page in a state. No script is needed, so only axe's own runs."""

    def shown(state, width=390, dark=False, script=True):
        _, url, tokens = told
        page = windows.page(width=width, dark=dark, script=script)
        page.goto(f"{url}/submit/s/{'nothing' if state == 'lost' else tokens[state]}")
        if state == "faults":
            page.get_by_text("Delete what you know about me").click()
            page.get_by_role("button", name="Delete it").click()
        return page

    yield shown
    windows.leave()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(show, violations, state, width, dark):
    page = show(state, width, dark)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_yes_on_a_phone_without_javascript(show, told):
    page = show("asked", script=False)
    assert page.get_by_role("heading", name="May it go out like this?", level=1).is_visible()
    page.get_by_label("Anything you would like to say about it").fill("Lovely.")
    page.get_by_role("button", name="Yes, like this").click()
    assert page.get_by_role("heading", name="You said yes. Thank you.").is_visible()
    outbox, _, tokens = told
    found = standing(outbox, tokens["asked"])
    assert [step.words for step in found.steps if step.kind == "agreed"] == ["Lovely."]


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(show):
    page = show("faults")
    page.wait_for_function("() => document.title.startsWith('Error: ')")
    page.wait_for_function("() => document.activeElement.className == 'faults'")
    page.get_by_role("link", name="Tick the box").click()
    assert page.get_by_label("Yes, delete everything").is_visible()
