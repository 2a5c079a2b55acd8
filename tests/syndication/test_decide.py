"""Which entry is which story."""

import datetime
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from plugins.guard.document import Document
from plugins.syndication.decide import Decision, Existing, decide, identities
from plugins.syndication.entry import Entry
from plugins.syndication.remembered import Remembered
from plugins.syndication.source import Source
from plugins.syndication.web import web_address

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


def row(key: str, slug: str = "", feed: str = "") -> Remembered:
    return Remembered("walt-okafor", feed, key, datetime.date(2026, 11, 1), slug=slug)


def test_what_was_taken_away_here_stays_away_until_somebody_asks() -> None:
    (decision,) = decide([Entry("1")], [], WALT, [row("1", "one")])
    assert decision.skip == "stories/one was made of it and taken away here; --again brings it back"
    (decision,) = decide([Entry("1")], [], WALT, [row("1", "one")], again=True)
    assert (decision.skip, decision.story) == ("", None)


def test_a_second_guid_is_known_by_its_row() -> None:
    # The guid changed at one pull and the address at the next.
    (decision,) = decide([Entry("2", "https://w.example/new")], [story("one", "1")], WALT, [row("2", "one")])
    assert decision.story is not None
    assert decision.story.slug == "one"


def test_a_row_does_not_take_a_story_from_the_entry_it_was_made_of() -> None:
    first, second = decide([Entry("1"), Entry("2")], [story("one", "1")], WALT, [row("2", "one")])
    assert first.story is not None
    assert second.story is None


def test_comments_and_what_asks_to_be_left_out_make_no_stories() -> None:
    entries = [
        Entry("1", in_reply_to="0"),
        Entry("2", "https://w.example/1#comment-2"),
        Entry("3", noindex=True),
        Entry("4", "https://w.example/4#more"),
    ]
    assert [said.split(",")[0] for said in decided(entries)] == [
        "it is a comment",
        "it is a comment",
        "its author asks other sites to leave it out (noindex)",
        "new",
    ]
    (decision,) = decide([Entry("5")], [], WALT, noindex=True)
    assert "noindex" in decision.skip
    # What is a story already is not taken away for that.
    (decision,) = decide([Entry("5", noindex=True)], [story("five", "5")], WALT)
    assert decision.skip == ""


TEXT = st.text(alphabet="ab/:{ht}ps#?&=1\n\u202e", max_size=12) | st.sampled_from(
    ["http://w.example/1", "https://w.example/1", "https://w.example/1/", "https://w.example/2?utm_source=x"]
)
ENTRIES = st.lists(
    st.builds(Entry, id=TEXT, url=TEXT, title=TEXT, html=TEXT, in_reply_to=st.just("")), max_size=8
)


@given(ENTRIES)
@example([Entry("\n\u202e"), Entry("\n\u202e")])  # a guid of nothing that can be seen
def test_whatever_a_feed_says_its_second_reading_is_nothing_new(entries: list[Entry]) -> None:
    first = decide(entries, [], WALT)
    assert [decision.entry for decision in first] == entries
    made = [
        story(f"s{place}", decision.key, web_address(decision.entry.url))
        for place, decision in enumerate(first)
        if not decision.skip
    ]
    again = decide(entries, made, WALT)
    assert all(decision.story or decision.skip for decision in again)
    told = [decision.story.slug for decision in again if decision.story and not decision.twice]
    assert len(told) == len(set(told)) == len(made)
    # Nor when it moved to https meanwhile.
    moved = [replace(entry, id=entry.id.replace("http:", "https:")) for entry in entries]
    if not any("https:" in entry.id for entry in entries):
        assert all(decision.story or decision.skip for decision in decide(moved, made, WALT))
