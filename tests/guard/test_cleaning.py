"""One cleaner cleans every text, each for the page that it is on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugins.guard.html import clean_html, plain_text, spaced_text


def test_links_are_resolved_where_their_own_page_lies():
    html = '<a href="a">x</a><img src="b.jpg">'
    assert clean_html(html, "/stories/one/") == '<a href="/stories/one/a">x</a><img src="/stories/one/b.jpg">'
    assert (
        clean_html(html, "https://host/x/")
        == '<a href="https://host/x/a">x</a><img src="https://host/x/b.jpg">'
    )


def test_threads_that_clean_at_once_keep_to_their_own_pages():
    together = threading.Barrier(4)

    def clean(number: int) -> set[str]:
        together.wait()
        return {clean_html('<a href="a">x</a>' * 20, f"/stories/{number}/") for _ in range(50)}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(clean, range(4)))
    assert found == [{f'<a href="/stories/{number}/a">x</a>' * 20} for number in range(4)]


def test_words_are_the_same_however_they_are_spaced():
    html = "<p>One&nbsp;two<br>three &amp; <em>four</em></p>\n<p>five</p>"
    assert plain_text(html) == "One two three & four five"
    assert spaced_text(html).split() == plain_text(html).split()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p><em>really</em>, at <b>no</b>on</p>", "really, at noon"),
        ('<p>See <a href="/a/" rel="x">there</a>.</p><p>And here</p>', "See there. And here"),
        ("<ul><li>one</li><li>two</li></ul>a<br>b", "one two a b"),
        ("<blockquote>a &lt;b&gt;c</blockquote><hr>d", "a <b>c d"),
    ],
)
def test_plain_words_stand_as_a_reader_sees_them(html, words):
    assert plain_text(html) == words


@pytest.mark.parametrize("piece", ["<a ", '<a "', "<", '<a x="', '<b "<" '])
def test_beginnings_of_tags_without_an_end_hold_nobody_up(piece):
    text = piece * 60_000
    assert plain_text(text) == " ".join(text.split())
