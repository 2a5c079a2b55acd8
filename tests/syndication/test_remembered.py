"""What the database remembers of an entry, read back as it was kept."""

import datetime
from pathlib import Path

from plugins.database import database
from plugins.syndication.remembered import Remembered, changed, recall, remember, stories_of, waiting

DAY = datetime.date(2026, 11, 15)
ROW = Remembered(
    "walt-okafor",
    "https://w.example/feed",
    "tag:1",
    DAY,
    datetime.datetime(2026, 11, 1, 9, 30, tzinfo=datetime.UTC),
    told="abc",
    slug="one",
    place=3,
    comments=7,
)


def test_a_row_is_read_back_and_replaced(tmp_path: Path) -> None:
    other = Remembered("walt-okafor", "", "tag:1", DAY)
    with database(tmp_path) as kept:
        for row in (ROW, other, ROW):
            with kept.begin() as connection:
                remember(connection, row)
        assert sorted(recall(kept, "walt-okafor"), key=lambda row: row.feed) == [other, ROW]
        assert recall(kept, "ana-ruiz") == []
        assert stories_of(kept) == {ROW.feed: 1}
        assert waiting(kept) == []


def test_what_waits_is_found_with_the_oldest_question_first(tmp_path: Path) -> None:
    later = changed(ROW, DAY, "gone")
    earlier = changed(
        Remembered("ana-ruiz", "x", "2", DAY, slug="two"), datetime.date(2026, 11, 2), "waiting", "text"
    )
    with database(tmp_path) as kept:
        with kept.begin() as connection:
            for row in (later, earlier):
                remember(connection, row)
        assert waiting(kept) == [earlier, later]


def test_a_state_that_lasts_keeps_the_day_it_began() -> None:
    gone = changed(ROW, DAY, "gone")
    assert gone.since == DAY
    assert changed(gone, datetime.date(2026, 12, 1), "gone").since == DAY
    waits = changed(gone, datetime.date(2026, 12, 1), "waiting", "text")
    assert str(waits.since) == "2026-12-01"
    assert str(changed(waits, datetime.date(2026, 12, 9), "waiting", "other text").since) == "2026-12-09"
