"""An export's threads stand in content/conversations/ beside what was there, once."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from plugins.conversations.imports.bring import ImportRefused, import_threads
from plugins.conversations.imports.exported import Export, Exported
from plugins.conversations.imports.report import summary
from plugins.conversations.provider import Said

HERE = Path(__file__).parent
NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


@pytest.fixture
def bring(site):
    """Import one of the files here; what was said."""

    def run(name: str = "disqus.xml", kind: str = "", file: Path | None = None, **options) -> list[str]:
        said: list[str] = []
        options = {"own": "isso", "now": NOW, "dry_run": False, **options}
        import_threads(site.content, file or HERE / name, kind, say=said.append, **options)
        return said

    return run


def kept(site, slug: str) -> dict:
    return json.loads((site.content / "conversations" / f"{slug}.json").read_text("utf-8"))


def test_comments_stand_beside_those_of_the_sites_own_thread(site, bring):
    before = kept(site, "the-first-day")
    bring()
    after = kept(site, "the-first-day")
    assert after["provider"] == "isso"
    assert [one for one in after["comments"] if not one["id"].startswith("disqus-")] == before["comments"]
    ours = {one["id"]: one for one in after["comments"] if one["id"].startswith("disqus-")}
    assert {name: one["parent"] for name, one in ours.items()} == {
        "disqus-901": None,
        "disqus-903": "disqus-901",
        "disqus-904": None,
    }
    assert ours["disqus-903"]["published"] == "2026-03-02T12:00:00Z"


def test_a_story_without_a_thread_gets_one_of_the_sites_own_provider(site, bring):
    bring()
    thread = kept(site, "the-borrowed-van")
    assert (thread["provider"], thread["fetched"]) == ("isso", None)
    assert [one["id"] for one in thread["comments"]] == ["disqus-906"]
    text = json.dumps(thread)
    assert "onerror" not in text
    assert "<img" not in text
    assert "<script" not in thread["comments"][0]["html"]


def test_a_second_run_writes_nothing(site, bring):
    bring()
    before = {path.name: path.read_bytes() for path in (site.content / "conversations").iterdir()}
    said = bring(now=NOW + datetime.timedelta(days=3))
    assert {path.name: path.read_bytes() for path in (site.content / "conversations").iterdir()} == before
    assert "0 new, 0 changed" in said[-1]


def test_an_edit_comes_along_and_what_the_new_export_lacks_stays(site, bring, tmp_path):
    bring()
    text = (HERE / "disqus.xml").read_text("utf-8").replace("It was.", "It was, in March.")
    start = text.index('<post dsq:id="904">')
    newer = tmp_path / "newer.xml"
    newer.write_text(text[:start] + text[text.index('<post dsq:id="905">') :], "utf-8")
    said = bring(file=newer)
    ours = {one["id"]: one for one in kept(site, "the-first-day")["comments"]}
    assert ours["disqus-903"]["html"] == "<p>It was, in March.</p>"
    assert "disqus-904" in ours
    assert "0 new, 1 changed" in said[-1]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(site, bring):
    before = kept(site, "the-first-day")
    said = bring(dry_run=True)
    assert kept(site, "the-first-day") == before
    assert not (site.content / "conversations" / "the-borrowed-van.json").exists()
    assert said == [
        "stories/the-borrowed-van: 1 new, from http://www.ivo.example.org/van/",
        "stories/the-first-day: 3 new, from https://old.example.org/2026/03/The_First_Day.html?utm_source=mail",
        "https://old.example.org/about: 1 comment, but no story. Write the address into its story's"
        " `canonical` or `via`, or call its folder 'about'.",
        "5 comments in 3 threads; 4 of them under 2 stories here; 4 new, 0 changed, nothing written;"
        " left out: 2 deleted, 1 spam, 1 without words, 1 without a time.",
    ]


def test_staff_are_whom_the_server_knew_and_nobody_who_typed_their_name(site, bring):
    ada = site.content / "people" / "ada-brook.md"
    ada.write_text(
        ada.read_text("utf-8").replace("tint:", "accounts: {disqus: '@AdaBrook', wordpress: ada}\ntint:")
    )
    bring()
    bring("wordpress.xml")
    staff = {one["id"]: one["staff"] for one in kept(site, "the-first-day")["comments"] if "-" in one["id"]}
    assert staff == {
        "disqus-901": None,
        "disqus-903": "ada-brook",
        "disqus-904": None,
        "wordpress-21": None,
        "wordpress-22": "ada-brook",
        "wordpress-24": None,
    }


def test_both_exports_are_built_and_nest(site, bring):
    bring()
    bring("wordpress.xml")
    site.build()
    page = site.page("stories/the-first-day/")
    for name in ("disqus-901", "disqus-903", "wordpress-21", "wordpress-22"):
        assert page.count(f'id="comment-{name}"') == 1
    assert "secret.example" not in page


def test_what_came_with_the_blogs_feed_already_is_not_told_twice(site, bring):
    thread = kept(site, "the-first-day")
    brought = {"id": "feed-1", "parent": None, "author": "Joan (away)", "url": None, "staff": None}
    brought |= {"published": "2026-03-02T23:30:00Z", "html": "<p>How early?</p><p>An hour?</p>"}
    thread["comments"].append(brought)
    site.write("conversations/the-first-day.json", json.dumps(thread))
    said = bring("wordpress.xml")
    found = {one["id"]: one for one in kept(site, "the-first-day")["comments"]}
    assert "wordpress-21" not in found
    assert found["wordpress-22"]["parent"] == "feed-1"
    assert "1 here already" in said[-1]


def test_a_file_that_cannot_be_added_to_stays_and_is_said(site, bring):
    broken = site.write("conversations/the-first-day.json", "{")
    said = bring()
    assert broken.read_text("utf-8") == "{"
    assert any(
        line.startswith("stories/the-first-day: conversations/the-first-day.json cannot be read")
        for line in said
    )
    assert kept(site, "the-borrowed-van")["comments"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("<p>hello</p>", "", "is no export of disqus or wordpress"),
        (None, "wordpress", "is an export of disqus"),
        (None, "isso", "no export we know"),
        ('<disqus xmlns="http://disqus.com"><post>', "", "breaks off"),
    ],
)
def test_what_is_no_export_is_refused_in_words(bring, tmp_path, text, kind, words):
    file = HERE / "disqus.xml"
    if text is not None:
        file = tmp_path / "export.xml"
        file.write_text(text, "utf-8")
    with pytest.raises(ImportRefused, match=words):
        bring(file=file, kind=kind)


def test_a_file_that_is_not_there_is_said(bring, tmp_path):
    with pytest.raises(ImportRefused, match=r"none\.xml cannot be opened"):
        bring(file=tmp_path / "none.xml")


def test_one_comment_under_one_story_is_said_so():
    thread = Exported(
        "https://old.example.org/van/", "van", (Said("wordpress-1", None, "Jo", "", NOW, "Hm"),)
    )
    assert summary(Export((thread,)), {"the-borrowed-van": [thread]}, 1, 0, False) == (
        "1 comment in 1 thread; 1 of them under 1 story here; 1 new, 0 changed."
    )
