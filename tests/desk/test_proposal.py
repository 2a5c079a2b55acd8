"""What a proposal may hold, and what of a story is whose; with texts and names that nobody expects."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.desk import Origin, Proposal, ProposalRefused, StoryFiles, new_id
from plugins.desk.own import own_words, published
from plugins.desk.proposal import MAX_FILES, id_of
from plugins.desk.words import description, message, plain, subject_of
from plugins.guard.finding import Finding

from .proposals import a_proposal, story_text

TEXT = story_text()


@pytest.mark.parametrize(
    "name",
    [
        "../index.md",
        "a/b.jpg",
        "/etc/passwd",
        ".htaccess",
        "x.svg",
        "x.php",
        "index.md\n.jpg",
        "index.EN.md",
        "a b.jpg",
        "-x.jpg",
        "",
        "x.jpg\0",
        ".git",
        "index.html",
    ],
)
def test_names_that_a_story_folder_must_not_hold(name):
    with pytest.raises(ProposalRefused, match="cannot lie in"):
        StoryFiles("bell", {"index.md": TEXT, name: b""})


@pytest.mark.parametrize("slug", ["", "..", "a/b", "A", "a--b", "-a", "a\n", "index", "page", "x" * 81])
def test_addresses_that_a_story_must_not_have(slug):
    with pytest.raises(ProposalRefused, match="address"):
        StoryFiles(slug, {"index.md": TEXT})


def test_too_much_is_refused():
    with pytest.raises(ProposalRefused, match=r"no index\.md"):
        StoryFiles("bell", {"a.jpg": b""})
    with pytest.raises(ProposalRefused, match="Keep it to"):
        StoryFiles("bell", {"index.md": TEXT, **{f"{n}.jpg": b"" for n in range(MAX_FILES)}})
    with pytest.raises(ProposalRefused, match="Keep it under"):
        StoryFiles("bell", {"index.md": b"x" * 400_001})


@given(st.text(max_size=30))
def test_a_name_is_refused_or_harmless(name):
    try:
        StoryFiles("bell", {"index.md": TEXT, name: b"x"})
    except ProposalRefused:
        return
    assert name.isascii()
    assert "/" not in name
    assert not name.startswith((".", "-"))


def test_ids():
    id = new_id(datetime.date(2026, 11, 22))
    assert id_of(f"story/{id}") == id
    assert id_of(id) is None
    for wrong in (
        "story/x",
        "story/2026-11-22-3fa9/../..",
        "main",
        f"story/{id}\n",
        f"refs/heads/story/{id}",
    ):
        assert id_of(wrong) is None
    with pytest.raises(ProposalRefused):
        Proposal("x", StoryFiles("bell", {"index.md": TEXT}), Origin("form", "Ada"), "")


@given(st.text(max_size=200), st.text(max_size=60))
def test_nobodys_text_is_more_than_text(summary, name):
    check = Finding("content/stories/x/index.md", 1, "error", summary, name)
    origin = Origin("form", name, "7f3a", datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC))
    proposal = a_proposal(summary=summary, origin=origin, checks=(check,))
    told = description(proposal)
    usual = description(a_proposal(summary="A bell.", origin=origin, checks=(check,)))
    assert told.count("\n") in (usual.count("\n"), usual.count("\n") - 2)
    assert "\n" not in subject_of(proposal)
    assert message(proposal).rstrip().endswith("Story: the-bell-at-four")


@pytest.mark.parametrize(
    "text", ["@everyone", "#12", "https://x.org", "www.x.org", "[a](b)", "![a](b)", "<img>", "`x`", "| a |"]
)
def test_marks_of_forges_and_of_markdown_are_taken_out(text):
    assert text not in plain(text)


@given(st.dictionaries(st.sampled_from(["category", "tags", "cover", "lang"]), st.text("abc", min_size=1)))
def test_what_is_an_editors_counts_for_nothing(fields):
    story = StoryFiles("bell", {"index.md": TEXT})
    assert own_words(StoryFiles("bell", {"index.md": story_text(**fields)})) == own_words(story)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_another_text_is_another(body):
    one, other = story_text(body=f"A{body}"), story_text(body=f"B{body}")
    assert own_words(StoryFiles("b", {"index.md": one})) != own_words(StoryFiles("b", {"index.md": other}))


def test_another_photograph_is_another():
    one = StoryFiles("b", {"index.md": TEXT, "a.jpg": b"1"})
    assert own_words(one) != own_words(StoryFiles("b", {"index.md": TEXT, "a.jpg": b"2"}))
    assert own_words(one) != own_words(StoryFiles("b", {"index.md": TEXT}))


@pytest.mark.parametrize("status", ["draft", "published", None])
def test_published_changes_that_line_alone(status):
    text = story_text(status=status, body="status: draft\n\n---\n\nstatus: draft\n")
    made = published(StoryFiles("b", {"index.md": text})).text
    assert made.count("status: published") == 1
    assert made.endswith("status: draft\n\n---\n\nstatus: draft\n")
    assert made.replace("status: published\n", "") == text.decode().replace(f"status: {status}\n", "", 1)


@given(st.binary(max_size=300))
def test_what_is_no_story_stays_as_it_is_or_is_one(raw):
    story = published(StoryFiles("b", {"index.md": raw}))
    assert own_words(story)
    assert len(story.files["index.md"]) <= len(raw) + len("status: published\n")
