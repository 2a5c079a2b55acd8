"""The database: made where it is missing, private, whole transactions, and failures in words."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Column, Integer, String, Table

from plugins.database import URL, Database, DatabaseUnusable, database, metadata
from plugins.database import opening as room


@pytest.fixture(autouse=True)
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL, raising=False)


@pytest.fixture
def words() -> Iterator[Table]:
    """A table of this test alone."""
    table = Table(
        "tested_words",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("word", String, nullable=False),
    )
    yield table
    metadata.remove(table)


@pytest.fixture
def opened(tmp_path: Path, words: Table) -> Iterator[Database]:
    with database(tmp_path) as db:
        yield db


def all_of(db: Database, table: Table) -> list[str]:
    with db.begin() as connection:
        return list(connection.scalars(sqlalchemy.select(table.c.word).order_by(table.c.id)))


def test_it_lies_in_var_for_nobody_else(tmp_path: Path, opened: Database) -> None:
    file = tmp_path / "var" / "firsthand.sqlite"
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}


def test_a_folder_and_file_that_everybody_could_read_are_closed(tmp_path: Path, words: Table) -> None:
    (tmp_path / "var").mkdir(mode=0o755)
    (tmp_path / "var" / "firsthand.sqlite").touch(0o644)
    with database(tmp_path) as db:
        assert all_of(db, words) == []
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "var" / "firsthand.sqlite").stat().st_mode) == 0o600


def test_what_is_written_is_there_for_the_next(tmp_path: Path, opened: Database, words: Table) -> None:
    with opened.begin() as connection:
        connection.execute(words.insert(), [{"word": "gear"}, {"word": "belt"}])
    with database(tmp_path) as again:
        assert all_of(again, words) == ["gear", "belt"]


def test_what_was_deleted_leaves_the_disk(tmp_path: Path, opened: Database, words: Table) -> None:
    with opened.begin(durable=True) as connection:
        connection.execute(words.insert(), [{"word": "marmaduke"}, {"word": "kept"}])
    with opened.begin() as connection:
        connection.execute(words.delete().where(words.c.word == "marmaduke"))
    opened.scrub()
    on_disk = b"".join(file.read_bytes() for file in (tmp_path / "var").iterdir())
    assert b"kept" in on_disk
    assert b"marmaduke" not in on_disk


def test_an_error_leaves_nothing_of_a_transaction(opened: Database, words: Table) -> None:
    def half() -> None:
        with opened.begin() as connection:
            connection.execute(words.insert(), {"word": "gear"})
            raise KeyError("an error of ours")

    with pytest.raises(KeyError):
        half()
    assert all_of(opened, words) == []


def test_a_process_killed_in_a_transaction_leaves_nothing_of_it(
    tmp_path: Path, opened: Database, words: Table
) -> None:
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys; from pathlib import Path; from plugins.database import database\n"
            "with database(Path(sys.argv[1])).begin() as c:\n"
            "    c.exec_driver_sql('INSERT INTO tested_words (word) VALUES (1)'); os.kill(os.getpid(), 9)",
            str(tmp_path),
        ],
        check=False,
    )
    assert killed.returncode == -9
    assert all_of(opened, words) == []


def test_the_settings_of_sqlite(opened: Database) -> None:
    with opened.begin() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 1}


def test_a_column_that_came_later_is_added(tmp_path: Path) -> None:
    first = Table("tested_later", metadata, Column("id", Integer, primary_key=True))
    with database(tmp_path) as db, db.begin() as connection:
        connection.execute(first.insert(), {"id": 1})
    metadata.remove(first)
    later = Table(
        "tested_later",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("percent", String, server_default="100%"),
        Column("note", String),
    )
    try:
        with database(tmp_path) as db, db.begin() as connection:
            assert connection.execute(later.select()).all() == [(1, "100%", None)]
    finally:
        metadata.remove(later)


@pytest.mark.parametrize(
    "content", [b"this is no database at all, but a text" * 50, b"SQLite format 3\0" + b"x" * 4080]
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "firsthand.sqlite").write_bytes(content)
    with pytest.raises(
        DatabaseUnusable, match=r"var/firsthand\.sqlite: the database is damaged .* Move the file"
    ):
        database(tmp_path)
    assert (tmp_path / "var" / "firsthand.sqlite").read_bytes() == content


def test_damage_found_later_is_told_too(tmp_path: Path, words: Table) -> None:
    with database(tmp_path) as db, db.begin() as connection:
        connection.execute(words.insert(), [{"word": "gear" * 500} for _ in range(50)])
    file = tmp_path / "var" / "firsthand.sqlite"
    data = file.read_bytes()
    file.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    with pytest.raises(DatabaseUnusable, match="damaged"), database(tmp_path) as db:
        all_of(db, words)


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(DatabaseUnusable, match="cannot be opened"):
        database(tmp_path)


def test_another_writer_is_waited_for_and_then_told(
    tmp_path: Path, words: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BUSY", 50)
    with database(tmp_path) as db:
        other = sqlite3.connect(tmp_path / "var" / "firsthand.sqlite", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnusable, match="another command is writing"):
                all_of(db, words)
            other.execute("COMMIT")
        finally:
            other.close()
        assert all_of(db, words) == []


def test_an_error_of_ours_stays_what_it_is(opened: Database, words: Table) -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError), opened.begin() as connection:
        connection.execute(words.insert(), {"word": None})


def test_a_url_for_sqlite_names_the_file(
    tmp_path: Path, words: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, f"sqlite:///{tmp_path}/elsewhere/site.db")
    with database(tmp_path) as db:
        assert all_of(db, words) == []
    assert (tmp_path / "elsewhere" / "site.db").is_file()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "url", ["nonsense", "nosuch://user:secret@host/name", "postgresql+nosuch://u:secret@h/n"]
)
def test_a_wrong_url_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv(URL, url)
    with pytest.raises(DatabaseUnusable, match=URL) as told:
        database(tmp_path)
    assert "secret" not in str(told.value)
