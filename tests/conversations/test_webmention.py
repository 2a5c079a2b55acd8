"""Webmentions, from answers of the shape that webmention.io's own code gives.

Sources: https://github.com/aaronpk/webmention.io (src/Format/Jf2Format.php,
src/Controllers/ApiController.php) and https://jf2.spec.indieweb.org/.
"""

import json
from urllib.parse import urlencode

import pytest

from plugins.conversations.provider import Fetched, Wanted
from plugins.conversations.providers.feed import Feed
from plugins.conversations.providers.webmention import Webmention, problems

from .asked import HOSTILE, failure, fetched, outcomes, recorded
from .opened import subject, words

SITE = "https://people.example.org"
NIGHT = Wanted("a-night", f"{SITE}/stories/a-night/", "")
DAY = Wanted("b-day", f"{SITE}/stories/b-day/", "")


def address(*targets, page=0):
    query = [("target[]", url) for url in targets]
    query += [("wm-property[]", "in-reply-to"), ("wm-property[]", "mention-of")]
    return "/api/mentions.jf2?" + urlencode([*query, ("sort-dir", "up"), ("per-page", 100), ("page", page)])


def answer(server, thing, path=None):
    server.page(path or address(NIGHT.url), json.dumps(thing).encode())


@pytest.fixture
def mention(server):
    answer(server, recorded("webmention/mentions.json"))
    return Webmention(f"{server.url}/people.example.org/webmention", SITE)


def both(server, mention):
    answer(server, recorded("webmention/mentions.json"), address(NIGHT.url, DAY.url))
    return {outcome.slug: outcome.said for outcome in outcomes(mention, NIGHT, DAY)}


def test_what_was_written_about_two_stories_is_one_question(server, mention):
    said = both(server, mention)
    assert {slug: [one.id for one in found] for slug, found in said.items()} == {
        "a-night": ["1700001", "1700002"],
        "b-day": ["1700003"],  # a like, a private one and another story's are not among them
    }
    assert len(server.asked) == 1


def test_a_reply_as_its_receiver_tells_it(mention):
    reply, answer = fetched(mention, NIGHT).values()
    assert (reply.author, reply.url) == ("Ruth", "https://ruth.example/")
    assert reply.html == "<p>How <em>loud</em> was it?</p>"
    assert reply.published.isoformat() == "2026-11-02T09:00:00+00:00"
    assert reply.place == "https://ruth.example/2026/replies/7"
    assert answer.parent == "1700001"
    assert answer.html == "<p>Very.</p><p>Two &lt; three.</p>"


def test_a_page_that_mentions_a_story_comes_with_its_title_and_beginning(server, mention):
    (one,) = both(server, mention)["b-day"]
    assert one.html == "<p><strong>A week of &lt;reading&gt;</strong></p><p>On Monday I read this.</p>"
    assert one.published.isoformat() == "2026-11-04T09:05:00+00:00", "nobody writes after they were read"


def test_of_a_long_page_only_how_it_begins(server, mention):
    thing = recorded("webmention/mentions.json")
    thing["children"] = [thing["children"][2] | {"wm-target": NIGHT.url, "name": "word"}]
    thing["children"][0]["content"] = {"html": f"<p>{'word ' * 1000}</p>"}
    answer(server, thing)
    (one,) = fetched(mention, NIGHT).values()
    assert one.html.endswith("word…</p>")
    assert len(one.html) < 520
    assert "<strong>" not in one.html, "it begins with its title"


def test_where_it_was_written_is_the_page_that_was_read(server, mention):
    said = fetched(mention, NIGHT)
    assert said["1700002"].place == "https://www.tom.example/notes/12", "and no address that it claims"
    (bridged,) = both(server, mention)["b-day"]
    assert bridged.place == "https://social.example/@sam/99"


def test_nobody_is_vouched_for(server, mention):
    for found in both(server, mention).values():
        assert not any(one.account or one.official for one in found)


def test_many_are_read_page_by_page(server, mention):
    one = recorded("webmention/mentions.json")["children"][0]
    many = [one | {"wm-id": number} for number in range(130)]
    answer(server, {"children": many[:100]})
    answer(server, {"children": many[100:]}, address(NIGHT.url, page=1))
    assert len(fetched(mention, NIGHT)) == 130


def test_pages_without_an_end_are_left(server, mention, monkeypatch):
    monkeypatch.setattr("plugins.conversations.providers.webmention.PAGES", 2)
    full = {"children": recorded("webmention/mentions.json")["children"][:1] * 100}
    answer(server, full)
    answer(server, full, address(NIGHT.url, page=1))
    assert failure(mention, NIGHT).startswith("More than 200 webmentions")


