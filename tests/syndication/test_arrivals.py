"""Arrivals against a real server: what is asked, what is believed, and what is kept when all goes wrong."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.database import Database, database
from plugins.guard.fetch import ALLOW, Fetcher
from plugins.syndication import asking
from plugins.syndication.arrivals import arrive
from plugins.syndication.asking import Arrival
from plugins.syndication.source import Source
from plugins.syndication.visits import Visits
from tests.guard.loopback import Server, drip

from .asked import NOW, feed, hours, pulled, rss


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    one, other = Server("127.0.0.1"), Server("127.0.0.2")
    one.other = other  # type: ignore[attr-defined]
    monkeypatch.setenv(ALLOW, f"{one.host},{other.host}")
    yield one
    one.close()
    other.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    with database(tmp_path) as db:
        yield db


@pytest.fixture
def visits(kept: Database) -> Visits:
    return Visits(kept)


def source(server: Server, path: str = "/feed") -> Source:
    return Source("ana-ruiz", f"{server.url}{path}")


def ids(arrival: Arrival) -> list[str]:
    assert arrival.feed is not None, arrival.error
    return [entry.id.removeprefix("urn:") for entry in arrival.feed.entries]


def one(visits: Visits, asked: Source, hour: float = 0, **more: bool) -> Arrival:
    [arrival] = pulled(visits, [asked], hours(hour), **more)  # type: ignore[arg-type]
    return arrival


def test_what_has_not_changed_is_not_read(server: Server, kept: Database) -> None:
    feed(server, "/feed", rss("a"), etag='"1"')
    assert ids(one(Visits(kept), source(server))) == ["a"]
    again = one(Visits(kept), source(server), 2)
    assert (again.unchanged, again.feed, again.error) == (True, None, "")
    assert server.asked[1][1]["if-none-match"] == '"1"'


def test_the_same_body_is_not_read_where_a_server_knows_no_validators(server: Server, visits: Visits) -> None:
    feed(server, "/feed", rss("a"))
    one(visits, source(server))
    assert one(visits, source(server), 2).unchanged
    feed(server, "/feed", rss("b", "a"))
    assert ids(one(visits, source(server), 4)) == ["b", "a"]


def test_what_was_not_handed_over_is_brought_again(server: Server, kept: Database) -> None:
    feed(server, "/feed", rss("a"), etag='"1"')
    one(Visits(kept), source(server), done=False)
    assert ids(one(Visits(kept), source(server))) == ["a"]


def test_a_dry_run_keeps_nothing(server: Server, kept: Database) -> None:
    feed(server, "/feed", rss("a"), etag='"1"')
    one(Visits(kept, keep=False), source(server))
    assert Visits(kept).of(source(server)).asked_at is None


def test_another_wish_in_sources_toml_reads_anew(server: Server, visits: Visits) -> None:
    feed(server, "/feed", rss("a"), etag='"1"')
    one(visits, source(server))
    wished = dataclasses.replace(source(server), tags=("work",))
    assert ids(one(visits, wished, 2)) == ["a"]
    assert one(visits, wished, 4).unchanged


def test_a_feed_is_asked_no_more_often_than_it_wishes(server: Server, visits: Visits) -> None:
    feed(server, "/feed", rss("a", ttl=180), etag='"1"')  # minutes
    one(visits, source(server))
    early = one(visits, source(server), 2.9)
    assert early.unchanged
    assert early.note == "not asked: next at 2026-11-15 15:00 UTC"
    assert len(server.asked) == 1
    assert ids(one(visits, source(server), 2.9, anyway=True)) == ["a"]
    assert one(visits, source(server), 6).unchanged
    assert visits.of(source(server)).next_at == hours(9).timestamp()  # a 304 says nothing of ttl


BAD = {
    "empty": (200, b"", "it is empty"),
    "page": (200, b"<!doctype html><title>Back soon</title>", "web page"),
    "encoding": (200, '<?xml version="1.0"?><rss'.encode("utf-16-le"), "neither RSS"),
    "broken": (500, b"oh", "its server has trouble (500)"),
    "lost": (404, b"", "there is nothing at that address (404)"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_case_13_an_error_is_recorded_and_nothing_wiped(server: Server, visits: Visits, name: str) -> None:
    status, body, words = BAD[name]
    feed(server, "/feed", rss("a"), etag='"1"')
    one(visits, source(server))
    good = visits.of(source(server))
    server.page("/feed", body, status=status, ETag='"bad"')
    assert words in one(visits, source(server), 2).error
    bad = visits.of(source(server))
    assert words in bad.error
    assert (bad.failures, bad.succeeded_at) == (1, good.succeeded_at)
    assert (bad.etag, bad.digest, bad.known) == (good.etag, good.digest, good.known)
    assert bad.next_at == hours(3).timestamp()
    feed(server, "/feed", rss("a"), etag='"1"')
    assert one(visits, source(server), 4).unchanged
    assert visits.of(source(server)).error == ""


def test_case_5_too_much_leaves_the_last_good_copy(
    server: Server, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MAX_FEED", 10_000)
    feed(server, "/feed", rss("a"), etag='"1"')
    one(visits, source(server))
    feed(server, "/feed", rss("a", "b" * 10_000), etag='"2"')
    assert "larger than 10,000 bytes" in one(visits, source(server), 2).error
    assert visits.of(source(server)).etag == '"1"'


@pytest.mark.parametrize("when", ["silence", "headers", "body"])
def test_case_4_a_drip_ends_at_the_deadline_and_others_are_done(
    server: Server, visits: Visits, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(asking, "DEADLINE", 1.5)
    server.pages["/drip"] = drip(when, 10)
    feed(server, "/feed", rss("a"))
    arrivals = pulled(visits, [source(server, "/drip"), source(server)])
    assert [bool(arrival.feed) for arrival in arrivals] == [True, False]
    assert arrivals[1].error.endswith("was not done within 1.5 seconds. Try later")


def test_case_15_a_move_for_good_is_adopted_with_entries_we_know(server: Server, kept: Database) -> None:
    feed(server, "/feed", rss("a", "b"))
    one(Visits(kept), source(server))
    other: Server = server.other  # type: ignore[attr-defined]
    server.page("/feed", status=301, Location=f"{server.url}/step")
    server.page("/step", status=308, Location=f"{other.url}/feed")
    feed(other, "/feed", rss("c", "b"), etag='"new"')
    moved = one(Visits(kept), source(server), 2)
    assert ids(moved) == ["c", "b"]
    assert moved.note == f"moved for good to {other.url}/feed: put that address into sources.toml"
    asked = len(server.asked)
    later = one(Visits(kept), source(server), 4)
    assert later.unchanged
    assert later.note == moved.note
    assert len(server.asked) == asked
    other.page("/feed", status=404)
    assert "no longer where it had moved to" in one(Visits(kept), source(server), 6).error
    assert Visits(kept).of(source(server)).address == ""


@pytest.mark.parametrize("statuses", [(301, 302), (307, 308), (302, 302)])
def test_case_15_a_move_for_now_is_followed_but_not_adopted(
    server: Server, visits: Visits, statuses: tuple[int, int]
) -> None:
    feed(server, "/feed", rss("a"))
    one(visits, source(server))
    server.page("/feed", status=statuses[0], Location="/step")
    server.page("/step", status=statuses[1], Location="/new")
    feed(server, "/new", rss("b", "a"))
    assert ids(one(visits, source(server), 2)) == ["b", "a"]
    assert visits.of(source(server)).address == ""


@pytest.mark.parametrize("status", [301, 302])
def test_case_15_a_stranger_s_feed_elsewhere_is_not_believed(
    server: Server, visits: Visits, status: int
) -> None:
    feed(server, "/feed", rss("a"))
    one(visits, source(server))
    other: Server = server.other  # type: ignore[attr-defined]
    server.page("/feed", status=status, Location=f"{other.url}/feed")
    feed(other, "/feed", rss("casino"))
    arrival = one(visits, source(server), 2)
    assert arrival.feed is None
    assert "no entry is one we know" in arrival.error
    assert visits.of(source(server)).address == ""


def test_case_15_a_chain_to_a_maintenance_page_changes_nothing(server: Server, visits: Visits) -> None:
    feed(server, "/feed", rss("a"))
    one(visits, source(server))
    server.page("/feed", status=301, Location="/moved")
    server.page("/moved", status=301, Location="/back-soon")
    server.page("/back-soon", b"<!doctype html><title>Back soon</title>", Content_Type="text/html")
    assert "web page" in one(visits, source(server), 2).error
    assert visits.of(source(server)).address == ""
    feed(server, "/feed", rss("b", "a"))
    assert ids(one(visits, source(server), 4)) == ["b", "a"]


def test_case_15_gone_pauses_and_asks_the_editor(server: Server, visits: Visits) -> None:
    server.page("/feed", status=410)
    error = one(visits, source(server)).error
    assert "gone for good" in error
    assert "active = false" in error
    assert one(visits, source(server), 1000).error == error
    assert len(server.asked) == 1
    feed(server, "/feed", rss("a"))
    assert ids(one(visits, source(server), 1001, anyway=True)) == ["a"]
    assert not visits.of(source(server)).paused


@pytest.mark.parametrize(
    ("status", "told", "after"),
    [(429, "7200", 2), (503, "1", 1), (503, "Sun, 15 Nov 2026 17:00:00 GMT", 5), (429, "9999999", 24)],
)
def test_case_15_a_server_that_asks_for_time_gets_it_for_that_feed(
    server: Server, visits: Visits, status: int, told: str, after: int
) -> None:
    server.page("/busy", status=status, Retry_After=told)
    feed(server, "/feed", rss("a"))
    busy, fine = source(server, "/busy"), source(server)
    pulled(visits, [busy, fine])
    assert visits.of(busy).next_at == hours(after).timestamp()
    assert visits.of(fine).next_at == hours(1).timestamp()


def test_errors_wait_longer_each_time(server: Server, visits: Visits) -> None:
    waits = []
    hour = 0.0
    for _ in range(4):
        one(visits, source(server), hour)
        waits.append((visits.of(source(server)).next_at - hours(hour).timestamp()) / 3600)
        hour += waits[-1]
    assert waits == [1, 2, 4, 8]


def test_leaving_early_ends_the_fetches_and_keeps_what_was_learnt(server: Server, kept: Database) -> None:
    feed(server, "/feed", rss("a"), etag='"1"')
    server.pages["/silent"] = lambda request: request.rfile.read(1) and None

    async def first(visits: Visits) -> Arrival:
        async with Fetcher() as fetcher:
            arrivals = arrive([source(server, "/silent"), source(server)], fetcher, visits, NOW)
            arrival = await anext(arrivals)
            visits.done(arrival.source)
            await arrivals.aclose()  # type: ignore[attr-defined]
        return arrival

    assert ids(asyncio.run(first(Visits(kept)))) == ["a"]
    assert Visits(kept).of(source(server)).etag == '"1"'
    assert Visits(kept).of(source(server, "/silent")).asked_at is None


def test_a_feed_whose_pictures_are_not_all_there_is_read_again_though_it_has_not_changed(
    server: Server,
) -> None:
    feed(server, "/rss", rss("1"), etag='"a"')
    visits, source = Visits(None), Source("walt-okafor", f"{server.url}/rss")
    (first,) = pulled(visits, [source], done=False)
    visits.done(source, lacking=True)
    (second,) = pulled(visits, [source], hours(30))
    (third,) = pulled(visits, [source], hours(60))
    assert (first.unchanged, second.unchanged, third.unchanged) == (False, False, True)
    assert second.feed == first.feed
