"""Which missing entries were taken out, and which have only grown old."""

import datetime
from pathlib import Path

from plugins.guard.document import Document
from plugins.syndication.decide import Decision, Existing
from plugins.syndication.entry import Entry
from plugins.syndication.gone import gone
from plugins.syndication.remembered import Remembered
from plugins.syndication.source import Source

WALT = Source("walt-okafor", "https://w.example/feed")
DAY = datetime.date(2026, 11, 1)


def moment(day: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, tzinfo=datetime.UTC)


def story(number: int, **front: object) -> Existing:
    front = {"date": datetime.date(2026, 11, number), **front}
    return Existing(f"s{number}", WALT.person, str(number), "", Document(Path("x"), front, {}, "", 1))


def row(number: int, feed: str = WALT.feed, **more: object) -> Remembered:
    known = {"published": moment(number), "place": 9 - number, "slug": f"s{number}", **more}
    return Remembered(WALT.person, feed, str(number), DAY, **known)  # type: ignore[arg-type]


def missing(
    there: list[int],
    stories: list[Existing],
    rows: list[Remembered],
    *,
    only_feed: bool = True,
    dated: bool = True,
) -> list[str]:
    decisions = [Decision(Entry(str(n), published=moment(n) if dated else None), str(n)) for n in there]
    slugs = {f"s{n}" for n in there}
    found = gone(decisions, stories, WALT, rows, there=slugs, only_feed=only_feed)
    return [one.story.slug for one in found]


def test_gone_is_what_newer_and_older_ones_outlive() -> None:
    stories, rows = [story(n) for n in range(1, 6)], [row(n) for n in range(1, 6)]
    assert missing([1, 2, 4, 5], stories, rows) == ["s3"]
    assert missing([3, 4, 5], stories, rows) == []  # grown old
    assert missing([1, 2, 3], stories, rows) == []  # a feed put back to what it was
    assert missing([], stories, rows) == []  # an empty feed
    assert missing([6, 7], stories, rows) == []  # another feed altogether


def test_without_dates_the_places_of_the_last_time_count() -> None:
    stories = [story(n) for n in range(1, 6)]
    rows = [row(n, published=None) for n in range(1, 6)]
    assert missing([1, 2, 4, 5], stories, rows, dated=False) == ["s3"]
    assert missing([3, 4, 5], stories, rows, dated=False) == []


def test_without_a_memory_the_days_of_the_stories_count_where_the_feed_is_the_only_one() -> None:
    stories = [story(n) for n in range(1, 6)]
    assert missing([1, 2, 4, 5], stories, []) == ["s3"]
    assert missing([1, 2, 4, 5], stories, [], only_feed=False) == []


def test_what_came_from_a_file_or_another_feed_is_not_missed() -> None:
    stories = [story(n) for n in range(1, 6)]
    rows = [row(n, feed="" if n == 3 else WALT.feed) for n in range(1, 6)]
    assert missing([1, 2, 4, 5], stories, rows) == []


def test_a_locked_story_asks_nothing() -> None:
    stories = [story(n, **({"locked": True} if n == 3 else {})) for n in range(1, 6)]
    assert missing([1, 2, 4, 5], stories, [row(n) for n in range(1, 6)]) == []


def test_an_editor_who_was_asked_is_known() -> None:
    stories, rows = [story(n) for n in range(1, 4)], [row(1), row(2, state="gone"), row(3)]
    decisions = [Decision(Entry(str(n), published=moment(n)), str(n)) for n in (1, 3)]
    (found,) = gone(decisions, stories, WALT, rows, there={"s1", "s3"}, only_feed=True)
    assert found.is_known
