"""From the form to the receipt: what is missing is said, nothing typed or sent is lost on the way."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import func, select

from plugins.database import DatabaseUnusable
from plugins.submissions.receiver import MAX_REQUEST
from plugins.submissions.rows import STORIES

from .teller import GOOD, MAKER, photograph, upload


def test_a_story_goes_from_the_form_to_the_outbox(teller):
    teller.tell(email="greta@example.org", until="2099-01-31", quiet="yes")
    assert teller.status == 200
    assert "Before you send it" in teller.page
    assert teller.waiting() == []
    teller.confirm()
    assert teller.status == 200
    assert "Your story is here" in teller.page
    story = teller.sent()
    assert (story.name, story.title, story.email) == ("Greta Holm", "A mitten", "greta@example.org")
    assert (story.relationship, story.consent, story.of_age) == ("customer", "1", True)
    assert story.channels == ("site", "feeds", "cards")
    assert str(story.until) == "2099-01-31"
    assert story.conversation is False
    assert teller.woken == 1


def test_the_private_link_is_shown_and_is_the_outboxs(teller):
    teller.tell()
    teller.confirm()
    (one,) = teller.waiting()
    assert f"/submit/s/{teller.site.outbox.token_of(one.id)}" in teller.page
    assert "this is the only way to it" in teller.page


def test_whoever_gave_an_address_is_told_whether_letters_will_come(teller, make_teller):
    teller.tell(email="greta@example.org")
    teller.confirm()
    assert "This site sends no letters at the moment" in teller.page
    lettered = make_teller(FIRSTHAND_SMTP_URL="smtp://127.0.0.1:9", FIRSTHAND_MAIL_FROM="stories@example.org")
    lettered.tell(email="greta@example.org")
    lettered.confirm()
    assert "the only way to it" not in lettered.page


def test_an_empty_form_says_all_that_is_missing_in_the_order_of_the_page(teller):
    teller.send(page="en", promise="1", do="look")
    assert teller.status == 422
    assert list(teller.faults()) == ["text", "name", "relationship", "agreed"]
    assert "<title>Error: " in teller.page


def test_every_fault_leads_to_its_field_and_is_said_beside_it(teller):
    teller.tell(name="", email="nobody", until="yesterday", style="other", agreed=None)
    assert set(teller.faults()) == {"name", "shown_as", "email", "until", "agreed"}
    for field in teller.faults():
        assert f'id="{field}"' in teller.page
        assert f'id="{field}-fault"' in teller.page
        assert f'aria-describedby="{field}-fault"' in teller.page or f' {field}-fault"' in teller.page


def test_what_was_typed_stands_there_again(teller):
    typed = {"text": 'Too & "short"', "title": "<b>Bold</b>", "name": "Zoë O'Neil", "email": "no address"}
    teller.tell(
        **typed, shown_as="A customer", style="other", relationship="guest", lang="es", channels="search"
    )
    fields = teller.fields()
    assert {name: fields[name] for name in typed} == typed
    assert (fields["style"], fields["relationship"], fields["lang"]) == (["other"], "guest", "es")
    assert fields["channels"] == ["search"]
    assert fields["agreed"] == ["yes"]


def test_a_photograph_is_sent_once_however_often_the_form_is(teller):
    teller.tell(
        name="", **{"photo-1": upload(photograph(), "bench.jpg"), "alt-1": "A bench", "credit-1": "Me"}
    )
    assert "bench.jpg is here already" in teller.page
    teller.again(relationship="")
    assert "bench.jpg is here already" in teller.page
    teller.again(name="Greta", relationship="guest")
    teller.confirm()
    (photo,) = teller.sent().photos
    assert (photo.name, photo.alt, photo.credit) == ("bench.jpg", "A bench", "Me")
    assert MAKER.encode() not in photo.data


def test_a_photograph_can_be_removed_and_the_words_stay(teller):
    files = {"photo-1": upload(photograph()), "photo-2": upload(photograph(), "two.jpg")}
    teller.tell(**files, **{"alt-2": "Two", "credit-2": "Me"}, agreed=None)
    teller.again(do="remove-1")
    assert teller.status == 200
    assert "bench.jpg" not in teller.page
    assert "two.jpg is here already" in teller.page
    assert teller.fields()["text"] == GOOD["text"].strip()
    kept = [path.name for path in teller.site.drafts.folder.glob("*/photo-*")]
    assert len(kept) == 1


def test_a_photograph_needs_its_words_and_words_need_their_photograph(teller):
    teller.tell(**{"photo-1": upload(photograph()), "alt-2": "A cat"})
    assert list(teller.faults()) == ["alt-1", "credit-1", "photo-2"]


def test_changing_something_brings_the_form_back_whole(teller):
    teller.tell(**{"photo-1": upload(photograph()), "alt-1": "A bench", "credit-1": "Me"})
    teller.confirm("change")
    assert teller.status == 200
    assert teller.fields()["text"] == GOOD["text"].strip()
    assert "bench.jpg is here already" in teller.page
    teller.again(title="Two mittens")
    teller.confirm()
    assert teller.sent().title == "Two mittens"


def test_pressing_twice_sends_once_and_shows_the_same_link(teller):
    teller.tell()
    draft = teller.fields()["draft"]
    teller.confirm()
    link = teller.page.partition("/submit/s/")[2][:43]
    teller.send("/confirm", draft=draft, do="send")
    assert teller.status == 200
    assert "has been sent already" in teller.page
    assert f"/submit/s/{link}" in teller.page
    assert len(teller.waiting()) == 1


def test_a_kill_between_keeping_and_thanking_makes_one_story(teller, monkeypatch):
    teller.tell()
    draft = teller.fields()["draft"]
    with monkeypatch.context() as killed:
        killed.setattr(teller.site.drafts.__class__, "mark_sent", lambda *_: 1 / 0)
        teller.confirm()
    assert teller.status == 500
    assert "It is our fault" in teller.page
    teller.send("/confirm", draft=draft, do="send")
    assert "Your story is here" in teller.page
    assert len(teller.waiting()) == 1


def test_nobody_reads_a_preview_in_a_second(teller):
    teller.tell()
    teller.confirm(wait=0.5)
    assert teller.status == 409
    assert "That was very quick" in teller.page
    assert teller.waiting() == []
    teller.confirm()
    assert len(teller.waiting()) == 1


def test_a_draft_is_gone_after_a_day(teller):
    teller.tell()
    teller.confirm(wait=25 * 3600)
    assert teller.status == 410
    assert "begin again" in teller.page


@pytest.mark.parametrize("draft", ["", "x", "WyJhIiwxXQ.AAAA", "../../etc/passwd", "\x00"])
def test_a_number_that_is_not_ours_opens_nothing(teller, draft):
    teller.send("/confirm", draft=draft, do="send")
    assert teller.status == 410
    assert teller.client.get("/preview/x").status_code == 410
    assert teller.client.get("/photo/x/photo-1.jpg").status_code == 404
    assert teller.client.get("/thanks/?r=x").status_code == 410


def test_one_seal_does_not_open_what_another_is_for(teller):
    teller.tell()
    confirm = teller.fields()["draft"]
    assert teller.client.get(f"/preview/{confirm}").status_code == 410
    assert teller.client.get(f"/thanks/?r={confirm}").status_code == 410


def test_a_machine_that_fills_in_everything_is_told_kindly_and_loses_nothing(teller):
    teller.tell(website="https://pills.example")
    assert teller.status == 422
    assert "only machines see" in teller.faults()["text"]
    teller.again()
    assert teller.status == 200


def test_too_many_stories_wait_with_everything_kept(make_teller):
    teller = make_teller(FIRSTHAND_STORY_RATE="1 per hour")
    teller.tell()
    teller.confirm()
    teller.tell(title="Another")
    answer = teller.confirm()
    assert teller.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Wait 60 minutes" in teller.page
    assert "Another" in teller.page
    assert len(teller.waiting()) == 1


def test_too_many_forms_wait_and_another_address_does_not(make_teller):
    teller = make_teller(FIRSTHAND_FORM_RATE="2 per hour")
    for _ in range(2):
        teller.tell(name="")
    teller.tell(**{"photo-1": upload(photograph())})
    assert teller.status == 429
    assert "choose them again" in teller.page
    assert teller.fields()["text"] == GOOD["text"].strip()
    teller.tell(address="2001:db8:1:2::1")
    assert teller.status == 200


def test_a_house_has_one_share_of_addresses(make_teller):
    teller = make_teller(FIRSTHAND_FORM_RATE="1 per hour")
    teller.tell(address="2001:db8:1:2::1")
    teller.tell(address="2001:db8:1:2:ffff::9")
    assert teller.status == 429


def test_a_database_that_is_down_thanks_nobody_and_loses_nothing(teller, monkeypatch):
    def down(*_):
        raise DatabaseUnusable("the disk is full")

    teller.tell()
    with monkeypatch.context() as broken:
        broken.setattr(teller.site.outbox, "receive", down)
        teller.confirm()
    assert teller.status == 503
    assert "Nothing is lost" in teller.page
    assert "the disk is full" not in teller.page
    teller.confirm()
    assert "Your story is here" in teller.page


def test_a_changed_promise_is_asked_about_again(teller, site):
    teller.tell()
    site.write("pages/promise.md", "---\ntitle: Promise\nslug: promise\nversion: 2\n---\nMore.\n")
    teller.tell()
    assert list(teller.faults()) == ["agreed"]
    assert "agreed" not in teller.fields()
    teller.again(agreed="yes")
    teller.confirm()
    assert teller.sent().consent == "2"


def test_a_promise_that_changes_after_the_preview_is_not_agreed_to(teller, site):
    teller.tell()
    site.write("pages/promise.md", "---\ntitle: Promise\nslug: promise\nversion: 2\n---\nMore.\n")
    teller.confirm()
    assert teller.status == 422
    assert list(teller.faults()) == ["agreed"]
    assert teller.waiting() == []


def test_whoever_hides_their_surname_is_not_named_under_a_photograph(teller):
    photo = {"photo-1": upload(photograph()), "alt-1": "A bench", "credit-1": "greta  holm"}
    teller.tell(style="first", **photo)
    assert "Holm" not in teller.page.partition("<main")[2]
    teller.confirm()
    assert teller.sent().photos[0].credit == "Greta"


def test_spanish_from_the_form_to_the_thanks(teller):
    teller.tell(page="es", name="")
    assert "Falta una cosa" in teller.page
    assert '<html lang="es"' in teller.page
    teller.again(name="Greta")
    assert "Enviar mi historia" in teller.page
    teller.confirm()
    assert "Tu historia ha llegado" in teller.page


def test_a_language_nobody_has_words_in_is_the_sites_own(teller):
    teller.tell(page="xx", name="")
    assert '<html lang="en"' in teller.page


def test_other_kinds_of_bodies_are_sent_back_to_the_form(teller):
    answer = teller.client.post("/", data={"text": "x"})
    assert answer.status_code == 415
    assert "press its own button again" in answer.get_data(as_text=True)
    assert teller.client.get("/").headers["Location"] == "/tell/"


def test_more_than_a_form_may_have_is_told_with_the_way_back(teller):
    answer = teller.client.post(
        "/", input_stream=io.BytesIO(b""), content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(MAX_REQUEST + 1)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "your words are still in the form" in answer.get_data(as_text=True)
    assert teller.tell(text="x" * 1_000_001).status_code == 413
    assert teller.send(**{f"part-{number}": "x" for number in range(101)}).status_code == 413


def test_every_answer_is_private(teller):
    for answer in (
        teller.tell(),
        teller.tell(name=""),
        teller.client.get("/nowhere"),
        teller.confirm("change"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_drafts_lie_where_nobody_else_reads(teller):
    teller.tell(name="", **{"photo-1": upload(photograph())})
    folders = [teller.site.drafts.folder, *teller.site.drafts.folder.iterdir()]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    teller.again(name="Greta", **{"alt-1": "A", "credit-1": "B"})
    teller.confirm()
    left = [path.name for path in teller.site.drafts.folder.rglob("*") if path.is_file()]
    assert set(left) <= {"sent"}


def test_health_walks_the_whole_way_and_leaves_nothing(teller):
    from plugins.submissions.health import Health

    site = teller.site
    health = Health(site.pages, site.drafts, site.outbox, b"a secret of a test", lambda: None)
    teller.app.register_blueprint(health.blueprint())
    answer = teller.client.get("/health")
    assert answer.status_code == 200
    assert set(json.loads(answer.get_data()).values()) == {"works"}
    assert list(site.drafts.folder.iterdir()) == []
    with site.outbox.database.begin() as connection:
        assert connection.execute(select(func.count()).select_from(STORIES)).scalar_one() == 0


def test_health_names_the_step_that_is_broken(teller, caplog):
    from plugins.submissions.health import Health

    def down() -> None:
        raise OSError("connection refused to 10.0.0.7")

    site = teller.site
    health = Health(site.pages, site.drafts, site.outbox, b"a secret of a test", down)
    teller.app.register_blueprint(health.blueprint())
    answer = teller.client.get("/health")
    assert answer.status_code == 503
    said = json.loads(answer.get_data())
    assert (said["desk"], said["status"]) == ("broken", "broken")
    assert "10.0.0.7" not in answer.get_data(as_text=True)
    assert "10.0.0.7" in caplog.text
