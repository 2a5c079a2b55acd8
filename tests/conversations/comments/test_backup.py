"""Backups of the real Isso's comments, while it runs; and whatever is no backup is refused."""

from __future__ import annotations

import datetime
import sqlite3
import stat
import threading
from contextlib import closing

import pytest

from plugins.conversations.comments import backup
from plugins.conversations.comments.backup import NotBackedUp, back_up, look, restore
from tests.conversations.real_isso import RealIsso

VAN = "the-borrowed-van"
NOW = datetime.datetime(2026, 12, 1, 9, 30, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


@pytest.fixture
def isso(tmp_path):
    (tmp_path / "isso").mkdir()
    isso = RealIsso(tmp_path / "isso" / "comments.db")
    isso.post(VAN, "First words.")
    return isso


def words(isso):
    return [one["text"] for one in isso.live(VAN)]


def private(path):
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def test_there_and_back_while_isso_runs(isso, tmp_path):
    path, counted = back_up(isso.file, None, NOW)
    assert path == tmp_path / "isso/backups/comments-2026-12-01T083005Z.db"
    assert private(path)
    assert str(counted) == "1 comment in 1 thread"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    isso.post(VAN, "Second words.")
    isso.post("another-story", "Elsewhere.")
    inode = isso.file.stat().st_ino
    done = restore(isso.file, path, NOW)
    assert words(isso) == ["<p>First words.</p>"]
    assert isso.file.stat().st_ino == inode, "a running Isso would write into a file that is gone"
    assert (done.now, done.is_older) == (counted, False)
    assert private(done.kept)
    assert str(look(done.kept)) == "3 comments in 2 threads"
    isso.post(VAN, "Third words.")

    restore(isso.file, done.kept, NOW + datetime.timedelta(seconds=1))
    assert words(isso) == ["<p>First words.</p>", "<p>Second words.</p>"]
    assert not list(tmp_path.rglob(".writing-*"))
    assert not list(tmp_path.rglob("*-journal"))


def test_readers_go_on_writing_meanwhile(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "begin.db", NOW)
    done, one_more, posted = threading.Event(), threading.Semaphore(0), []

    def write():
        while not done.is_set():
            answer = isso.reader.post(
                "/new", query_string={"uri": f"/stories/{VAN}/"}, json={"text": "And more.", "title": "Van"}
            )
            posted.append(answer.status_code)
            one_more.release()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(5):
            assert one_more.acquire(timeout=30)
            counts.append(back_up(isso.file, tmp_path / f"{number}.db", NOW)[1].comments)
        for number in range(3):
            assert one_more.acquire(timeout=30)
            restore(isso.file, path, NOW + datetime.timedelta(seconds=number))
    finally:
        done.set()
        writer.join()
    assert counts == sorted(counts)
    assert set(posted) <= {201, 500}  # a comment that came between two halves of its own writing
    assert look(isso.file).comments == len(words(isso)) >= 1
    assert words(isso)[0] == "<p>First words.</p>"


def test_a_new_machine_gets_them_too(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "one.db", NOW)
    new = tmp_path / "new" / "comments.db"
    assert restore(new, path, NOW).kept is None
    assert private(new)
    assert words(RealIsso(new)) == ["<p>First words.</p>"]


def test_nothing_is_written_over(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path, NOW)
    before = path.read_bytes()
    for there in (path, tmp_path, isso.file):
        with pytest.raises(NotBackedUp, match=r"is there already\. Name a new file, or a folder"):
            back_up(isso.file, there, NOW)
    assert path.read_bytes() == before
    (tmp_path / "closed").write_text("no folder")
    with pytest.raises(NotBackedUp, match="closed is no folder"):
        back_up(isso.file, tmp_path / "closed" / "x.db", NOW)


def other(tmp_path, *statements):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as made:
        for statement in statements:
            made.execute(statement)
        made.commit()
    return path


def cut(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "cut.db", NOW)
    path.write_bytes(path.read_bytes()[:9000])
    return path


def scratched(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "scratched.db", NOW)
    raw = bytearray(path.read_bytes())
    raw[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda isso, tmp: tmp / "nowhere.db", "There is no file"),
        (lambda isso, tmp: tmp, "There is no file"),
        (lambda isso, tmp: isso.file, "is what Isso has now"),
        (lambda isso, tmp: other(tmp, "CREATE TABLE comments (id, words)"), "no database of Isso's"),
        (lambda isso, tmp: other(tmp), "no database of Isso's"),
        (cut, "damaged|malformed"),
        (scratched, "damaged|malformed"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_changes(isso, tmp_path, made, why):
    before = isso.file.read_bytes()
    with pytest.raises(NotBackedUp, match=why):
        restore(isso.file, made(isso, tmp_path), NOW)
    assert isso.file.read_bytes() == before
    assert not (isso.file.parent / "backups").exists()


@pytest.mark.parametrize("raw", [b"<html>", b"SQLite format 3\x00", b"x" * 9000])
def test_nor_what_is_no_database(isso, tmp_path, raw):
    (tmp_path / "page.db").write_bytes(raw)
    with pytest.raises(NotBackedUp, match="no database of Isso's"):
        restore(isso.file, tmp_path / "page.db", NOW)
    assert words(isso) == ["<p>First words.</p>"]


def test_a_newer_issos_is_refused_and_an_olders_is_said(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "one.db", NOW)
    for version, told in ((4, True), (99, None)):
        with closing(sqlite3.connect(path)) as changed:
            changed.execute(f"PRAGMA user_version = {version}")
        if told is None:
            with pytest.raises(NotBackedUp, match=r"newer Isso's \(99\)"):
                restore(isso.file, path, NOW)
        else:
            assert restore(isso.file, path, NOW).is_older


@pytest.mark.parametrize("raw", [b"", b"garbage " * 2000])
def test_a_database_that_is_broken_is_kept_as_it_is_and_mended(isso, tmp_path, raw):
    path, _ = back_up(isso.file, tmp_path / "one.db", NOW)
    isso.file.write_bytes(raw)
    with pytest.raises(NotBackedUp, match=r"no database of Isso's|cannot be copied"):
        back_up(isso.file, tmp_path / "two.db", NOW)
    assert not (tmp_path / "two.db").exists()
    done = restore(isso.file, path, NOW)
    assert words(isso) == ["<p>First words.</p>"]
    assert (done.kept.read_bytes() if done.kept else b"") == raw


def test_a_database_of_something_else_is_never_written_into(isso, tmp_path):
    path, _ = back_up(isso.file, tmp_path / "one.db", NOW)
    private_data = other(tmp_path, "CREATE TABLE letters (words)")
    before = private_data.read_bytes()
    with pytest.raises(NotBackedUp, match="no database of Isso's"):
        restore(private_data, path, NOW)
    assert private_data.read_bytes() == before


@pytest.mark.parametrize("act", [back_up, restore])
def test_a_database_that_is_held_for_long_is_left_alone(isso, tmp_path, monkeypatch, act):
    path, _ = back_up(isso.file, tmp_path / "one.db", NOW)
    monkeypatch.setattr(backup, "BUSY", 0.05)
    with closing(sqlite3.connect(isso.file, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        held.execute("UPDATE comments SET author = 'held'")
        with pytest.raises(NotBackedUp, match="locked"):
            act(isso.file, path if act is restore else None, NOW)
        held.execute("ROLLBACK")
    assert words(isso) == ["<p>First words.</p>"]
