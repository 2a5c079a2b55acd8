"""A thread on its page, as people and machines read it, and in its feeds, as feed readers take them apart."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from types import SimpleNamespace
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
from PIL import Image

from plugins.conversations.provider import Embed, Way
from tests.conftest import copy_site

ATOM, THR = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/thread/1.0}"
ROOT = "http://127.0.0.1:8000"
TALK = "stories/a-night/conversation.atom.xml"


def said(number, parent=None, **more):
    return {
        "id": str(number),
        "parent": parent,
        "author": f"Ann <{number}>",
        "url": None,
        "published": f"2026-05-02T08:{number:02}:00Z",
        "html": f'<p>Number {number} &amp; <a href="/people/ada-brook/">Ada</a></p>',
        "staff": None,
        **more,
    }


AVATAR = "5f3a9c01d2e4b687.png"
SAID = (
    said(1, avatar=AVATAR),
    said(2, "1", staff="ada-brook"),
    said(3, "2", place="https://social.example/@ann/3"),
    said(4, None, gone=True, author=None, html=""),
    said(5, "4", url="https://ann.example/?a=1&b=2"),
    said(6, "5", avatar="0123456789abcdef.webp"),
    said(7, "6"),
    said(8, "7"),
    said(9, "8"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    site = copy_site("small", tmp_path_factory.mktemp("feeds"))
    for path in site.content.glob("conversations/*.json"):
        path.unlink()
    site.story("a-night", answers="ada-brook", title="A “night” & more")
    channels = "{given: 2026-05-01, version: 1, name: full, channels: [site]}"
    site.story("kept-here", consent=channels)
    for slug in ("a-night", "kept-here"):
        thread = {"provider": "isso", "fetched": "2026-05-03T00:00:00Z", "comments": SAID}
        site.write(f"conversations/{slug}.json", json.dumps(thread))
    picture = io.BytesIO()
    Image.new("RGB", (96, 96), "teal").save(picture, "PNG")
    many = [said(number, id=f"m{number}") for number in range(1, 51)]
    site.story("much-asked", answers="ada-brook", author="ivo-marsh", title="Much asked")
    thread = {"provider": "isso", "fetched": None, "comments": many}
    site.write("conversations/much-asked.json", json.dumps(thread))
    site.write(f"conversations/avatars/{AVATAR}", picture.getvalue())
    site.write("conversations/avatars/aaaaaaaaaaaaaaaa.png", picture.getvalue())
    site.build(FEED_DOMAIN=ROOT)
    return site


def entries(site, path=TALK):
    tree = ElementTree.fromstring((site.output / path).read_text("utf-8"))
    return tree, {entry.findtext(f"{ATOM}id"): entry for entry in tree.iter(f"{ATOM}entry")}


def test_each_comment_names_what_it_answers(built):
    _, found = entries(built)
    _, stories = entries(built, "feeds/all.atom.xml")
    refs = {key.rpartition("-")[2]: entry.find(f"{THR}in-reply-to") for key, entry in found.items()}
    assert sorted(refs) == list("12356789")
    (story,) = [key for key in stories if key.endswith("/stories/a-night/")]
    assert refs["1"].get("ref") == story
    assert refs["1"].get("source") == f"{ROOT}/feeds/all.atom.xml"
    # Deeper than the page nests them, the feed still knows who answers whom; also what was taken away.
    assert {number: refs[number].get("ref").rpartition("-")[2] for number in "235689"} == {
        "2": "1", "3": "2", "5": "4", "6": "5", "8": "7", "9": "8",
    }  # fmt: skip
    assert refs["2"].get("href") == f"{ROOT}/stories/a-night/#comment-isso-1"


def test_the_feed_is_whole_and_its_links_lead_somewhere(built):
    feed = feedparser.parse((built.output / TALK).read_bytes())
    assert not feed.bozo
    assert feed.feed.title == "The conversation under “A “night” & more”"
    assert [entry.link.rpartition("-")[2] for entry in feed.entries] == list("98765321")
    by_number = {entry.link.rpartition("-")[2]: entry for entry in feed.entries}
    assert by_number["1"].author == "Ann <1>"
    assert by_number["1"].title == "Ann <1> under “A “night” & more”"
    assert f'href="{ROOT}/people/ada-brook/"' in by_number["1"].content[0].value
    assert by_number["2"].author_detail == {"name": "Ada Brook", "href": f"{ROOT}/people/ada-brook/"}
    assert by_number["5"].author_detail["href"] == "https://ann.example/?a=1&b=2"
    via = [link.href for link in by_number["3"].links if link.rel == "via"]
    assert via == ["https://social.example/@ann/3"]
    page = built.page("stories/a-night/")
    assert all(f'id="{entry.link.partition("#")[2]}"' in page for entry in feed.entries)


def test_a_storys_entry_says_where_the_replies_are(built):
    _, stories = entries(built, "feeds/all.atom.xml")
    (entry,) = [entry for key, entry in stories.items() if key.endswith("/stories/a-night/")]
    (link,) = [link for link in entry.iter(f"{ATOM}link") if link.get("rel") == "replies"]
    assert link.get("href") == f"{ROOT}/{TALK}"
    assert link.get(f"{THR}count") == entry.findtext(f"{THR}total") == "8"
    assert link.get(f"{THR}updated") == "2026-05-02T08:09:00+00:00"


def test_pages_lead_to_the_feeds(built):
    head = unescape(built.page("stories/a-night/").partition("</head>")[0])
    assert f'title="The conversation under “A “night” & more”" href="/{TALK}"' in head
    for page in ("conversations/", "feeds/"):
        assert '/feeds/conversations.atom.xml"' in built.page(page)
    _, found = entries(built, "feeds/conversations.atom.xml")
    assert len(found) == 30  # the latest, as many as any feed has


def test_a_story_that_may_not_be_in_feeds_has_none_for_its_conversation(built):
    assert not (built.output / "stories/kept-here/conversation.atom.xml").exists()
    assert "conversation.atom.xml" not in built.page("stories/kept-here/")
    assert "kept-here" not in (built.output / "feeds/conversations.atom.xml").read_text("utf-8")
    assert 'id="comment-isso-1"' in built.page("stories/kept-here/")


def bubbles(site):
    """The comments of the page by their numbers: parsed as a browser does."""
    tree = html5lib.parse(site.page("stories/a-night/"), namespaceHTMLElements=False)
    found = {element.get("id", ""): element for element in tree.iter() if element.get("id")}
    return {key.rpartition("-")[2]: one for key, one in found.items() if key.startswith("comment-")}


def with_class(element, name):
    return [one for one in element.iter() if name in (one.get("class") or "").split()]


def test_each_comment_is_an_h_cite_with_a_link_to_itself(built):
    found = bubbles(built)
    assert list(found) == list("123456789")
    for number, one in found.items():
        if number == "4":
            continue
        assert {"p-comment", "h-cite"} <= set(one.get("class").split())
        (who,), (words,) = with_class(one, "p-author"), with_class(one, "e-content")
        assert with_class(who, "p-name")
        assert f"Number {number} & Ada" in "".join(words.itertext())
        (when,) = with_class(one, "dt-published")
        assert when.get("datetime") == f"2026-05-02T08:0{number}:00+00:00"
        (link,) = [each for each in with_class(one, "bubble-when")[0].iter("a") if when in list(each)]
        assert link.get("href") == f"#comment-isso-{number}"


def test_staff_has_a_face_a_word_and_a_profile(built):
    staff = bubbles(built)["2"]
    assert with_class(staff, "staff-mark")[0].text == "Staff"
    assert [a.get("href") for a in with_class(staff, "bubble-who")[0].iter("a")] == ["/people/ada-brook/"]
    assert with_class(staff, "face")
    assert not [
        number for number, one in bubbles(built).items() if number != "2" and with_class(one, "staff-mark")
    ]


def test_where_it_was_written_and_who_wrote_it_are_links_nobody_vouches_for(built):
    found = bubbles(built)
    (place,) = with_class(found["3"], "bubble-place")
    assert (place.text, place.get("href")) == ("written at social.example", "https://social.example/@ann/3")
    (name,) = with_class(found["5"], "u-url")[:1]
    assert (name.text, name.get("href")) == ("Ann <5>", "https://ann.example/?a=1&b=2")
    for link in (place, name):
        assert {"nofollow", "ugc"} <= set(link.get("rel").split())


def test_a_comment_that_was_taken_away_keeps_its_place_and_nothing_else(built):
    gone = bubbles(built)["4"]
    assert "".join(gone.itertext()).strip() == "A comment stood here. It was taken back, or taken down."
    assert "h-cite" not in (gone.get("class") or "")


def test_avatars_come_from_this_site_or_initials_stand_there(built):
    found = bubbles(built)
    (picture,) = found["1"].iter("img")
    assert (picture.get("src"), picture.get("alt")) == (f"/conversations/avatars/{AVATAR}", "")
    assert [path.name for path in (built.output / "conversations/avatars").iterdir()] == [AVATAR]
    for number in "356789":  # 6 names a picture that is not there
        assert not list(found[number].iter("img"))
        assert with_class(found[number], "monogram")[0].text == "A"


def test_machines_are_told_the_same(built):
    page = built.page("stories/a-night/")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
    assert data["discussionUrl"] == "/stories/a-night/#talk"
    first, gone = data["comment"]
    assert first["url"] == first["@id"] == "/stories/a-night/#comment-isso-1"
    assert first["author"]["image"] == f"/conversations/avatars/{AVATAR}"
    answer = first["comment"][0]
    assert answer["author"] == {
        "@type": "Person", "name": "Ada Brook", "url": "/people/ada-brook/",
        "worksFor": {"@type": "Organization", "name": "The people of Small"},
    }  # fmt: skip
    assert answer["comment"][0]["sameAs"] == "https://social.example/@ann/3"
    assert gone["creativeWorkStatus"] == "Deleted"
    assert not {"text", "author"} & set(gone)
    assert gone["comment"][0]["text"] == "Number 5 & Ada"


def test_the_conversations_have_pages_that_lead_to_each_other(built):
    pages = ["conversations/", "conversations/page/2/", "conversations/page/3/"]
    listed = [built.page(page).count('<article class="exchange">') for page in pages]
    assert sum(listed) == 50 + 2 * 1  # of a question that was taken away there is none
    assert listed[0] == listed[1] == 24
    assert not (built.output / "conversations/page/4").exists()
    assert 'rel="next" href="/conversations/page/2/"' in built.page(pages[0])
    assert 'rel="prev" href="/conversations/page/2/"' in built.page(pages[2])


def test_the_front_page_shows_the_newest_conversation_of_each_story(built):
    under = re.findall(r'class="under">Under <a href="/stories/([^/]+)/#comment-isso-(\w+)"', built.page(""))
    assert under[0] == ("much-asked", "m50")
    assert sorted(under[1:]) == [("a-night", "1"), ("kept-here", "1")]


def test_a_storytellers_page_shows_what_is_talked_about_under_their_stories(built):
    page = built.page("people/ivo-marsh/")
    assert "Being talked about under Ivo’s stories" in page
    assert page.count('<article class="exchange">') == 4
    assert page.count("Waiting for an answer") == 4
    assert "/stories/much-asked/#comment-isso-m50" in page


def test_only_the_storys_page_allows_who_keeps_its_conversation():
    """And no more of them than it takes."""

    def allowed(*keepers):
        ways = tuple(Way("some", SimpleNamespace(opens=opens, origins=(url,)), "") for opens, url in keepers)
        rules = Embed(ways, None, "").policy.split(";")
        return {name: value.split() for name, _, value in (rule.strip().partition(" ") for rule in rules)}

    own = allowed(("link", "https://social.example"))
    assert own == allowed()
    assert (own["frame-src"], own["form-action"]) == (["'none'"], ["'self'"])
    frame = allowed(("frame", "https://giscus.app"))
    assert frame == {**own, "frame-src": ["https://giscus.app"]}
    both = allowed(("script", "https://talk.example"), ("form", "https://mentions.example"))
    run = {name: ["'self'", "https://talk.example"] for name in ("script-src", "style-src", "img-src")}
    sent = {
        "connect-src": ["'self'", "https://talk.example", "https://mentions.example"],
        "form-action": ["'self'", "https://mentions.example"],
    }
    assert both == {**own, **run, **sent}
