"""The difference of two texts in words, and what becomes of a story whose entry says something else."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.guard.document import read_document
from plugins.syndication.changes import AROUND, LONGEST, PLACES, in_words, judge, telling
from plugins.syndication.compose import Composed, compose
from plugins.syndication.decide import Existing
from plugins.syndication.entry import Entry, Feed, Remark
from plugins.syndication.source import Source

WALT = Source("walt-okafor", mode="full")
ENTRY = Entry("1", "https://w.example/1", "A title", html="<p>It sang at about two in the morning.</p>")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a b", "a b", ""),
        ("a  b", "a b", ""),
        (
            "it sang at about two in the night",
            "it sang at about three in the night",
            "sang at about [two -> three] in the night",
        ),
        ("", "a b", "[nothing -> a b]"),
        ("a b", "", "[a b -> nothing]"),
        ("a b c d e f g", "a b c f g", "a b c [d e -> nothing] f g"),
    ],
)
def test_a_difference_is_shown_where_it_is(before: str, after: str, said: str) -> None:
    assert in_words(before, after) == said


def test_many_places_are_counted_and_long_ones_cut() -> None:
    before = " ".join(f"w{n}" for n in range(60))
    after = " ".join("x" if n % 10 == 5 else f"w{n}" for n in range(60))
    assert in_words(before, after).endswith(f"and {6 - PLACES} more places")
    assert "… 12 more words" in in_words("a", "a " + "b " * 20)


@given(st.lists(st.sampled_from("ab"), max_size=4000), st.lists(st.sampled_from("abc"), max_size=4000))
def test_however_alike_the_texts_are_it_is_short(before: list[str], after: list[str]) -> None:
    said = in_words(" ".join(before), " ".join(after))
    assert bool(said) == (before != after)
    assert len(said.split()) <= PLACES * 2 * (AROUND + LONGEST + 4) + 4


def story(tmp_path: Path, status: str = "draft", **changes: str) -> Existing:
    text = compose(ENTRY, Feed(), WALT, key="1", date=datetime.date(2026, 11, 1), status=status).text()
    for old, new in (pair.split("=>") for pair in changes.values()):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "index.md"
    path.write_text(text)
    return Existing("a-title", "walt-okafor", "1", "https://w.example/1", read_document(path))


def made(html: str) -> Composed:
    entry = Entry("1", ENTRY.url, "A title", html=html)
    return compose(entry, Feed(), WALT, key="1", date=datetime.date(2026, 11, 1), status="draft")


OTHER = "<p>It sang at about three in the morning.</p>"


@pytest.mark.parametrize(
    ("status", "change", "html", "verdict"),
    [
        ("draft", "", ENTRY.html, "same"),
        ("draft", "", OTHER, "follow"),
        ("draft", "morning=>night", OTHER, "edited"),
        ("draft", "status: draft=>status: draft\nlocked: true", OTHER, "locked"),
        ("published", "", OTHER, "published"),
        ("published", "status: published=>status: published\nlocked: true", OTHER, "locked"),
        ("published", "about two=>about three", OTHER, "same"),  # an editor has brought it in
        ("published", "", "<p>It sang at <em>about two</em> in the morning.</p>", "same"),  # no word of it
    ],
)
def test_what_becomes_of_a_story(tmp_path: Path, status: str, change: str, html: str, verdict: str) -> None:
    existing = story(tmp_path, status, **({"one": change} if change else {}))
    assert judge(existing, made(html)).verdict == verdict


def test_a_story_shows_what_differs(tmp_path: Path) -> None:
    assert judge(story(tmp_path, "published"), made(OTHER)).difference == (
        "sang at about [two -> three] in the morning."
    )


def test_dates_and_comments_are_no_news_but_another_agreement_is() -> None:
    said = telling(ENTRY, WALT)
    now = datetime.datetime(2026, 11, 15, tzinfo=datetime.UTC)
    bumped = replace(ENTRY, published=now, updated=now, comments_count=7, comments=(Remark("1"),))
    assert telling(bumped, WALT) == said
    assert telling(replace(ENTRY, title="Another"), WALT) != said
    assert telling(ENTRY, replace(WALT, mode="excerpt")) != said
