"""Any entry becomes front matter that reads back the same, and a body in which nothing runs."""

import datetime
import re
from pathlib import Path

import nh3
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown

from plugins.desk.slugs import free_slug
from plugins.guard.reader import MARKDOWN
from plugins.guard.text import is_slug
from plugins.syndication.compose import CannotCompose, Composed, compose, slug_for, story_date
from plugins.syndication.entry import Entry, Feed
from plugins.syndication.shelf import objections
from plugins.syndication.source import Source

DAY = datetime.date(2026, 11, 15)
FEED = Feed(title="Walt's bench", url="https://walt.example/")
FULL = Source("walt-okafor", "https://walt.example/feed", mode="full")
EXCERPT = Source("walt-okafor", "https://walt.example/feed")
URL = "https://walt.example/post"


def made(entry: Entry, source: Source = FULL, feed: Feed = FEED) -> Composed:
    return compose(entry, feed, source, key="key-1", date=DAY, status="draft")


def front(text: str) -> dict[str, object]:
    loaded = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(loaded, dict)
    return loaded


def test_the_file_of_a_story() -> None:
    entry = Entry("1", URL, "The pump that sang", "Walt", None, None, "<p>At two.</p>", ("Work",), "en-GB")
    story = made(entry, Source("walt-okafor", consent=(("given", DAY), ("version", 1), ("name", "full"))))
    assert front(story.text()) == {
        "title": "The pump that sang",
        "date": DAY,
        "author": "walt-okafor",
        "category": "From our members",
        "tags": ["Work"],
        "summary": "At two.",
        "lang": "en",
        "relationship": "member",
        "via": {"name": "Walt's bench", "url": URL},
        "canonical": URL,
        "source": {"feed": "walt-okafor", "id": "key-1"},
        "consent": {"given": DAY, "version": 1, "name": "full"},
        "status": "draft",
    }
    assert story.body == (
        '<div>\n<p>At two.</p>\n\n<p lang="en" dir="ltr">Read the full story at '
        f'<a href="{URL}">walt.example</a>.</p>\n</div>'
    )


HOSTILE = [
    "<script>alert(1)</script><p>x</p>",
    '<p onclick="alert(1)">x</p>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>y',
    '<svg><animate attributeName=href values="javascript:alert(1)"/></svg>y',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>y",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>[x](javascript:alert(1))</p>",
    "<p>x</p></div></main><script>alert(1)</script>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>x',
    '<form action="https://evil.example"><input name=a><button>x</button></form>y',
    '<base href="https://evil.example"><meta http-equiv=refresh content="0;url=//evil.example">x',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<div markdown="1">*x* <script>alert(1)</script></div>',
    "<p>x</p>\n\n```\n</div><script>alert(1)</script>\n```\n",
    "<p>x</p><!-- --><script>alert(1)</script> -->",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>x',
    "<b " + "a='1' " * 5000 + ">x",
    "<p>‮evil​</p>&#x202e;&#8203;&#0;&#xfffe;x",
]


def check_safe(story: Composed, tmp_path: Path) -> None:
    """The guard takes it, Markdown leaves it alone, and nothing in it runs, loads or reads a file."""
    content = tmp_path / "content"
    content.mkdir(exist_ok=True)
    assert objections(story.text(), "x", content) == []
    markdown = Markdown(**MARKDOWN)
    rendered = markdown.convert(story.text().split("---\n", 2)[2])
    for html in (story.body, rendered):
        assert not re.search(r"<(script|iframe|img|svg|form|style|base|meta|object|embed)\b", html, re.I)
        for tag in re.findall(r"<[a-z][^>]*>", html):
            assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag))
            assert not re.search(r"(href|src|cite)=\"\s*(?!https?://|mailto:)", tag)
            for target in re.findall(r'href="([^"]*)"', tag):
                assert not set(target) & set("{}|")
    # Markdown finds nothing to change in it.
    assert nh3.clean(rendered).split() == nh3.clean(story.body).split()


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_gets_through(html: str, tmp_path: Path) -> None:
    check_safe(made(Entry("1", URL, "t", html=html)), tmp_path)


@pytest.mark.parametrize(
    "mark",
    ["{attach}../../secret.env", "{static}/etc/passwd", "|filename|x.md", "{index}javascript:alert(1)"],
)
def test_link_marks_stay_text_or_go(mark: str, tmp_path: Path) -> None:
    html = f'<p>{mark} <a href="{mark}">x</a><img src="{mark}" alt="a picture"><a title="{mark}">y</a></p>'
    entry = Entry("1", URL, f"A {mark}", mark, None, None, html, (mark, "ok"), base=URL)
    story = made(entry)
    check_safe(story, tmp_path)
    assert "passwd" not in "".join(re.findall(r'href="[^"]*"', story.body))
    rendered = Markdown(**MARKDOWN).convert(story.body)
    assert mark[1:] in rendered.replace("&#125;", "}").replace("&#124;", "|")


