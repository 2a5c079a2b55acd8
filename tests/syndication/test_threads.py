"""Comments of a feed as a conversation's file: cleaned, merged, and the same bytes the second time."""

import dataclasses
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.check import check_conversations
from plugins.conversations.written import ThreadUnwritable, text_of
from plugins.guard.text import has_hidden_characters
from plugins.syndication.entry import Entry, Remark
from plugins.syndication.threads import MOST, as_comments, remarks, thread

NOW = datetime.datetime(2026, 11, 15, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
STORY = Entry("http://w.example/?p=1", "https://w.example/1")


def merged(path: Path, *said: Remark, now: datetime.datetime = NOW) -> tuple[dict[str, object], int, int]:
    text, new, changed, _ = thread(path, as_comments(said, STORY, now), now)
    if text is not None:
        path.write_text(text)
    return json.loads(path.read_text()), new, changed


def remark(name: str, html: str = "<p>Words.</p>", **more: object) -> Remark:
    return Remark(**{"id": name, "published": NOW - DAY, "html": html, **more})  # type: ignore[arg-type]


def test_a_comment_feed_is_no_story_and_answers_keep_their_place() -> None:
    entries = [
        Entry("c2", in_reply_to="c1", html="b", published=NOW, author="Jo"),
        Entry("c1", in_reply_to="https://w.example/?p=1", html="a", title="By: Sam"),
        Entry("https://w.example/?p=1", html="the story itself"),
    ]
    assert [(said.id, said.parent, said.author) for said in remarks(entries, STORY)] == [
        ("c2", "c1", "Jo"),
        ("c1", "", "Sam"),
    ]


def test_what_a_comment_says_is_cleaned_and_marked_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a-story.json"
    html = (
        '<p onclick="x()">Write to sam@mail.example or <a href="mailto:sam@mail.example">here</a>.'
        ' <img src="https://t.example/x.gif"><a href="javascript:x()">x</a> {attach}a.txt'
        " See https://social.example/@sam.</p><script>alert(1)</script>"
    )
    document, new, _ = merged(
        path, remark("1", html, author="sam@mail.example (Sam)", url="https://w.example/1#c1")
    )
    (comment,) = document["comments"]  # type: ignore[misc]
    assert new == 1
    assert document["provider"] == "feed"
    assert comment["author"] == "Sam"
    assert comment["url"] == "https://w.example/1#c1"
    assert comment["staff"] is None
    assert "mail.example" not in path.read_text()
    assert "https://social.example/@sam" in comment["html"]
    for word in ("script", "onclick", "img", "mailto"):
        assert word not in comment["html"]


def test_nobodys_address_stays_in_whatever_way_it_is_written(tmp_path: Path) -> None:
    html = (
        "<p>bob%40leak.example, bob [at] leak.example, bob(at)leak.example, bob&#64;<b>leak</b>.example</p>"
    )
    html += '<p><a href="mailto:bob&#37;40leak.example">me</a></p>'
    where = "https://w.example/1?from=bob%40leak.example#comment-1"
    document, _, _ = merged(tmp_path / "a.json", remark("1", html, author="Bob (Halle)", url=where))
    (comment,) = document["comments"]  # type: ignore[misc]
    assert "leak" not in json.dumps(document)
    assert comment["author"] == "Bob (Halle)"
    assert comment["url"] == STORY.url


@pytest.mark.parametrize("html", ["", "<p> </p>", "<img src='x'>", "<script>x</script>", "<p>x</p>" * 3_000])
def test_a_comment_without_words_or_without_end_is_left_out(html: str) -> None:
    assert as_comments([remark("1", html)], STORY, NOW) == []


def test_a_second_time_is_the_same_bytes_and_an_edit_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a-story.json"
    first = remark("1"), remark("2", parent="1", published=None), remark("3", published=NOW + DAY)
    merged(path, *first)
    before = path.read_bytes()
    # Later, without dates of their own, in another order, and one of them no longer shown.
    assert thread(path, as_comments([first[2], first[0]], STORY, NOW + DAY / 2), NOW + DAY / 2)[:3] == (
        None,
        0,
        0,
    )
    document, new, changed = merged(path, remark("1", "<p>Other words.</p>"), now=NOW + DAY)
    assert (new, changed, len(document["comments"])) == (0, 1, 3)  # type: ignore[arg-type]
    assert path.read_bytes() != before


def test_https_and_http_are_one_comment(tmp_path: Path) -> None:
    merged(
        tmp_path / "a.json",
        remark("http://w.example/#c1"),
        remark("http://w.example/#c2", parent="http://w.example/#c1"),
    )
    document, new, changed = merged(tmp_path / "a.json", remark("https://w.example/#c1"))
    one, two = document["comments"]  # type: ignore[misc]
    assert (new, changed) == (0, 0)
    assert {one["parent"], two["parent"]} == {None, one["id"] if two["parent"] else two["id"]}


FEED = (
    remark("tag:w,1", "<p>It&#8217;s mine.</p>", url="https://www.w.example/1#comment-7", author="Sam"),
    remark("tag:w,2", "<p>And mine.</p>", url="https://w.example/1#comment-8", parent="tag:w,1"),
)
EXPORT = (
    remark("7", "<p>It's mine.</p>", url="http://w.example/1/#comment-7", author="Sam"),
    remark("8", "<p>And mine.</p>", url="http://w.example/1/#comment-8", parent="7"),
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"url": "https://w.example/1#comments"},  # who wrote what when
        {"parent": ""},  # a feed that does not say what is answered
        {"published": None},
    ],
    ids=["as it is", "no place", "no parents", "no times"],
)
@pytest.mark.parametrize("order", [1, -1])
def test_two_tellings_of_one_thread_are_one(tmp_path: Path, change: dict[str, str], order: int) -> None:
    feed = tuple(dataclasses.replace(one, **change) for one in FEED)  # type: ignore[arg-type]
    for said in (feed, EXPORT)[::order]:
        merged(tmp_path / "a.json", *said)
    document, new, changed = merged(tmp_path / "a.json", *feed)
    one, two = document["comments"]  # type: ignore[misc]
    assert (new, changed) == (0, 0)
    assert {one["parent"], two["parent"]} == {None, one["id"] if two["parent"] else two["id"]}


