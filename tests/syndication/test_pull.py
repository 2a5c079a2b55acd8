"""From a feed, on a server or in a file, to stories; and a second time, when nothing may change."""

import time
from pathlib import Path

import pytest

from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.syndication import CannotPull, pull

from .blog import run, tree
from .conftest import FEEDS, Served

SOURCE = """[[source]]
person = "walt-okafor"
feed = "{url}/rss"
{more}
"""
CONSENT = 'consent = {given = 2026-10-01, version = 1, name = "full"}'
TRUSTED = f'review = false\nmode = "full"\nknown_as = ["Walt"]\n{CONSENT}'


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "rdf.xml", "feed.json", "windows-1251.xml"])
def test_a_file_becomes_drafts_and_the_second_time_nothing(content: Path, name: str) -> None:
    report, said = run(content, file=FEEDS / name, source="jo-berg")
    assert report.counts["new"] == len(report.written) >= 1
    assert report.counts["skipped"] == 0 or name == "feed.json"
    for slug in report.written:
        front = read_document(content / "stories" / slug / "index.md").front
        assert front["status"] == "draft"
        assert front["author"] in ("jo-berg", "ana-ruiz" if name == "atom.xml" else "")
    before = tree(content)
    again, said = run(content, file=FEEDS / name, source="jo-berg")
    assert tree(content) == before
    assert (again.counts["new"], again.counts["changed"], again.written) == (0, 0, [])
    assert again.counts["same"] == report.counts["new"]
    assert any(line.startswith("  same    ") for line in said)


def test_what_the_story_of_an_entry_says(content: Path) -> None:
    run(content, file=FEEDS / "rss.xml", source="walt-okafor")
    document = read_document(content / "stories" / "the-pump-that-sang-stopped" / "index.md")
    assert document.front["title"] == "The pump that sang & stopped"
    assert str(document.front["date"]) == "2026-11-01"
    assert document.front["via"] == {
        "name": "Walt's bench",
        "url": "https://walt.example/2026/the-pump-that-sang/",
    }
    assert document.front["source"] == {"feed": "walt-okafor", "id": "https://walt.example/?p=1"}
    assert "https://walt.example/about" in document.body
    assert "It sang at about two" in document.body
    assert "I tell it on my own page" not in document.body
    assert 'Read the full story at <a href="https://walt.example/2026/the-pump-that-sang/">' in document.body
    assert "appeared first" not in document.body
    # No title: the first words. No date: the day it was first seen.
    other = read_document(content / "stories" / "eleven-words-is-what-this-little-note-has" / "index.md")
    assert str(other.front["date"]) == "2026-11-15"


