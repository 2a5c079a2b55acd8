"""Disqus's export becomes threads: who answered whom, times in UTC, and nothing that was taken away."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.imports.disqus import is_disqus, read_disqus
from plugins.guard.exports import pieces

EXPORT = Path(__file__).with_name("disqus.xml").read_bytes()


def test_it_is_known_by_its_head():
    assert is_disqus(EXPORT[:1000])
    assert not is_disqus(
        b'<rss xmlns:dsq="http://www.disqus.com/" xmlns:wp="http://wordpress.org/export/1.0/">'
    )


def test_threads_with_their_addresses_and_comments():
    export = read_disqus(pieces(EXPORT))
    found = {thread.address: [said.id for said in thread.said] for thread in export.threads}
    assert found == {
        "https://old.example.org/2026/03/The_First_Day.html?utm_source=mail": ["901", "903", "904"],
        "http://www.ivo.example.org/van/": ["906"],
        "https://old.example.org/about": ["907"],
    }


def test_what_was_taken_away_or_says_nothing_is_counted():
    left_out = read_disqus(pieces(EXPORT)).left_out
    assert left_out == {"deleted": 2, "spam": 1, "without words": 1, "without a time": 1}


def test_who_answered_what_was_deleted_answers_what_that_answered():
    said = {one.id: one for one in read_disqus(pieces(EXPORT)).threads[0].said}
    assert (said["901"].parent, said["903"].parent) == (None, "901")


def test_times_are_in_utc():
    said = {one.id: one for one in read_disqus(pieces(EXPORT)).threads[0].said}
    assert said["903"].published == datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)


def test_an_account_is_only_whoever_was_logged_in():
    said = {one.id: one for one in read_disqus(pieces(EXPORT)).threads[0].said}
    assert (said["903"].account, said["904"].account, said["901"].account) == ("adabrook", "", "")


def test_links_lead_where_they_led_and_mentions_are_names():
    html = read_disqus(pieces(EXPORT)).threads[0].said[0].html
    assert 'href="https://doors.example/green?a=1&b=2"' in html
    assert "@adabrook?" in html


def test_no_address_of_a_person_or_machine_is_told():
    assert "secret.example" not in repr(read_disqus(pieces(EXPORT)))
    assert "203.0.113.9" not in repr(read_disqus(pieces(EXPORT)))


def test_an_answer_stays_in_its_own_thread():
    text = EXPORT.replace(
        b'<thread dsq:id="13"/></post>', b'<thread dsq:id="13"/><parent dsq:id="901"/></post>'
    )
    export = read_disqus(pieces(text))
    assert next(one for thread in export.threads for one in thread.said if one.id == "907").parent is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (EXPORT[:-200], "breaks off or is damaged"),
        (b"<!DOCTYPE d [<!ENTITY a 'a'>]><disqus>&a;</disqus>", "document type"),
    ],
)
def test_a_broken_file_is_refused_in_words(data, words):
    with pytest.raises(ValueError, match=words):
        read_disqus(pieces(data))


@given(
    st.lists(st.sampled_from(["<post", ' dsq:id="9"', "/>", ">", "<thread", "</post>", "<parent", "x", "</"]))
)
def test_no_file_is_a_surprise(parts):
    data = f'<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">{"".join(parts)}</disqus>'
    try:
        found = read_disqus(pieces(data.encode())).threads
    except ValueError:
        return  # in words: the case above
    assert found == ()