def test_what_many_say_at_once_is_said_by_many(tmp_path: Path) -> None:
    document, new, _ = merged(tmp_path / "a.json", *(remark(name, "<p>+1</p>", author="x") for name in "ab"))
    assert new == len(document["comments"]) == 2  # type: ignore[arg-type]
    # And where a feed gives all of them one address, that says nothing.
    same = [remark(name, f"<p>{name}</p>", url="https://w.example/1#comment-1") for name in "cd"]
    document, new, _ = merged(tmp_path / "a.json", *same)
    assert (new, len(document["comments"])) == (2, 4)  # type: ignore[arg-type]


def test_what_others_keep_in_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a-story.json"
    isso = {
        "id": "7",
        "parent": None,
        "author": "Joan",
        "published": "2026-02-21T08:10:00Z",
        "html": "<p>x</p>",
        "staff": "jo-berg",
    }
    path.write_text(json.dumps({"provider": "isso", "fetched": "2026-11-01T00:00:00Z", "comments": [isso]}))
    document, _, _ = merged(path, remark("1"))
    assert (document["provider"], document["fetched"]) == ("isso", "2026-11-01T00:00:00Z")
    assert document["comments"][0] == isso  # type: ignore[index]
    assert len(document["comments"]) == 2  # type: ignore[arg-type]
    # Whoever wrote the file last, in the order of time: the other one finds nothing to change.
    later = {**isso, "id": "8", "published": "2026-11-15T13:00:00Z"}
    there = json.loads(path.read_text())
    path.write_text(text_of({**there, "comments": [later, *there["comments"]]}))
    assert thread(path, as_comments([remark("1")], STORY, NOW), NOW)[0] is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"comments": {}}', '{"comments": [{}]}', '{"comments": [1]}', "\udcff"]
)
def test_a_file_that_cannot_be_read_is_left(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a-story.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ThreadUnwritable, match=r"conversations/a-story\.json"):
        thread(path, as_comments([remark("1")], STORY, NOW), NOW)
    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")


def test_no_thread_grows_without_end(tmp_path: Path) -> None:
    document, _, _ = merged(tmp_path / "a.json", *(remark(str(n)) for n in range(MOST + 50)))
    assert len(document["comments"]) == MOST  # type: ignore[arg-type]
    document, new, _ = merged(tmp_path / "a.json", *(remark(f"b{n}") for n in range(50)))
    assert (len(document["comments"]), new) == (MOST, 0)  # type: ignore[arg-type]


TEXT = st.text(max_size=60) | st.sampled_from(
    ["<p>a</p>", "a@b.example", "\ud800", "\u202e", "{attach}x", "http://", "1"]
)
REMARKS = st.builds(
    Remark,
    id=TEXT,
    parent=TEXT,
    author=TEXT,
    url=TEXT | st.just("https://w.example/#1"),
    published=st.none() | st.datetimes(timezones=st.just(datetime.UTC)),
    html=TEXT,
)


@given(st.lists(REMARKS, max_size=6))
def test_whatever_a_feed_says_the_build_can_read_it(
    tmp_path_factory: pytest.TempPathFactory, said: list[Remark]
) -> None:
    content = tmp_path_factory.mktemp("content")
    (content / "conversations").mkdir()
    (content / "stories" / "a-story").mkdir(parents=True)
    path = content / "conversations" / "a-story.json"
    text, new, _, _ = thread(path, as_comments(said, STORY, NOW), NOW)
    if text is None:
        assert new == 0
        return
    path.write_text(text, "utf-8")
    assert check_conversations(content, {}) == []
    assert "a@b.example" not in text
    comments = json.loads(text)["comments"]
    assert len({comment["id"] for comment in comments}) == len(comments) == new
    assert not any(has_hidden_characters(comment["html"]) for comment in comments)
    assert thread(path, as_comments(said, STORY, NOW + DAY), NOW + DAY)[1:3] == (0, 0) or any(
        one.published and one.published > NOW for one in said
    )