def test_the_day_first_seen_stays(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(content, file=FEEDS / "rdf.xml", source="jo-berg")
    before = tree(content)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    report, _ = run(content, file=FEEDS / "rdf.xml", source="jo-berg")
    assert report.counts["same"] == 1
    assert tree(content) == before


def test_a_dry_run_says_and_writes_nothing(content: Path) -> None:
    before = tree(content)
    report, said = run(content, file=FEEDS / "rss.xml", source="walt-okafor", dry_run=True)
    assert report.counts["new"] == 2
    assert "  new     The pump that sang & stopped: a draft in stories/the-pump-that-sang-stopped" in said
    assert said[-1] == "2 new, 0 the same, 0 changed, 0 skipped. Nothing was written: this was a dry run."
    assert tree(content) == before
    assert not list((content / "stories").iterdir())


def test_nobody_is_guessed(content: Path, tmp_path: Path) -> None:
    with pytest.raises(
        CannotPull, match=r"Whose feed .* 'Ana Ruiz' .* --source PERSON. Did you mean ana-ruiz"
    ):
        pull(content, file=FEEDS / "atom.xml")
    with pytest.raises(CannotPull, match=r"nobody called 'ana-rui'\. Did you mean ana-ruiz"):
        pull(content, file=FEEDS / "atom.xml", source="ana-rui")
    with pytest.raises(CannotPull, match=r"nobody called '\.\./x'"):
        pull(content, file=FEEDS / "atom.xml", source="../x")
    with pytest.raises(CannotPull, match="cannot be read"):
        pull(content, file=tmp_path / "missing.xml", source="ana-ruiz")
    with pytest.raises(CannotPull, match=r"no feed of 'ana-ruiz'"):
        pull(content, source="ana-ruiz")
    assert not list((content / "stories").iterdir())


def test_a_trusted_source_is_published_with_its_consent(content: Path, served: Served) -> None:
    served.pages["/rss"] = (200, "application/rss+xml", (FEEDS / "rss.xml").read_bytes())
    (content / "sources.toml").write_text(SOURCE.format(url=served.url, more=TRUSTED))
    report, _ = run(content)
    assert report.counts["new"] == 2
    document = read_document(content / "stories" / report.written[0] / "index.md")
    assert document.front["status"] == "published"
    assert document.front["consent"]["channels"] == ["site", "feeds", "cards"]
    assert "I tell it on my own page" in document.body
    # What comes from a file of the same person waits all the same.
    other, _ = run(content, file=FEEDS / "rdf.xml", source="walt-okafor")
    assert read_document(content / "stories" / other.written[0] / "index.md").front["status"] == "draft"


def edited(data: bytes) -> bytes:
    return data.replace(b"It sang at about two", b"It sang at about three")


def test_a_draft_follows_the_feed_until_somebody_edits_or_locks_it(content: Path, tmp_path: Path) -> None:
    data = (FEEDS / "rss.xml").read_bytes()
    feed = content / "sources.xml"
    path = content / "stories" / "the-pump-that-sang-stopped" / "index.md"
    run(content, file=FEEDS / "rss.xml", source="walt-okafor")
    first = path.read_text()
    feed.write_bytes(edited(data))
    report, said = run(content, file=feed, source="walt-okafor")
    assert (report.counts["changed"], report.counts["same"]) == (1, 1)
    assert "about three" in path.read_text()
    assert any("the draft stories/the-pump-that-sang-stopped follows it" in line for line in said)
    # Locked, edited and published ones stay as they are.
    for words, text in (
        ("is locked", first.replace("status: draft", "status: draft\nlocked: true")),
        ("was edited here", first.replace("Nobody went to look.", "Nobody looked.")),
        ("is published and stays", first.replace("status: draft", "status: published")),
    ):
        path.write_text(text)
        (content.parent / "var" / "firsthand.sqlite").unlink()  # as if the feed had changed only now
        _, said = run(content, file=feed, source="walt-okafor")
        assert path.read_text() == text
        assert any(words in line for line in said)


def test_a_folder_that_is_there_is_not_overwritten(content: Path) -> None:
    mine = content / "stories" / "one-thing"
    mine.mkdir()
    (mine / "index.md").write_text("---\ntitle: Mine\n---\nwords\n")
    report, _ = run(content, file=FEEDS / "rdf.xml", source="jo-berg")
    assert report.written == ["one-thing-2"]
    assert (mine / "index.md").read_text() == "---\ntitle: Mine\n---\nwords\n"


def test_a_story_that_cannot_be_read_stops_the_pull(content: Path) -> None:
    broken = content / "stories" / "broken"
    broken.mkdir()
    (broken / "index.md").write_text("no front matter\n")
    with pytest.raises(ContentRefused, match=r"content/stories/broken/index\.md:1"):
        pull(content, file=FEEDS / "rdf.xml", source="jo-berg")


FAILURES = {
    "/404": (404, "text/plain", b"no"),
    "/410": (410, "text/plain", b"gone"),
    "/page": (200, "text/html", b"<!doctype html><html><title>Soon back</title></html>"),
    "/empty": (200, "application/rss+xml", b""),
    "/inside": (302, "", b"http://169.254.169.254/latest/"),
    "/file": (302, "", b"file:///etc/passwd"),
}


def test_one_failing_feed_does_not_stop_the_others(content: Path, served: Served) -> None:
    served.pages.update(FAILURES)
    served.pages["/rss"] = (200, "text/xml", (FEEDS / "rss.xml").read_bytes())
    text = SOURCE.format(url=served.url, more="")
    for path in FAILURES:
        text += f'[[source]]\nperson = "ana-ruiz"\nfeed = "{served.url}{path}"\n'
    (content / "sources.toml").write_text(
        text + '[[source]]\nperson = "jo-berg"\nfeed = "http://10.0.0.1/"\n'
    )
    before_others = time.monotonic()
    report, said = run(content)
    assert time.monotonic() - before_others < 15
    assert report.counts["new"] == 2
    assert len(report.failed) == len(FAILURES) + 1
    words = "\n".join(said)
    for part in ("(404)", "(410)", "web page", "it is empty", "may not be read"):
        assert part in words
    assert words.endswith("7 feeds could not be read.")


def test_a_feed_that_becomes_a_web_page_wipes_nothing(content: Path, served: Served) -> None:
    served.pages["/rss"] = (200, "text/xml", (FEEDS / "rss.xml").read_bytes())
    (content / "sources.toml").write_text(SOURCE.format(url=served.url, more=""))
    run(content)
    before = tree(content)
    served.pages["/rss"] = FAILURES["/page"]
    report, _ = run(content, source="walt-okafor")
    assert tree(content) == before
    assert list(report.failed) == [f"{served.url}/rss"]


def test_a_retired_source_is_not_asked(content: Path, served: Served) -> None:
    (content / "sources.toml").write_text(SOURCE.format(url=served.url, more="active = false"))
    report, said = run(content)
    assert served.asked == []
    assert "retired" in said[0]
    assert report.summary() == "0 new, 0 the same, 0 changed, 0 skipped."


def test_tags_choose(content: Path, served: Served) -> None:
    served.pages["/rss"] = (200, "text/xml", (FEEDS / "rss.xml").read_bytes())
    (content / "sources.toml").write_text(SOURCE.format(url=served.url, more='tags = ["work"]'))
    report, said = run(content, source="walt-okafor")
    assert (report.counts["new"], report.counts["skipped"]) == (1, 1)
    assert any("none of the tags asked for (work)" in line for line in said)


def test_what_the_build_would_refuse_becomes_an_excerpt_or_is_left(content: Path, tmp_path: Path) -> None:
    item = "<item><guid>{n}</guid><link>https://w.example/{n}</link><title>{n}</title><description>{d}</description></item>"
    items = item.format(n=1, d="-" * 400) + item.format(n=2, d="A fine text, long enough to be one.")
    feed = content / "feed.xml"
    feed.write_text(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>")
    report, said = run(content, file=feed, source="jo-berg")
    assert (report.counts["new"], report.counts["skipped"]) == (1, 1)
    assert any("the build would refuse it: The mark '-' is repeated" in line for line in said)


def test_too_long_for_a_page_becomes_an_excerpt(content: Path, served: Served) -> None:
    text = "&lt;p&gt;Some words and some more.&lt;/p&gt;" * 20_000
    item = f"<item><guid>1</guid><link>https://w.example/1</link><title>Long</title><description>{text}</description></item>"
    feed = f"<rss version='2.0'><channel><title>t</title>{item}</channel></rss>"
    served.pages["/rss"] = (200, "text/xml", feed.encode())
    (content / "sources.toml").write_text(SOURCE.format(url=served.url, more=TRUSTED))
    report, said = run(content)
    assert report.written == ["long"]
    assert any("an excerpt, as the whole is too much for a page" in line for line in said)
    assert "Read the full story at" in (content / "stories" / "long" / "index.md").read_text()
    again, _ = run(content)
    assert again.counts["same"] == 1


def test_never_more_than_two_connections_to_a_host(content: Path, served: Served) -> None:
    served.slow = 0.1
    text = ""
    for number in range(6):
        served.pages[f"/{number}"] = (200, "text/xml", (FEEDS / "rdf.xml").read_bytes())
        text += f'[[source]]\nperson = "jo-berg"\nfeed = "{served.url}/{number}"\n'
    (content / "sources.toml").write_text(text)
    report, _ = run(content)
    assert len(served.asked) == 6
    assert served.most_at_once == 2
    # One person's feeds, all with the same entry: it is told once.
    assert (report.counts["new"], report.counts["same"]) == (1, 5)


def test_tags_do_not_choose_from_a_file(content: Path) -> None:
    (content / "sources.toml").write_text(
        SOURCE.format(url="https://walt.example", more='tags = ["nothing"]')
    )
    report, _ = run(content, file=FEEDS / "rss.xml", source="walt-okafor")
    assert report.counts["new"] >= 1


def test_the_address_of_a_story_that_was_taken_back_is_nobodys(content: Path) -> None:
    (content / "withdrawn.toml").write_text(
        '[[withdrawn]]\nslug = "the-pump-that-sang-stopped"\non = 2026-11-02\n'
    )
    report, _ = run(content, file=FEEDS / "rss.xml", source="walt-okafor")
    assert report.written
    assert "the-pump-that-sang-stopped" not in report.written
    assert not (content / "stories" / "the-pump-that-sang-stopped").exists()


def test_many_entries_that_are_left_out_for_one_reason_are_counted(content: Path) -> None:
    items = "<item><title>x</title></item>" * 40 + "<item><guid>1</guid><title>y</title></item>"
    feed = content / "feed.xml"
    feed.write_text(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>")
    report, said = run(content, file=feed, source="jo-berg")
    assert report.counts == {"skipped": 41}
    assert sum(line.startswith("  skipped x: it is in the feed twice") for line in said) == 10
    assert "  skipped 29 more: it is in the feed twice" in said
    assert len(said) < 20
