"""The storyteller's own page: what it shows, what it lets them do, and what nobody else gets to see."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from plugins.database import database
from plugins.desk import ProposalLink
from plugins.submissions import Outbox, Submission
from plugins.submissions.forget import forget
from plugins.submissions.outbox import digest_of
from plugins.submissions.pages import Pages
from plugins.submissions.rows import STEPS, STORIES
from plugins.submissions.standing import MOST_STEPS
from plugins.submissions.status import status_pages
from plugins.submissions.steps import steps_of, take_step

TEXT = "It rained all day at the bench. <script>x</script> Then Walt came & we laughed.\n\nHe left at five.\n"
EDITED = "---\ntitle: The wet day\nsummary: It rained.\n---\nIt rained at the bench. Then Walt came.\n"


@pytest.fixture
def outbox(tmp_path):
    with database(tmp_path) as opened:
        yield Outbox(opened, b"a secret of the test")


@pytest.fixture
def client(site, outbox):
    app = Flask("test", static_folder=None)
    pages = Pages(site.root / "pelicanconf.py")
    app.register_blueprint(status_pages(outbox, pages, mail=True), url_prefix="/s")
    return app.test_client()


@pytest.fixture
def receipt(outbox):
    found = outbox.receive(
        Submission(text=TEXT, name="Jo Hale", consent="1", email="jo@example.org", title="The wet day")
    )
    (waiting,) = outbox.pending(outbox.clock())
    outbox.delivered(found.id, ProposalLink(waiting.proposal, "story/x"))
    return found


def step(outbox, receipt, kind, **words):
    with outbox.database.begin() as connection:
        take_step(connection, receipt.id, kind, outbox.clock(), **words)


def asked(outbox, receipt, text=EDITED, words="All right?"):
    step(outbox, receipt, "asked", person="ada-brook", words=words)
    with outbox.database.begin() as connection:
        connection.execute(STORIES.update().values(asked=text))


def kinds(outbox, receipt):
    return [one.kind for one in steps_of(outbox.database, receipt.id)]


def words_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_photograph_is_named_by_what_is_to_be_seen(client, outbox, receipt):
    asked(outbox, receipt, f"{EDITED}\n![A wet [big\\] bench]({{attach}}photo-2.jpg)\n")
    page = client.get(f"/s/{receipt.token}").get_data(as_text=True)
    assert "photo-2.jpg" in page
    assert "{attach}" not in page
    assert "![" not in page


def test_it_shows_how_the_story_stands(client, receipt):
    answer = client.get(f"/s/{receipt.token}")
    assert answer.status_code == 200
    page = answer.text
    assert "Your story waits for" in page
    assert "The wet day" in page
    assert "We have your story and will read it." in page
    assert f'<time datetime="{receipt.at:%Y-%m-%d}' in page
    assert "We write to you by e-mail" in page
    assert "jo@example.org" not in page


def test_nobody_keeps_it_finds_it_or_learns_of_it(client, receipt):
    for path in (f"/s/{receipt.token}", "/s/nothing"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert 'name="robots" content="noindex' in answer.text
        assert receipt.token not in answer.text
        assert not re.findall(
            r'(?:src|href|action)="(?!/|#|\.)', answer.text.replace('href="https://', 'href="/')
        )


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "%00", "..%2f", "a" * 5000])
def test_any_other_token_opens_nothing(client, receipt, wrong):
    for answer in (
        client.get(f"/s/{wrong}"),
        client.post(f"/s/{wrong}", data={"do": "forget", "sure": "yes"}),
    ):
        assert answer.status_code == 404
        assert "The wet day" not in answer.text


def test_the_digest_in_the_database_opens_nothing(client, receipt):
    assert client.get(f"/s/{digest_of(receipt.token)}").status_code == 404


def test_each_step_is_signed_and_dated(client, outbox, receipt):
    step(outbox, receipt, "edited", person="ada-brook")
    step(outbox, receipt, "declined", person="ada-brook", words="Somebody in it was not asked.")
    with outbox.database.begin() as connection:
        connection.execute(STORIES.update().values(state="declined"))
    page = client.get(f"/s/{receipt.token}").text
    assert "We are not going to publish your story." in page
    assert "Somebody in it was not asked." in page
    assert page.count("<b>Ada Brook</b>") >= 2
    assert page.count('<p class="step-who">') == page.count("</time></p>") == 3
    assert "reject" not in page.lower()
    assert 'value="leave"' not in page


def test_the_edited_text_stands_beside_the_original(client, outbox, receipt):
    asked(outbox, receipt)
    page = client.get(f"/s/{receipt.token}").text
    assert "<h1>May it go out like this?</h1>" in page
    assert "<del>all day</del>" in page
    assert "<del>He left at five.</del>" in page
    assert "All right?" in page
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("do", "kind", "says"), [("yes", "agreed", "You said yes."), ("no", "refused", "You said no")]
)
def test_an_answer(client, outbox, receipt, do, kind, says):
    asked(outbox, receipt)
    form = {"do": do, "words": "Thank you.\r\nJo", "shown": digest_of(EDITED)}
    answer = client.post(f"/s/{receipt.token}", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, receipt.token)
    client.post(f"/s/{receipt.token}", data=form)  # pressed twice
    assert kinds(outbox, receipt) == ["received", "asked", kind]
    with outbox.database.begin() as connection:
        row = connection.execute(select(STEPS).where(STEPS.c.kind == kind)).mappings().one()
    assert (row["words"], row["shown"], row["heard"]) == ("Thank you.\nJo", digest_of(EDITED), False)
    assert says in client.get(f"/s/{receipt.token}").text


def test_a_mind_can_change(client, outbox, receipt):
    asked(outbox, receipt)
    for do in ("yes", "no", "yes"):
        client.post(f"/s/{receipt.token}", data={"do": do, "shown": digest_of(EDITED)})
    assert kinds(outbox, receipt)[2:] == ["agreed", "refused", "agreed"]


def test_a_yes_to_another_text_is_no_yes(client, outbox, receipt):
    asked(outbox, receipt)
    form = {"do": "yes", "shown": digest_of(EDITED)}
    asked(outbox, receipt, EDITED.replace("rained", "poured"))
    answer = client.post(f"/s/{receipt.token}", data=form)
    assert answer.status_code == 422
    assert "edited again meanwhile" in answer.text
    assert "agreed" not in kinds(outbox, receipt)


def test_looking_changes_nothing(client, outbox, receipt):
    asked(outbox, receipt)
    for query in ("?do=yes", "?do=forget&sure=yes"):
        client.get(f"/s/{receipt.token}{query}&shown={digest_of(EDITED)}")
        client.head(f"/s/{receipt.token}{query}")
    assert kinds(outbox, receipt) == ["received", "asked"]


def test_a_comment_and_what_is_wrong_with_one(client, outbox, receipt):
    path = f"/s/{receipt.token}"
    answer = client.post(path, data={"do": "comment", "words": " "})
    assert answer.status_code == 422
    assert 'href="#words"' in answer.text
    assert 'id="words-fault"' in answer.text
    assert "<title>Error: " in answer.text
    long = "Oh my. " * 400
    answer = client.post(path, data={"do": "comment", "words": long})
    assert answer.status_code == 422
    assert long.strip() in answer.text, "nothing typed is lost"
    assert client.post(path, data={"do": "comment", "words": "Hello?"}).status_code == 303
    assert kinds(outbox, receipt) == ["received", "comment"]
    assert "Hello?" in client.get(path).text


def test_no_token_fills_the_database(client, outbox, receipt):
    with outbox.database.begin() as connection:
        for _ in range(MOST_STEPS):
            take_step(connection, receipt.id, "comment", outbox.clock(), words="x")
    answer = client.post(f"/s/{receipt.token}", data={"do": "comment", "words": "one more"})
    assert answer.status_code == 422
    assert len(kinds(outbox, receipt)) == MOST_STEPS + 1


def test_another_text(client, outbox, receipt):
    path = f"/s/{receipt.token}"
    assert "It rained all day" in client.get(path).text
    answer = client.post(path, data={"do": "rewrite", "words": "Short."})
    assert answer.status_code == 422
    assert ">Short.</textarea>" in answer.text
    assert (
        client.post(path, data={"do": "rewrite", "words": "It poured, all of that day. " * 5}).status_code
        == 303
    )
    (waiting,) = outbox.pending(outbox.clock())
    assert "It poured" in outbox.read(waiting.id).text
    assert "Sent another text" in client.get(path).text
    step(outbox, receipt, "edited", person="ada-brook")
    assert (
        client.post(path, data={"do": "rewrite", "words": "It thundered on that day. " * 5}).status_code
        == 422
    )
    assert "It thundered" not in outbox.read(waiting.id).text


def test_taken_back(client, outbox, receipt):
    path = f"/s/{receipt.token}"
    answer = client.post(path, data={"do": "leave"})
    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert client.post(path, data={"do": "leave", "sure": "yes"}).status_code == 303
    page = client.get(path).text
    assert "You have taken your story back." in page
    assert 'value="leave"' not in page


def test_deleted(client, outbox, receipt):
    path = f"/s/{receipt.token}"
    assert client.post(path, data={"do": "forget"}).status_code == 422
    answer = client.post(path, data={"do": "forget", "sure": "yes"})
    assert answer.status_code == 200
    assert "Everything is deleted" in answer.text
    assert client.get(path).status_code == 404


def test_without_mail_it_says_so(site, outbox, receipt):
    app = Flask("test", static_folder=None)
    app.register_blueprint(status_pages(outbox, Pages(site.root / "pelicanconf.py")), url_prefix="/s")
    page = app.test_client().get(f"/s/{receipt.token}").text
    assert "We do not send you any e-mail about this" in page


def test_it_speaks_the_language_of_the_story(client, outbox):
    receipt = outbox.receive(Submission(text=TEXT, name="Jo", consent="1", lang="es"))
    page = client.get(f"/s/{receipt.token}").text
    assert '<html lang="es"' in page
    assert "Tu historia espera" in page


def test_a_live_story_and_one_whose_text_was_deleted_with_time(client, outbox, receipt):
    with outbox.database.begin() as connection:
        connection.execute(STORIES.update().values(state="published", address="the-wet-day", story=""))
    step(outbox, receipt, "published", person="ada-brook")
    page = client.get(f"/s/{receipt.token}").text
    assert '/stories/the-wet-day/"' in page
    assert "A story that you sent us" in page
    assert 'value="leave"' in page
    forget(outbox, receipt.id)
    assert client.get(f"/s/{receipt.token}").status_code == 404


def test_what_an_odd_form_asks_for(client, outbox, receipt):
    for form in ({}, {"do": "publish"}, {"do": "yes"}, {"do": "no", "shown": "x"}):
        assert client.post(f"/s/{receipt.token}", data=form).status_code == 422
    assert kinds(outbox, receipt) == ["received"]


def test_it_is_good_html(client, outbox, receipt):
    import html5lib

    asked(outbox, receipt)
    for answer in (
        client.get(f"/s/{receipt.token}"),
        client.get("/s/nothing"),
        client.post(f"/s/{receipt.token}", data={"do": "comment"}),
        client.post(f"/s/{receipt.token}", data={"do": "leave"}),
    ):
        html5lib.HTMLParser(strict=True).parse(answer.text)
        ids = re.findall(r'\bid="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids))
        for name in re.findall(r'aria-describedby="([^"]+)"', answer.text):
            assert set(name.split()) <= set(ids)
