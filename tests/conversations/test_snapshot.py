"""Reading a snapshot: cleaned again, and every fault named with its line."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.conversations.jsonld import comments_ld
from plugins.conversations.markup import comment_html
from plugins.conversations.snapshot import _Reading, read_snapshot
from plugins.conversations.thread import flat
from plugins.guard.finding import ContentRefused
from plugins.people import Face

MARA = Face("Mara Lind", "people/mara-lind/", None, "lilac", "ML", "Head of workshop", True, "Mara")
PEOPLE = {
    "mara-lind": SimpleNamespace(kind="staff", face_on=lambda day: MARA),
    "ann-oak": SimpleNamespace(kind="customer", face_on=lambda day: MARA),
}
QUESTION = {
    "id": 1,
    "parent": None,
    "author": "Ann\n\u202eOak",
    "url": "https://ann.example/",
    "published": "2026-11-12T18:30:00Z",
    "html": "<p>How <strong>long</strong>?</p>",
    "staff": None,
}


def read(tmp_path, comments, **more):
    path = tmp_path / "x.json"
    document = {"provider": "isso", "fetched": "2026-11-13T00:00:00Z", "comments": comments, **more}
    path.write_text(json.dumps(document, indent=1), "utf-8")
    return read_snapshot(path, "content/conversations/x.json", PEOPLE, anonymous="Somebody")


def refused(tmp_path, comments, **more):
    with pytest.raises(ContentRefused) as caught:
        read(tmp_path, comments, **more)
    return str(caught.value)


def test_a_question_and_its_answer(tmp_path):
    answer = {**QUESTION, "id": "2", "parent": 1, "author": "typed", "staff": "mara-lind"}
    answer["published"] = "2026-11-13T08:00:00+01:00"
    thread = read(tmp_path, [answer, QUESTION]).thread
    (question,) = thread.comments
    assert (question.author, question.url, question.anchor) == (
        "Ann Oak",
        "https://ann.example/",
        "comment-isso-1",
    )
    (reply,) = question.replies
    assert (reply.author, reply.staff, reply.person, reply.person_slug) == (
        "Mara Lind",
        True,
        MARA,
        "mara-lind",
    )
    assert reply.published == datetime(2026, 11, 13, 7, tzinfo=UTC)
    assert thread.fetched == datetime(2026, 11, 13, tzinfo=UTC)
    assert not thread.waiting


def test_true_is_staff_we_do_not_know(tmp_path):
    (comment,) = read(tmp_path, [{**QUESTION, "staff": True}]).thread.comments
    assert (comment.staff, comment.person, comment.author) == (True, None, "Ann Oak")


def test_only_staff_can_be_marked_as_staff(tmp_path):
    snapshot = read(tmp_path, [{**QUESTION, "staff": "ann-oak"}])
    assert not snapshot.thread.comments[0].staff
    assert "who is no staff" in str(snapshot.hints[0])


def test_an_unknown_slug_is_a_hint_and_stays_an_answer(tmp_path):
    snapshot = read(tmp_path, [{**QUESTION, "staff": "gone-person"}])
    assert snapshot.thread.comments[0].staff
    assert "nobody has that slug" in str(snapshot.hints[0])


def test_somebody_without_a_name_gets_one(tmp_path):
    assert read(tmp_path, [{**QUESTION, "author": None}]).thread.comments[0].author == "Somebody"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example/", "/stories/x/", "mailto:a@b.example", 5, "https://["]
)
def test_only_web_addresses_are_links(tmp_path, url):
    assert read(tmp_path, [{**QUESTION, "url": url}]).thread.comments[0].url == ""


def test_the_text_is_cleaned_again():
    html = (
        '<h2>Big</h2><p onclick="x()">Hi<script>alert(1)</script>'
        '<img src="https://track.example/p.gif"><img src="/mine.png">'
        '<a href="https://a.example" rel="me" class="p">a</a><a href="java\tscript:alert(1)">b</a></p>'
    )
    assert comment_html(html, "/stories/x/") == (
        '<p><strong>Big</strong></p><p>Hi<a href="https://a.example" rel="nofollow ugc noopener">a</a>'
        '<a rel="nofollow ugc noopener">b</a></p>'
    )


def test_a_time_at_the_end_of_the_calendar_is_refused(tmp_path):
    said = refused(tmp_path, [{**QUESTION, "published": "9999-12-31T23:59:59Z"}])
    assert "`published` is '9999-12-31T23:59:59Z', which is no time." in said


def test_no_hidden_character_of_a_text_reaches_a_page_or_a_feed(tmp_path):
    words = "<p>a\x01\x9b2J\u202eb\ufffe\ud800\nc</p>"
    (comment,) = read(tmp_path, [{**QUESTION, "html": words}]).thread.comments
    assert comment.html == "<p>a2Jb\nc</p>"


def test_the_lines_of_many_comments_are_counted_once(tmp_path):
    text = CountedText('{"comments": [\n' + "{},\n" * 500 + "{}]}")
    reading = _Reading("x.json", {}, "/", "")
    reading.text = text
    assert reading.lines(501) == list(range(2, 503))
    assert text.looked_through <= len(text)


class CountedText(str):
    looked_through = 0

    def count(self, mark, begin, end):
        self.looked_through += end - begin
        return super().count(mark, begin, end)


def test_every_fault_is_named_with_its_line(tmp_path):
    said = refused(
        tmp_path,
        [QUESTION, {**QUESTION, "id": None}, {**QUESTION, "published": "soon"}, {**QUESTION, "html": 3}, 7],
    )
    assert said.splitlines() == [
        "content/conversations/x.json:14: A comment has no `id`. Give it the provider's id.",
        "content/conversations/x.json:23: `published` is 'soon', which is no time."
        ' Write it as "2026-11-12T18:30:00Z".',
        "content/conversations/x.json:32: A comment has no `html`. Write the comment's text as HTML.",
        "content/conversations/x.json:41: A comment is not an object. Write its fields between { and }.",
    ]


def test_a_broken_file_is_refused_with_the_line(tmp_path):
    path = tmp_path / "x.json"
    for text, line in (
        ('{\n"provider": "isso",\n', 3),
        ("[]", 1),
        ("\xff", 1),
        ("[" * 100_000, 1),
        ('{"comments": {}}', 1),
    ):
        path.write_text(text, "latin-1")
        with pytest.raises(ContentRefused, match=f"^x.json:{line}: "):
            read_snapshot(path, "x.json", PEOPLE)


def test_a_link_to_another_file_is_refused(tmp_path):
    (tmp_path / "secret").write_text("{}")
    (tmp_path / "x.json").symlink_to(tmp_path / "secret")
    with pytest.raises(ContentRefused, match="symbolic link"):
        read_snapshot(tmp_path / "x.json", "x.json", PEOPLE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
rough_comments = st.dictionaries(st.sampled_from(list(QUESTION)), json_values)


@settings(deadline=None)
@given(comments=st.lists(rough_comments | json_values, max_size=6), provider=json_values)
def test_whatever_a_file_says_it_is_read_or_refused(tmp_path_factory, comments, provider):
    folder = tmp_path_factory.getbasetemp()
    try:
        thread = read(folder, comments, provider=provider).thread
    except ContentRefused:
        return
    assert len(list(flat(thread.comments))) == len(comments)


def test_json_ld_nests_and_says_plain_text(tmp_path):
    answer = {**QUESTION, "id": 2, "parent": 1, "staff": "mara-lind"}
    thread = read(tmp_path, [QUESTION, answer]).thread
    (data,) = comments_ld(thread, "https://site.example/stories/x/")
    assert data["text"] == "How long?"
    assert data["@id"] == "https://site.example/stories/x/#comment-isso-1"
    assert data["author"] == {"@type": "Person", "name": "Ann Oak", "url": "https://ann.example/"}
    assert data["comment"][0]["author"]["name"] == "Mara Lind"
    assert data["datePublished"] == "2026-11-12T18:30:00+00:00"


def test_a_comment_from_a_members_own_site_says_where_it_was_written(tmp_path):
    there = {**QUESTION, "id": "feed-3", "url": "https://www.mara.example/notes/7#comment-3"}
    (here, said) = read(tmp_path, [QUESTION, there]).thread.comments
    assert (here.url, here.place) == ("https://ann.example/", "")
    assert (said.url, said.place, said.place_name) == ("", there["url"], "mara.example")
    data = comments_ld(read(tmp_path, [there]).thread, "")
    assert data[0]["sameAs"] == there["url"]
    assert "url" not in data[0]["author"]
    hostile = read(tmp_path, [{**there, "url": "javascript:alert(1)"}]).thread.comments[0]
    assert (hostile.url, hostile.place, hostile.place_name) == ("", "", "")
