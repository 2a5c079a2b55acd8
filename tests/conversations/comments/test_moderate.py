"""Comments that wait for a moderator, at the real Isso: listed, approved, deleted, and never another one."""

from __future__ import annotations

import datetime

import pytest

from plugins.conversations.comments import held as reading
from plugins.conversations.comments.held import CommentsUnreadable, waiting
from plugins.conversations.comments.lines import as_lines, in_short
from plugins.conversations.comments.moderate import NotModerated, approve, delete
from plugins.conversations.comments.place import NotHere, database_for, database_of
from plugins.conversations.providers.isso_program import OtherIsso
from tests.conversations.real_isso import RealIsso

VAN = "the-borrowed-van"
NOW = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def isso(tmp_path):
    return RealIsso(tmp_path / "comments.db", moderation__enabled="true")


def said(isso):
    return [(one["id"], one["mode"]) for one in isso.live(VAN)]


def test_what_waits_is_listed_oldest_first_and_approved_as_it_was_read(isso):
    first = isso.post(VAN, "How *cold*?\n\nReally?", author="Jo & <b>Co</b>")["id"]
    answer = isso.post(VAN, "Colder.", first, author="Ivo")["id"]
    isso.database.comments.update(answer, {"created": 1})
    assert [one.id for one in waiting(isso.file)] == [answer, first]
    lines = "\n".join(as_lines(waiting(isso.file), NOW, whole=False))
    assert lines.startswith("2 comments wait for a moderator, the oldest first.\n")
    assert "  Ivo, in answer to Jo & <b>Co</b>:\n    Colder.\n" in lines
    assert "  Jo & <b>Co</b>:\n    How *cold*?\n\n    Really?\n" in lines
    refs = [one.ref for one in waiting(isso.file)]
    assert f"  ./inv comments.approve {refs[0]}   ./inv comments.delete {refs[0]}" in lines

    done = list(approve(isso.file, ", ".join(refs)))
    assert [one.slug for one in done] == [VAN, VAN]
    assert in_short(done[1]) == f"{first}, by Jo & <b>Co</b> under {VAN}: How *cold*? Really?"
    assert said(isso) == [(first, 1), (answer, 1)]
    assert list(as_lines(waiting(isso.file), NOW, whole=False)) == ["No comment waits for a moderator."]
    with pytest.raises(NotModerated, match="has been approved before"):
        list(approve(isso.file, refs[0]))


def test_what_was_changed_since_it_was_read_is_not_approved(isso):
    id = isso.post(VAN, "A kind word.")["id"]
    ref = waiting(isso.file)[0].ref
    isso.edit(id, "Buy my watches.")
    for act in (approve, delete):
        with pytest.raises(NotModerated, match=f"Comment {id} is not as it was when {ref} was listed"):
            list(act(isso.file, ref))
    assert [one.mode for one in waiting(isso.file)] == [2]


def test_nor_another_to_which_its_number_was_given_again(isso):
    id = isso.post(VAN, "A kind word.")["id"]
    ref = waiting(isso.file)[0].ref
    isso.delete(id)
    assert isso.post(VAN, "A kind word.")["id"] == id
    with pytest.raises(NotModerated, match="is not as it was"):
        list(approve(isso.file, ref))


def test_nor_what_changes_at_that_moment(isso):
    ids = [isso.post(VAN, "A kind word.")["id"] for _ in range(2)]
    going = approve(isso.file, f"{ids[0]},{ids[1]}")
    next(going)
    isso.edit(ids[1], "Buy my watches.")
    with pytest.raises(NotModerated, match=f"Comment {ids[1]} has changed at this moment"):
        next(going)
    assert said(isso) == [(ids[0], 1)]


def test_deleting_keeps_the_place_of_what_was_answered(isso):
    first = isso.post(VAN, "First.")["id"]
    answer = isso.post(VAN, "An answer.", first)["id"]
    alone = isso.post(VAN, "Alone.")["id"]
    list(approve(isso.file, f"{first},{answer},{alone}"))
    list(delete(isso.file, f"{VAN}/{first},{alone}"))
    assert said(isso) == [(first, 4), (answer, 1)]
    list(delete(isso.file, str(answer)))
    assert said(isso) == []


@pytest.mark.parametrize("ref", ["", "x", "1,", "0x1", "other-story/1", "99", "1-000000", "-1", "1" * 40])
def test_what_names_no_comment_changes_nothing(isso, ref):
    isso.post(VAN, "Only this.")
    for act in (approve, delete):
        with pytest.raises(NotModerated, match="inv comments"):
            list(act(isso.file, ref))
    assert len(waiting(isso.file)) == 1


def test_a_terminal_gets_words_alone(isso):
    isso.post(VAN, "Red \x1b[31mtext\u202e\n" + "long " * 600, author="\x1b]0;x\x07\nJo", title="A\nvan")
    text = "\n".join(as_lines(waiting(isso.file), NOW, whole=False))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "./inv comments --whole" in text
    assert "--whole" not in "\n".join(as_lines(waiting(isso.file), NOW, whole=True))


def test_a_busy_damaged_or_foreign_database_is_said(isso, monkeypatch, tmp_path):
    isso.post(VAN, "Stay.")
    monkeypatch.setattr(reading, "BUSY", 0.05)
    with reading.reading(isso.file, write=True) as held:
        held.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CommentsUnreadable, match="locked"):
            waiting(isso.file)
    isso.database.execute("PRAGMA user_version = 4")
    with pytest.raises(OtherIsso, match=r"another version's \(4\)"):
        list(delete(isso.file, "1"))
    (tmp_path / "none.db").write_bytes(b"no database at all, but long enough to be read as one" * 40)
    with pytest.raises(CommentsUnreadable, match="not a database"):
        waiting(tmp_path / "none.db")


def test_where_the_comments_are(isso, tmp_path):
    def settings(url, file):
        path = str(tmp_path / "content")
        return {"PATH": path, "FIRSTHAND_ISSO_URL": url, "FIRSTHAND_ISSO_DB": file}

    here = settings("https://talk.example.org", str(isso.file))
    assert database_of(here) == database_for(tmp_path, here) == isso.file
    usual = settings("/comments", "var/isso/comments.db")
    assert database_for(tmp_path, usual) == tmp_path / "var/isso/comments.db"
    for missing, words in (
        (usual, "./inv serve makes it"),
        (settings("/comments", "x.db"), "Look at FIRSTHAND_ISSO_DB"),
        (
            settings("https://talk.example.org", "var/isso/comments.db"),
            "https://talk.example.org, .*`notify = smtp`",
        ),
    ):
        with pytest.raises(NotHere, match=words):
            database_of(missing)
    with pytest.raises(NotHere, match="On the machine"):
        database_for(tmp_path, settings("https://talk.example.org", ""))
