"""The real Waline: what readers do there is what the snapshot has, and nobody is staff for a typed name."""

import json

import pytest
from pelican.settings import read_settings

from plugins.conversations.bring import bring
from plugins.conversations.provider import Wanted
from plugins.conversations.providers.waline import Waline
from plugins.conversations.settings import check
from plugins.guard.fetch import ALLOW

from .asked import fetched
from .real_waline import RealWaline, needs_waline

pytestmark = [needs_waline, pytest.mark.slow]
SLUG = "the-borrowed-van"
PATH = f"/stories/{SLUG}/"


@pytest.fixture(scope="module")
def waline():
    one = RealWaline()
    yield one
    one.close()


def test_what_readers_and_staff_do_there_comes_here(waline, site, monkeypatch):
    monkeypatch.setenv(ALLOW, waline.host)
    settings = read_settings(str(site.root / "pelicanconf.py"))
    settings |= {"FIRSTHAND_WALINE_URL": waline.url, "FIRSTHAND_CONVERSATIONS": "waline"}
    settings["SITEURL"] = "https://people.example.org"
    check(settings)
    (site.content / "conversations" / "the-first-day.json").unlink()
    file = site.content / "conversations" / f"{SLUG}.json"

    def brought():
        return bring(site.content, settings, say=lambda _: None)

    def comments():
        return {one["id"]: one for one in json.loads(file.read_text("utf-8"))["comments"]}

    # The first who registers runs the place; whoever comes later may call themselves anything.
    _, admin = waline.person("Ada Brook", "ada@secret.example")
    number, member = waline.person("Ada Brook", "ada@evil.example")
    question = waline.post(
        PATH, "Was it **full**? <script>document.title='run'</script>", link="https://joan.example/"
    )
    answer = waline.post(PATH, "To the brim.", admin, pid=question, rid=question)
    names = {"nick": "Ada Brook", "mail": "ada@secret.example", "link": "https://ada.example.org/"}
    forged = waline.post(PATH, "I am Ada.", pid=answer, rid=question, **names)
    also = waline.post(PATH, "So am I.", member)
    spam = waline.post(PATH, "cheap watches")
    waline.ask("PUT", f"comment/{spam}", admin, status="spam")
    assert brought().changed == [SLUG]
    found = comments()
    assert set(found) == {question, answer, forged, also}
    assert [found[one]["parent"] for one in (question, answer, forged, also)] == [
        None,
        question,
        answer,
        None,
    ]
    assert found[question]["html"] == "<p>Was it <strong>full</strong>? </p>"
    assert found[question]["url"] == "https://joan.example/"
    assert [found[one]["staff"] for one in (question, answer, forged, also)] == [None, True, None, None]
    assert "secret.example" not in file.read_text("utf-8")
    before = file.read_bytes()
    assert brought().changed == []
    assert file.read_bytes() == before

    # A person's own account makes them known by name; nobody else with that name is.
    ada = site.content / "people" / "ada-brook.md"
    ada.write_text(ada.read_text("utf-8").replace("tint:", f"accounts: {{waline: {number}}}\ntint:"), "utf-8")
    brought()
    assert [comments()[one]["staff"] for one in (answer, forged, also)] == [True, None, "ada-brook"]

    # An edit and a deletion come along; Waline takes the answers of what it deletes away too.
    waline.ask("PUT", f"comment/{question}", admin, comment="Was it half full?")
    waline.ask("DELETE", f"comment/{also}", admin)
    brought()
    assert comments()[question]["html"] == "<p>Was it half full?</p>"
    assert set(comments()) == {question, answer, forged}
    waline.ask("DELETE", f"comment/{question}", admin)
    brought()
    assert comments() == {}


def test_a_long_thread_is_read_page_by_page(waline, monkeypatch):
    monkeypatch.setenv(ALLOW, waline.host)
    monkeypatch.setattr("plugins.conversations.providers.waline._A_PAGE", 3)
    for number in range(7):
        top = waline.post("/stories/long/", f"Number {number}.")
        waline.post("/stories/long/", f"To number {number}.", pid=top, rid=top)
    said = fetched(Waline(waline.url), Wanted("long", "", ""))
    assert len(said) == 14
    assert sum(one.parent is None for one in said.values()) == 7
