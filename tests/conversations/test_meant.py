"""What a command names: any text is a comment's name, or is said to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.meant import NotMeant, comment_of, story_of
from plugins.conversations.thread import Thread, nest

from .test_thread import comment

TALK = Thread("the-line", "isso", None, nest([comment("12"), comment("bluesky-at://did:plc:x/7")]))


@pytest.mark.parametrize(
    ("ref", "id"),
    [
        ("the-line/12", "12"),
        ("stories/the-line/12", "12"),
        ("https://people.example/stories/the-line/#comment-isso-12", "12"),
        ("https://people.example/es/stories/the-line/#comment-isso-12", "12"),
        ("the-line/bluesky-at://did:plc:x/7", "bluesky-at://did:plc:x/7"),
    ],
)
def test_names_of_comments(ref, id):
    assert story_of(ref) == "the-line"
    assert comment_of(ref, TALK).id == id


@pytest.mark.parametrize("ref", ["", "12", "the-line", "https://[", "https://people.example/", "/12"])
def test_what_names_no_comment(ref):
    with pytest.raises(NotMeant, match="names no comment"):
        story_of(ref)


@given(st.text() | st.builds("https://{}/stories/{}#{}".format, st.text(), st.text(), st.text()))
def test_no_text_breaks_it(ref):
    try:
        assert story_of(ref)
    except NotMeant:
        return
    with pytest.raises(NotMeant):
        comment_of(ref, TALK)
