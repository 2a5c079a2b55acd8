"""Whatever readers send and whatever a file holds: words for a terminal, and problems that are said."""

from __future__ import annotations

import datetime
import sqlite3
import unicodedata
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.conversations.comments.backup import NotBackedUp, back_up, look
from plugins.conversations.comments.held import CommentsUnreadable, one, waiting
from plugins.conversations.comments.lines import as_lines, in_short
from plugins.conversations.comments.moderate import NotModerated, approve
from tests.conversations.real_isso import RealIsso

NOW = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.binary(max_size=9),
)


@pytest.fixture(scope="module")
def isso(tmp_path_factory):
    isso = RealIsso(tmp_path_factory.mktemp("any") / "comments.db", moderation__enabled="true")
    isso.post("a-van", "Words.")
    isso.post("a-van", "An answer.", 1)
    return isso


@pytest.fixture(scope="module")
def copy(isso, tmp_path_factory):
    return back_up(isso.file, tmp_path_factory.mktemp("copy") / "copy.db", NOW)[0]


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({"author": VALUES, "website": VALUES, "created": VALUES, "text": VALUES}))
def test_any_row_becomes_lines_and_can_be_named_again(isso, row):
    row = {key: value for key, value in row.items() if value is not None or key in ("author", "website")}
    with closing(sqlite3.connect(isso.file)) as written, written:
        for key, value in row.items():
            written.execute(f"UPDATE comments SET {key} = ? WHERE id = 1", (value,))
    held = waiting(isso.file)
    said = [*as_lines(held, NOW, whole=True), *map(in_short, held)]
    marks = {mark for line in said for mark in line} - {"\t", "\u200c", "\u200d"}
    assert not [mark for mark in marks if unicodedata.category(mark) in ("Cc", "Cf")]
    found = one(isso.file, 1)
    assert found in held


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a1-/,x0 \n\x00٣"), max_size=12) | st.text(max_size=20))
def test_any_reference_names_a_comment_or_is_refused(isso, ref):
    if not {"1", "2"} & set(ref):
        with pytest.raises(NotModerated):
            list(approve(isso.file, ref))
        assert len(waiting(isso.file)) == 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 24_000), st.binary(min_size=1, max_size=40)), min_size=1, max_size=4)
)
def test_any_scratch_is_noticed_or_harmless(copy, tmp_path_factory, scratches):
    file = tmp_path_factory.mktemp("scratched") / "x.db"
    raw = bytearray(copy.read_bytes())
    for place, scratch in scratches:
        raw[place : place + len(scratch)] = scratch
    file.write_bytes(raw)
    for read in (look, waiting):
        assert read_or_said(read, file)


def read_or_said(read, file):
    """True where it was read, or where the words that say what is wrong name the file."""
    try:
        return read(file) is not None
    except (NotBackedUp, CommentsUnreadable) as error:
        return str(file) in str(error)
