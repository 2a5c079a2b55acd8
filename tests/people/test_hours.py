"""How soon somebody answers, and when they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.people.hours import DAYS, hours, promise

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("2 days", 2 * DAY),
        ("a day", DAY),
        ("1 week", 7 * DAY),
        ("an hour", HOUR),
        ("24h", DAY),
        ("10 minutes", timedelta(minutes=10)),
        ("within two weeks", 14 * DAY),
        ("a day or two", 2 * DAY),
        ("2–3 days", 3 * DAY),
        ("the same day", DAY),
        ("zwei Tage", 2 * DAY),
        ("un día o dos", 2 * DAY),
        ("a day; a week in August", 7 * DAY),
        ("when I can", None),
        ("ad hoc", None),
        ("", None),
    ],
)
def test_what_a_promise_says(text, within):
    found = promise(text)
    assert (found and found.within) == within
    if found:
        assert found.until(FRIDAY) == FRIDAY + within


@pytest.mark.parametrize("text", ["3 working days", "three business days", "3 weekdays"])
def test_a_weekend_does_not_count_among_working_days(text):
    found = promise(text)
    assert found is not None
    assert found.until(FRIDAY) == FRIDAY + 5 * DAY


@given(st.text(max_size=300))
def test_no_words_break_it(text):
    found = promise(text)
    assert found is None or found.until(FRIDAY) >= FRIDAY
    assert hours(text) is None or str(hours(text))


@pytest.mark.parametrize("text", ["Monday", "Funday 10:00", "Mon 25:00", "Fri 12:00-11:00", "mon 10", ""])
def test_what_is_no_time_of_the_week(text):
    assert hours(text) is None


def test_times_of_the_week():
    found = hours("wed 9:00-11:00")
    assert str(found) == "Wednesday 09:00 to 11:00"
    assert str(hours("Monday 14:00")) == "Monday 14:00"


@given(
    st.sampled_from(DAYS),
    st.integers(0, 23),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),
)
def test_the_last_time_is_at_most_a_week_ago(day, hour, now):
    zone = ZoneInfo("Europe/Berlin")
    time, here = hours(f"{day} {hour}:30"), now.replace(tzinfo=zone)
    begun = time.last_before(here)
    assert DAYS[begun.weekday()] == day
    assert (begun.hour, begun.minute) == (hour, 30)
    assert timedelta(0) <= here.replace(tzinfo=None) - begun.replace(tzinfo=None) < timedelta(days=7)


def test_a_person_says_at_which_times_they_answer(site):
    path = site.content / "people" / "ada-brook.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("name:", "answers_at: [Monday 14:00, some day]\nname:", 1), "utf-8")
    from plugins.stories.check import check_content

    checked = check_content(site.content)
    assert [str(one) for one in checked.people["ada-brook"].answers_at] == ["Monday 14:00"]
    assert any("'some day' is no time of the week" in finding.message for finding in checked.findings)
