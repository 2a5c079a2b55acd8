"""Which entry is which story."""

import datetime
from pathlib import Path

from plugins.guard.document import Document
from plugins.syndication.decide import Decision, Existing, decide, identities
from plugins.syndication.entry import Entry
from plugins.syndication.source import Source

WALT = Source("walt-okafor")


def story(slug: str, key: str, url: str = "", feed: str = "walt-okafor") -> Existing:
    return Existing(slug, feed, key, url, Document(Path("x"), {}, {}, "", 1))


def decided(entries: list[Entry], *stories: Existing, source: Source = WALT) -> list[str]:
    def word(decision: Decision) -> str:
        return decision.skip or (decision.story.slug if decision.story else "new")

    return [word(decision) for decision in decide(entries, stories, source)]


def test_the_guid_decides() -> None:
    entries = [Entry("1", "https://w.example/new-address"), Entry("2", "https://w.example/2")]
    assert decided(entries, story("one", "1", "https://w.example/old")) == ["one", "new"]


def test_http_and_https_are_one() -> None:
    entries = [Entry("https://w.example/?p=1"), Entry("", "https://w.example/2")]
    stories = story("one", "http://w.example/?p=1"), story("two", "http://w.example/2")
    assert decided(entries, *stories) == ["one", "two"]


def test_guids_that_repeat_need_the_address() -> None:
    entries = [Entry("same", "https://w.example/1"), Entry("same", "https://w.example/2")]
    assert identities(entries) == ["same https://w.example/1", "same https://w.example/2"]
    assert decided(entries) == ["new", "new"]
    assert decided(entries, story("two", "same https://w.example/2", "https://w.example/2")) == ["new", "two"]


def test_one_of_several_guids_that_repeat_is_left_in_the_feed() -> None:
    left = [Entry("same", "https://w.example/2")]
    stories = [story(str(n), f"same https://w.example/{n}", f"https://w.example/{n}") for n in (1, 2)]
    assert decided(left, *stories) == ["2"]


def test_a_guid_that_changed_with_the_address_kept() -> None:
    assert decided(
        [Entry("tag:new", "https://w.example/1")], story("one", "tag:old", "http://w.example/1")
    ) == ["one"]


def test_one_address_for_every_entry_is_no_identity() -> None:
    entries = [Entry("1", "https://w.example/"), Entry("2", "https://w.example/")]
    assert decided(entries, story("one", "0", "https://w.example/")) == ["new", "new"]


def test_without_guid_and_address_title_and_text_decide() -> None:
    entries = [Entry(title="a", html="<p>x</p>"), Entry(title="a", html="<p>y</p>")]
    first, second = identities(entries)
    assert first != second
    assert first.startswith("sha256:")
    # White space is not an edit.
    assert identities([Entry(title="a", html="<p>x</p>\n")]) == [first]


def test_the_same_entry_twice_is_one() -> None:
    entry = Entry("1", "https://w.example/1")
    assert decided([entry, entry]) == ["new", "it is in the feed twice"]


def test_another_persons_story_is_not_ours() -> None:
    assert decided([Entry("1")], story("one", "1", feed="ana-ruiz")) == ["new"]


def test_only_the_tags_asked_for_but_what_is_there_stays() -> None:
    source = Source("walt-okafor", tags=("work",))
    entries = [Entry("1", tags=("Work",)), Entry("2", tags=("Home",)), Entry("3")]
    assert decided(entries, story("three", "3"), source=source) == [
        "new",
        "it has none of the tags asked for (work)",
        "three",
    ]


def test_dates_do_not_matter() -> None:
    bumped = Entry("1", published=datetime.datetime(2026, 11, 14, tzinfo=datetime.UTC))
    assert decided([bumped], story("one", "1")) == ["one"]


def test_a_key_is_one_line_without_link_marks_and_not_endless() -> None:
    keys = identities(
        [Entry("a\nb {attach}|x|"), Entry("g" * 5000), Entry("g" * 5001), Entry("\ud800\u202e")]
    )
    assert keys[0] == "a b _attach__x_"
    assert len(set(keys)) == 4
    assert all(len(key) < 400 and "\n" not in key for key in keys)