def test_a_newline_in_a_field_is_no_front_matter() -> None:
    entry = Entry(
        "1", URL, "Title\nStatus: published\n---\nsave_as: x", html="<p>x</p>", tags=("a\ntemplate: y",)
    )
    fields = front(made(entry, feed=Feed("Feed\nStatus: published")).text())
    assert fields["status"] == "draft"
    assert fields["title"] == "Title Status: published --- save_as: x"
    assert set(fields) <= {
        "title", "date", "author", "category", "tags", "summary", "relationship", "via", "canonical",
        "source", "status",
    }  # fmt: skip


def test_an_address_that_is_none_becomes_no_link() -> None:
    for url in (
        "javascript:alert(1)",
        "https://x.example/{attach}",
        "https://x.example/a b",
        "/relative",
        "tag:x",
    ):
        story = made(Entry("1", url, "t", html="<p>x</p>"))
        assert "via" not in story.fields
        assert "canonical" not in story.fields
        with pytest.raises(CannotCompose, match="no web address"):
            made(Entry("1", url, "t", html="<p>x</p>"), EXCERPT)


def test_no_text_is_no_story() -> None:
    for html in ("", "<p></p>", '<img src="https://x.example/a.jpg">', "<script>x</script>"):
        with pytest.raises(CannotCompose, match="no text"):
            made(Entry("1", URL, "t", html=html))


def test_a_missing_title_uses_the_first_words() -> None:
    story = made(Entry("1", URL, "", html="<p>One two three four five six seven eight nine ten.</p>"))
    assert story.fields["title"] == "One two three four five six seven eight …"


@pytest.mark.parametrize(
    ("published", "updated", "day"),
    [
        (None, None, DAY),
        (datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC), None, datetime.date(2026, 11, 1)),
        (None, datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC), datetime.date(2026, 11, 2)),
        (datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC), None, DAY),
        (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC), None, DAY),
    ],
)
def test_dates_that_cannot_be_are_the_day_first_seen(
    published: datetime.datetime | None, updated: datetime.datetime | None, day: datetime.date
) -> None:
    assert story_date(Entry(published=published, updated=updated), DAY) == day


@pytest.mark.parametrize(
    ("title", "url", "slug"),
    [
        ("The pump that sang", URL, "the-pump-that-sang"),
        ("Насос, который пел", "https://v.example/nasos-pel.html", "nasos-pel"),
        ("Цитата #17703", "https://v.example/quote.php?id=17703", "quote-17703"),
        ("Цитата", "https://v.example/123", "walt-okafor-123"),
        ("Цитата", "", "walt-okafor"),
        ("!!!", "", "walt-okafor"),
    ],
)
def test_slugs(title: str, url: str, slug: str) -> None:
    assert slug_for(Entry(url=url), "walt-okafor", title) == slug


def test_a_slug_is_nobody_elses() -> None:
    assert free_slug("a", {"a", "a-2"}) == "a-3"
    long = "a" * 80
    assert free_slug(long, {long}) == "a" * 78 + "-2"


MARKUP = st.text(
    alphabet=st.sampled_from("<>/=\"'`~&;:#{}|[]()! \n\tabpscriptonlickjavhref1😀\u202e\u0000é"), max_size=200
)
PIECES = st.lists(
    st.one_of(
        MARKUP,
        st.sampled_from(HOSTILE[:20]),
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<pre>", "<ul><li>", "{attach}x", "```", "\n\n", "<a href="]
        ),
        st.text(max_size=40),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.one_of(MARKUP, st.text(max_size=80)),
    author=MARKUP,
    tag=st.text(max_size=30),
    html=PIECES,
    lang=MARKUP,
)
def test_any_entry_is_safe(tmp_path: Path, title: str, author: str, tag: str, html: str, lang: str) -> None:
    entry = Entry("1", URL, title, author, None, None, html, (tag,), lang, base=URL)
    for source in (FULL, EXCERPT):
        try:
            story = made(entry, source, Feed(title=author))
        except CannotCompose:
            return
        read = front(story.text())
        assert read == story.fields
        assert read["title"]
        assert read["summary"]
        check_safe(story, tmp_path)
        assert is_slug(slug_for(entry, "walt-okafor", story.fields["title"]))
