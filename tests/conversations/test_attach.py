"""What templates find on stories and people, in a site that is really built."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from plugins.conversations.exchange import conversations, replies
from plugins.conversations.provider import Subject
from plugins.conversations.providers import PROVIDERS
from plugins.conversations.providers.isso import Isso
from plugins.conversations.settings import check
from plugins.conversations.words import WORDS, add_words
from plugins.guard.setting import SettingsRefused
from plugins.guard.template import Words
from plugins.people import Face
from tests.conversations.test_thread import comment, thread

FACE = Face("Ada Brook", "people/ada-brook/", None, "sage", "AB", "Fitter", True, "Ada")


@pytest.fixture
def words(tmp_path):
    found = Words(tmp_path)
    add_words(found)
    return found


def embed(words, lang="en", title="A night", page="/people/ada-brook/"):
    return Isso("https://talk.example/isso/").embed(Subject("a-night", title, lang, FACE, page), words)


def test_the_embed_loads_nothing_by_itself(words):
    html = embed(words)
    assert not re.search(r"<script|<link|<iframe|<img|\ssrc=|\sstyle=|\son\w+=", html)
    assert 'data-src="https://talk.example/isso/"' in html
    assert 'data-thread="/stories/a-night/"' in html
    assert re.search(r'<button type="button" class="live-button" hidden>Join the conversation</button>', html)
    assert '<a href="/people/ada-brook/">Other ways to reach Ada</a>' in html


def test_the_embed_escapes_what_people_wrote(words):
    html = embed(words, title='"><script>alert(1)</script>')
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_thread_is_one_for_all_languages(words):
    spanish = embed(words, "es")
    assert 'data-thread="/stories/a-night/"' in spanish
    assert "Únete a la conversación" in spanish
    assert "Join the conversation" in embed(words, "fi")


def test_nobody_to_link_to_is_no_link(words):
    assert "<a " not in embed(words, page="")


def test_a_themes_words_come_first(tmp_path):
    (tmp_path / "en.toml").write_text('join = "Say something"\n')
    (tmp_path / "de.toml").write_text('join = "Rede mit"\n')
    words = Words(tmp_path)
    add_words(words)
    assert "Say something" in embed(words)
    assert "Rede mit" in embed(words, "de")


def test_every_language_has_every_word():
    assert {lang: sorted(known) for lang, known in WORDS.items()} == dict.fromkeys(WORDS, sorted(WORDS["en"]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRSTHAND_CONVERSATIONS", "disqus"),
        ("FIRSTHAND_ISSO_URL", "javascript:alert(1)"),
        ("FIRSTHAND_ISSO_URL", "comments"),
        ("FIRSTHAND_ISSO_URL", 5),
    ],
)
def test_wrong_settings_are_refused_by_name(name, value):
    with pytest.raises(SettingsRefused, match=name):
        check({name: value})


def test_conversations_may_be_switched_off():
    settings = {"FIRSTHAND_CONVERSATIONS": ""}
    check(settings)
    assert settings["FIRSTHAND_ISSO_URL"] == "/comments"
    assert "isso" in PROVIDERS


def test_each_question_comes_with_its_first_answer():
    article = SimpleNamespace(
        card=None,
        thread=thread(
            comment("1"),
            comment("2", "1", minute=1),
            comment("3", "2", minute=5, staff=True),
            comment("4", "1", minute=3, staff=True),
            comment("5", minute=6),
            comment("6", minute=7, staff=True),
        ),
    )
    found = list(conversations([article, SimpleNamespace(thread=None)]))
    assert [(c.question.id, c.answer and c.answer.id) for c in found] == [("1", "4"), ("5", None)]


def test_what_a_person_answered_stands_latest_first():
    first = replace(comment("1", staff=True), person_slug="ada-brook")
    second = replace(comment("2", "1", minute=1, staff=True), person_slug="ada-brook")
    unknown = comment("3", minute=2, staff=True)
    article = SimpleNamespace(card=None, thread=thread(first, second, unknown))
    (found,) = replies([article, SimpleNamespace(thread=None)]).items()
    assert (found[0], [reply.comment.id for reply in found[1]]) == ("ada-brook", ["2", "1"])


def snapshot(*comments):
    defaults = {"parent": None, "author": "Ann", "url": None, "html": "<p>Well?</p>", "staff": None}
    return json.dumps(
        {
            "provider": "isso",
            "fetched": "2026-05-03T00:00:00Z",
            "comments": [{**defaults, **found} for found in comments],
        }
    )


ASKED = {"id": "7", "published": "2026-05-02T08:00:00Z"}
ANSWERED = {
    "id": "8",
    "parent": "7",
    "published": "2026-05-02T09:00:00Z",
    "html": "<p>Well enough.<script>alert(1)</script></p>",
    "staff": "ada-brook",
}


def test_a_built_page_shows_the_thread_and_the_way_in(site):
    site.story("a-night", answers="ada-brook")
    site.write("conversations/a-night.json", snapshot(ASKED, ANSWERED))
    site.build()
    page = site.page("stories/a-night/")
    assert 'id="comment-isso-7"' in page
    assert 'id="comment-isso-8"' in page
    assert "alert(1)" not in page
    assert 'class="live-button"' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
    assert data["comment"][0]["comment"][0]["text"] == "Well enough."
    assert "Well enough." in site.page("conversations/")
    assert "Well enough." in site.page("people/ada-brook/")


def test_a_wrong_snapshot_stops_the_build_and_says_where(site):
    site.story("a-night")
    site.write("conversations/a-night.json", '{"provider": "isso",\n"comments": [\n{"id": 1}]}')
    with pytest.raises(Exception, match=r"content/conversations/a-night\.json:3: `published`"):
        site.build()


def test_without_a_comment_system_the_thread_is_still_there_to_read(site):
    site.story("a-night", answers="ada-brook")
    site.write("conversations/a-night.json", snapshot(ASKED))
    site.build(FIRSTHAND_CONVERSATIONS="")
    page = site.page("stories/a-night/")
    assert "comment-isso-7" in page
    assert "live-button" not in page


def test_a_build_loads_nothing_that_asks_a_server():
    """Each takes longer to load than a story takes to build."""
    slow = {"httpx", "asyncio", "sqlite3", "sqlalchemy", "isso", "mistune"}
    code = "import sys, plugins.conversations; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not slow & set(loaded.split())
