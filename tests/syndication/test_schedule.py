"""When a feed is asked again: never before its own wish, between an hour and a day."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.syndication.schedule import DAY, HOUR, back_off, interval, is_due, retry_after

NOW = 1_794_733_200


@pytest.mark.parametrize(
    ("headers", "ttl", "seconds"),
    [
        ({}, None, HOUR),
        ({}, 2 * HOUR, 2 * HOUR),
        ({}, 60, HOUR),
        ({}, 10 * DAY, DAY),
        ({"cache-control": "max-age=7200"}, None, 7200),
        ({"cache-control": "public, max-age=7200, s-maxage=5"}, None, 7200),
        ({"cache-control": 'Max-Age="7200"'}, None, 7200),
        ({"cache-control": "max-age=7200"}, 3 * HOUR, 3 * HOUR),
        ({"cache-control": "max-age=999999999999999999"}, None, DAY),
        ({"cache-control": "x-max-age=7200"}, None, HOUR),
        ({"cache-control": "no-cache", "expires": formatdate(NOW + 9 * HOUR)}, None, HOUR),
        ({"expires": formatdate(NOW + 3 * HOUR)}, None, 3 * HOUR),
        ({"expires": formatdate(NOW + 3 * HOUR), "date": formatdate(NOW + HOUR)}, None, 2 * HOUR),
        ({"expires": "0"}, None, HOUR),
        ({"expires": formatdate(0)}, None, HOUR),
    ],
)
def test_a_feed_is_left_alone_for_as_long_as_it_asks(
    headers: dict[str, str], ttl: int | None, seconds: int
) -> None:
    assert interval(headers, ttl, NOW) == seconds


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7200", 7200),
        ("5", HOUR),
        ("99999999", DAY),
        (formatdate(NOW + 3 * HOUR), 3 * HOUR),
        (formatdate(NOW - 3 * HOUR), HOUR),
        ("soon", 4 * HOUR),
        ("", 4 * HOUR),
        ("-5", 4 * HOUR),
    ],
)
def test_a_server_that_asks_for_time_gets_it(told: str, seconds: int) -> None:
    assert retry_after({"retry-after": told}, 3, NOW) == seconds


def test_errors_double_the_wait_up_to_a_day() -> None:
    assert [back_off(failures) // HOUR for failures in range(1, 8)] == [1, 2, 4, 8, 16, 24, 24]


def test_a_job_of_every_hour_may_be_a_little_early() -> None:
    assert is_due(NOW, NOW - 59)
    assert not is_due(NOW, NOW - 61)


@given(st.text(max_size=60), st.text(max_size=60), st.integers() | st.none(), st.integers(0, 10**6))
def test_whatever_a_server_says_it_is_between_an_hour_and_a_day(
    one: str, other: str, ttl: int | None, failures: int
) -> None:
    headers = {"cache-control": one, "expires": other, "date": one, "retry-after": other}
    for seconds in (interval(headers, ttl, NOW), retry_after(headers, failures, NOW), back_off(failures)):
        assert HOUR <= seconds <= DAY