def test_what_was_said_of_its_old_address_counts_too(server, mention):
    old = "https://old.example.org/night"
    thing = recorded("webmention/mentions.json")
    thing["children"][0]["wm-target"] = old + "/"
    answer(server, thing, address(NIGHT.url, old))
    assert set(fetched(mention, Wanted("a-night", NIGHT.url, old))) == {"1700001", "1700002"}


def test_what_was_said_of_its_page_in_another_language_counts_too(server, mention):
    pages = (NIGHT.url, f"{SITE}/es/stories/a-night/")
    thing = recorded("webmention/mentions.json")
    thing["children"][0]["wm-target"] = pages[1]
    answer(server, thing, address(*pages))
    assert set(fetched(mention, Wanted("a-night", NIGHT.url, "", pages))) == {"1700001", "1700002"}


def test_twenty_stories_are_one_question(server, mention):
    stories = [Wanted(f"s-{n:02}", f"{SITE}/stories/s-{n:02}/", "") for n in range(25)]
    answer(server, {"children": []}, address(*(story.url for story in stories[:20])))
    answer(server, {"children": []}, address(*(story.url for story in stories[20:])))
    assert sorted(outcomes(mention, *stories), key=lambda one: one.slug) == [
        Fetched(s.slug, ()) for s in stories
    ]
    assert len(server.asked) == 2


def test_without_an_address_it_is_said_what_is_missing():
    assert "FIRSTHAND_SITEURL" in failure(
        Webmention("https://webmention.io/x/webmention"), Wanted("a", "", "")
    )
    assert "FIRSTHAND_WEBMENTION_URL" in failure(Webmention(""), NIGHT)


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_told_as_they_are(server, mention, payload):
    thing = recorded("webmention/mentions.json")
    one = thing["children"][0]
    one |= {"url": payload, "content": {"html": payload, "text": "words"}, "wm-source": payload}
    one["author"] = {"name": payload, "url": payload, "photo": payload}
    thing["children"] = [one, recorded("webmention/mentions.json")["children"][2] | {"wm-target": NIGHT.url}]
    thing["children"][1] |= {"name": payload, "content": {"text": f"words {payload}"}}
    answer(server, thing)
    reply, mentioned = fetched(mention, NIGHT).values()
    whole = payload.replace("\ud800", "?")
    assert (reply.author, reply.url, reply.avatar, reply.place) == (whole,) * 4
    assert reply.html == (whole or "<p>words</p>")
    assert not any(tag in mentioned.html for tag in ("<script>", "<img", "<svg", "</ol>"))  # we wrote that


def test_a_reader_tells_of_their_own_page_without_a_script(mention):
    box = Webmention("https://webmention.io/people.example.org/webmention", SITE).embed(
        subject("a-night"), words()
    )
    assert (
        '<form class="live-form" method="post" action="https://webmention.io/people.example.org/webmention">'
        in box
    )
    assert f'name="target" value="{SITE}/stories/a-night/"' in box
    assert 'name="source" type="url"' in box
    assert "webmention.io reads that page" in box
    assert Webmention("https://webmention.io/x/webmention").embed(subject("a-night"), words()) == ""
    assert mention.opens == "form"
    there = Webmention("https://webmention.io/x/webmention", SITE).embed(
        subject("a-night", lang="es"), words()
    )
    assert f'value="{SITE}/es/stories/a-night/"' in there


@pytest.mark.parametrize(
    ("place", "right"),
    [("", True), ("https://old.example.org/night", True), ("old", False), ("javascript:a", False)],
)
def test_the_place_is_an_address(place, right):
    assert (Webmention("https://webmention.io/x/webmention").problem(place) is None) is right
    assert (Feed().problem(place) is None) is right


def test_wrong_settings_are_said():
    assert problems({"FIRSTHAND_WEBMENTION_URL": "webmention.io"})
    assert problems({"FIRSTHAND_WEBMENTION_URL": "", "FIRSTHAND_CONVERSATIONS": "webmention"})
    assert not problems({"FIRSTHAND_WEBMENTION_URL": "https://webmention.io/x/webmention"})


def test_a_story_page_names_the_receiver_to_other_sites(site):
    site.build(FIRSTHAND_WEBMENTION_URL="https://webmention.io/people.example.org/webmention")
    page = site.page("stories/the-first-day/")
    assert '<link rel="webmention" href="https://webmention.io/people.example.org/webmention">' in page
    assert 'rel="webmention"' not in site.page("")
