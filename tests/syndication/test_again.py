"""The second pull and those after it: edits, removals, guids and dates that change, and no memory at all."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.database import database
from plugins.guard.document import read_document
from plugins.syndication.remembered import recall, waiting

from .blog import FEEDS, WALT, Blog, forget, run, tree
from .conftest import Served


@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_one_edited_one_guid_moved_to_https_one_removed(trusted: Blog, memory: str) -> None:
    assert trusted.pull()[0] == {"new": 5}
    before = tree(trusted.content)
    trusted.edit(
        ("until it stopped", "until the morning it stopped"),
        ("http://walt.example/?p=4", "https://walt.example/?p=4"),
    )
    trusted.without(3)
    if memory == "lost":
        forget(trusted.content)
    counts, said = trusted.pull()
    assert counts == {"same": 3, "changed": 1, "gone": 1}
    assert tree(trusted.content) == before
    words = "\n".join(said)
    assert (
        "  changed Five: the lamp: the feed has another text now; stories/five-the-lamp is published and "
        "stays: minded it until [nothing -> the morning] it stopped. We"
    ) in words
    assert (
        "  gone    Three: the apprentice: its feed has it no more, but has older and newer ones; "
        "stories/three-the-apprentice stays"
    ) in words
    assert "  same    Four: the vice: stories/four-the-vice" in words
    assert "  walt-okafor leaves you 2 questions." in words
    assert (
        "    stories/five-the-lamp: the feed has another text. Bring it in, or write `locked: true`." in words
    )
    # What the feed says is kept for whoever decides, and nobody is asked twice.
    with database(trusted.content.parent) as kept:
        rows = {row.slug: row for row in waiting(kept)}
    assert set(rows) == {"five-the-lamp", "three-the-apprentice"}
    assert "until the morning it stopped" in rows["five-the-lamp"].waiting
    counts, said = trusted.pull()
    assert counts == {"same": 4, "gone": 1}
    words = "\n".join(said)
    assert "the feed's other text waits for an editor since 2026-11-15" in words
    assert "asked on 2026-11-15" in words
    assert "leaves you" not in words


def test_an_editor_answers_and_the_question_is_over(trusted: Blog) -> None:
    trusted.pull()
    trusted.edit(("until it stopped", "until the morning it stopped"))
    trusted.without(3)
    trusted.pull()
    lamp, apprentice = trusted.story("five-the-lamp"), trusted.story("three-the-apprentice")
    lamp.write_text(lamp.read_text().replace("until it stopped", "until the morning it stopped"))
    apprentice.write_text(
        apprentice.read_text().replace("status: published", "status: published\nlocked: true")
    )
    counts, said = trusted.pull()
    assert counts == {"same": 4}
    assert not any("waits" in line for line in said)


def test_an_entry_that_comes_back_is_no_question_any_more(trusted: Blog) -> None:
    trusted.pull()
    whole = trusted.text
    trusted.without(3)
    trusted.pull()
    trusted.text = whole
    trusted.edit()
    counts, said = trusted.pull()
    assert counts == {"same": 5}
    assert "  same    Three: the apprentice: stories/three-the-apprentice; it is in the feed again" in said
    with database(trusted.content.parent) as kept:
        assert waiting(kept) == []


def test_a_feed_that_shows_its_newest_entries_only_has_lost_none(blog: Blog) -> None:
    blog.pull()
    blog.without(1)
    blog.without(2)
    assert blog.pull()[0] == {"same": 3}
    forget(blog.content)
    assert blog.pull()[0] == {"same": 3}


@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_all_dates_changed_at_once_are_no_news(blog: Blog, memory: str) -> None:
    blog.pull()
    before = tree(blog.content)
    for number in range(1, 6):
        day = ("Sun", "Mon", "Tue", "Wed", "Thu")[number - 1]
        blog.edit((f"{day}, 0{number} Nov 2026 09:00", "Sat, 14 Nov 2026 10:00"))
    if memory == "lost":
        forget(blog.content)
    counts, said = blog.pull()
    assert counts == {"same": 5}
    assert tree(blog.content) == before
    dated = "  all its entries have other dates than before; their stories keep their days."
    assert (dated in said) == (memory == "kept")


CHANGES: dict[str, Callable[[str], str]] = {
    "https": lambda text: text.replace("http://walt.example/?p=", "https://walt.example/?p="),
    "another guid, the address kept": lambda text: text.replace(
        "http://walt.example/?p=", "tag:walt.example,"
    ),
    "the address counted": lambda text: text.replace(
        "/</link>", "/?utm_source=rss&amp;utm_medium=feed</link>"
    ).replace("http://walt.example/?p=", "urn:x:"),
    "another host for all": lambda text: text.replace("walt.example", "bench.example"),
    "no guid": lambda text: text.replace("<guid isPermaLink", "<ignored isPermaLink").replace(
        "</guid>", "</ignored>"
    ),
}


@pytest.mark.parametrize("memory", ["kept", "lost"])
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_guids_and_addresses_may_change_and_nothing_is_told_twice(
    blog: Blog, change: str, memory: str
) -> None:
    blog.pull()
    slugs = sorted(path.name for path in (blog.content / "stories").iterdir())
    for _ in range(2):
        blog.text = CHANGES[change](blog.text)
        blog.edit()
        if memory == "lost":
            forget(blog.content)
        counts, _ = blog.pull()
        assert counts.get("new", 0) == 0
        assert sum(counts.values()) == 5
        assert sorted(path.name for path in (blog.content / "stories").iterdir()) == slugs


def test_a_blog_that_moved_says_where_it_is_now(trusted: Blog) -> None:
    trusted.pull()
    trusted.text = CHANGES["another host for all"](trusted.text)
    trusted.edit()
    counts, said = trusted.pull()
    assert counts == {"same": 5}
    assert any("it is at https://bench.example/five/ now. Put that into `via`" in line for line in said)


def test_a_feed_that_has_moved_asks_nothing_again(trusted: Blog) -> None:
    trusted.edit(("<p>We hung another.</p>", '<p>We hung <a href="/another">another</a>.</p>'))
    trusted.pull()
    trusted.edit(("until it stopped", "until the morning it stopped"))
    assert trusted.pull()[0] == {"changed": 1, "same": 4}
    # Its address goes into what relative links mean; the text is the same.
    trusted.served.pages["/new"] = trusted.served.pages["/blog"]
    trusted.served.pages["/blog"] = (301, "", b"/new")
    counts, said = trusted.pull()
    assert counts == {"same": 5}
    assert any("the feed's other text waits for an editor since 2026-11-15" in line for line in said)
    # Nor where a version of ours composes it with other marks.
    trusted.served.pages["/new"] = (
        200,
        "",
        trusted.text.replace("<p>We hung", "<p lang='en'>We hung").encode(),
    )
    assert trusted.pull()[0] == {"same": 5}


def test_guids_that_repeat_are_told_apart(blog: Blog) -> None:
    for number in range(1, 6):
        blog.edit((f"http://walt.example/?p={number}<", "http://walt.example/<"))
    assert blog.pull()[0] == {"new": 5}
    blog.edit(("http://walt.example/<", "https://walt.example/<"))
    forget(blog.content)
    assert blog.pull()[0] == {"same": 5}


def test_the_same_text_twice_on_one_day_is_told_once(blog: Blog) -> None:
    item = blog.text[blog.text.index("<item>") : blog.text.index("</item>") + 7]
    again = item.replace("?p=5", "?p=55").replace("/five/", "/five-again/")
    blog.edit((item, item + again))
    counts, said = blog.pull()
    assert counts == {"new": 5, "skipped": 1}
    assert "  skipped Five: the lamp: stories/five-the-lamp has its title, day and text already" in said


def test_a_post_in_two_members_feeds_is_one_story(blog: Blog) -> None:
    sources = blog.content / "sources.toml"
    sources.write_text(
        sources.read_text() + f'[[source]]\nperson = "ana-ruiz"\nfeed = "{blog.served.url}/planet"\n'
    )
    planet = blog.text.replace("http://walt.example/?p=", "urn:planet:").replace("/five/", "/five")
    planet = planet.replace("https://walt.example/five", "http://www.walt.example/five")
    blog.served.pages["/planet"] = (200, "application/rss+xml", planet.encode())
    blog.pull()
    for _ in range(2):
        report, said = run(blog.content, source="ana-ruiz")
        assert report.counts == {"skipped": 5}
        line = "stories/five-the-lamp is there already, first published at the same address"
        assert f"  skipped Five: the lamp: {line}" in said
        forget(blog.content)
    assert len(list((blog.content / "stories").iterdir())) == 5


def test_a_post_that_was_told_by_hand_is_not_told_again(blog: Blog) -> None:
    mine = blog.story("my-lamp")
    mine.parent.mkdir()
    mine.write_text(
        "---\ntitle: My lamp\ncanonical: https://walt.example/five/?utm_source=x\n---\nIt hums.\n"
    )
    counts, said = blog.pull()
    assert counts == {"new": 4, "skipped": 1}
    assert any("Five: the lamp: stories/my-lamp is there already" in line for line in said)
    # Where every entry has one address, that of the blog, it says nothing.
    mine.write_text("---\ntitle: My lamp\ncanonical: https://walt.example/\n---\nIt hums.\n")
    blog.text = re.sub(r"<link>https://walt.example/\w+/", "<link>https://walt.example/", blog.text)
    blog.edit()
    assert blog.pull()[0] == {"new": 1, "changed": 4}


def test_what_an_editor_took_away_does_not_come_back(blog: Blog) -> None:
    blog.pull()
    blog.story("two-the-kettle").unlink()
    blog.story("two-the-kettle").parent.rmdir()
    counts, said = blog.pull()
    assert counts == {"same": 4, "skipped": 1}
    assert any(
        "two-the-kettle was made of it and taken away here; --again brings it back" in line for line in said
    )
    # Another story may not take its name, or it would be taken for this one.
    blog.edit(("Two: the kettle", "Two, the kettle"))
    assert blog.pull()[0] == {"same": 4, "skipped": 1}
    assert blog.pull(again=True)[0] == {"new": 1, "same": 4}
    assert blog.story("two-the-kettle").is_file()
    assert blog.pull()[0] == {"same": 5}


@pytest.mark.parametrize("memory", ["kept", "lost"])
@pytest.mark.parametrize("slug", ["two-the-kettle", "two-the-kettle-2"])
def test_a_story_that_was_taken_back_does_not_come_back(trusted: Blog, memory: str, slug: str) -> None:
    if slug.endswith("-2"):
        trusted.story("two-the-kettle").parent.mkdir()
        trusted.story("two-the-kettle").write_text("---\ntitle: Another kettle\n---\nIt boils.\n")
    assert trusted.pull()[0] == {"new": 5}
    shutil.rmtree(trusted.story(slug).parent)
    (trusted.content / "withdrawn.toml").write_text(f'[[withdrawn]]\nslug = "{slug}"\non = 2026-11-15\n')
    if memory == "lost":
        shutil.rmtree(trusted.content.parent / "var")
    for again in (False, True):
        counts, said = trusted.pull(again=again)
        assert counts == {"same": 4, "skipped": 1}
        assert not trusted.story(slug).exists()
        line = next(line for line in said if line.startswith("  skipped Two: the kettle"))
        assert (f"stories/{slug} was taken back by its storyteller" in line) == (again or memory == "lost")


def test_without_var_a_draft_that_was_removed_comes_back(blog: Blog) -> None:
    blog.pull()
    shutil.rmtree(blog.story("two-the-kettle").parent)
    assert blog.pull()[0] == {"same": 4, "skipped": 1}
    shutil.rmtree(blog.content.parent / "var")
    counts, said = blog.pull()
    assert counts == {"new": 1, "same": 4}
    assert (
        "  var/ knows nothing of this feed: a draft that was removed here is made again. Remove it once more;"
        " it stays away as long as var/ is kept."
    ) in said
    shutil.rmtree(blog.story("two-the-kettle").parent)
    assert blog.pull()[0] == {"same": 4, "skipped": 1}


def test_a_missing_or_future_date_is_the_day_first_seen_for_good(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.edit(("<pubDate>Sun, 01 Nov 2026 09:00:00 +0000</pubDate>", ""), ("02 Nov 2026", "02 Nov 2037"))
    blog.pull()
    days = {
        slug: read_document(blog.story(slug)).front["date"] for slug in ("one-the-door", "two-the-kettle")
    }
    assert {str(day) for day in days.values()} == {"2026-11-15"}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2200000000")  # 2039: the future has come
    blog.edit(("I still forget", "I forget"), ("never the same one", "never the same"))
    assert blog.pull()[0] == {"changed": 2, "same": 3}
    assert {str(read_document(blog.story(slug)).front["date"]) for slug in days} == {"2026-11-15"}


def test_a_day_first_seen_is_kept_though_no_story_came_of_it(
    blog: Blog, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.edit(("<pubDate>Sun, 01 Nov 2026 09:00:00 +0000</pubDate>", ""))
    text = blog.text
    start = text.index("<p>The door sticks")
    blog.text = text[:start] + text[text.index("]]>", start) :]
    blog.edit()
    assert blog.pull()[0] == {"new": 4, "skipped": 1}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    blog.text = text
    blog.edit()
    assert blog.pull()[0] == {"new": 1, "same": 4}
    assert str(read_document(blog.story("one-the-door")).front["date"]) == "2026-11-15"


def test_a_locked_story_follows_again_once_it_is_unlocked(blog: Blog) -> None:
    blog.pull()
    path = blog.story("five-the-lamp")
    path.write_text(path.read_text().replace("status: draft", "status: draft\nlocked: true"))
    blog.edit(("until it stopped", "until the morning it stopped"))
    locked = path.read_text()
    _, said = blog.pull()
    assert path.read_text() == locked
    assert "  same    Five: the lamp: stories/five-the-lamp is locked by an editor" in said
    path.write_text(locked.replace("\nlocked: true", ""))
    assert blog.pull()[0] == {"changed": 1, "same": 4}
    assert "until the morning it stopped" in path.read_text()


def test_another_agreement_is_news_though_the_feed_says_the_same(content: Path, served: Served) -> None:
    blog = Blog(content, served, 'mode = "excerpt"')
    blog.pull()
    Blog(content, served, 'mode = "full"')
    assert blog.pull()[0] == {"changed": 5}
    assert "Read the full story" not in blog.story("five-the-lamp").read_text()


def test_with_the_database_deleted_git_finds_nothing_changed(trusted: Blog) -> None:
    trusted.served.pages["/comments/5"] = (200, "application/atom+xml", (FEEDS / "comments.xml").read_bytes())
    root = trusted.content.parent
    (root / ".gitignore").write_text("var/\n")

    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        return subprocess.run(
            ["git", *who, *words], cwd=root, check=True, capture_output=True, text=True
        ).stdout

    git("init", "--quiet")
    report, _ = run_in(trusted)
    assert report == {"new": 5}
    git("add", "--all")
    git("commit", "--quiet", "--message", "pulled")
    forget(trusted.content)
    assert run_in(trusted)[0] == {"same": 5}
    assert git("status", "--porcelain") == ""
    with database(root) as kept:
        assert len(recall(kept, WALT)) == 5


def run_in(blog: Blog) -> tuple[dict[str, int], list[str]]:
    """A pull beside which git's own folder may lie."""
    from plugins.syndication import pull

    said: list[str] = []
    report = pull(blog.content, source=WALT, say=said.append)
    return {kind: count for kind, count in report.counts.items() if count}, said
