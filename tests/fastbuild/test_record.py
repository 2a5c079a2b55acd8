"""The record of what lies in the output: what was changed there is noticed, and what is strange goes."""

from __future__ import annotations

import os
import shutil

import pytest

from plugins import FirsthandError
from plugins.fastbuild import record
from plugins.fastbuild.fingerprint import digest
from plugins.fastbuild.record import Record

CODE = b"c" * 16


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def run(out, files, full=False, code=CODE):
    """One build that makes these files; which of them it wrote, and how many it removed."""
    book = Record(out.parent / "cache" / "written", out, code, full)
    wrote = []
    for name, text in files.items():
        if not book.keeps(name, digest(text)):
            book.make_room(name)
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(text, "utf-8")
            book.note(name, digest(text), True)
            wrote.append(name)
    removed = book.prune()
    book.save()
    found = {path.relative_to(out).as_posix(): path.read_text() for path in out.rglob("*") if path.is_file()}
    assert found == files
    assert not [path for path in out.rglob("*") if path.is_dir() and not any(path.iterdir())]
    return wrote, removed


FILES = {"a.html": "a", "b/c.html": "c", "b/d/e.html": "e", "f/g.html": "g"}


def test_what_was_made_is_not_made_again(out):
    assert run(out, FILES) == (list(FILES), 0)
    assert run(out, FILES) == ([], 0)
    assert run(out, {**FILES, "a.html": "A"}) == (["a.html"], 0)


def test_after_other_code_or_if_it_is_to_be_full_all_is_made_again(out):
    run(out, FILES)
    assert run(out, FILES, full=True)[0] == list(FILES)
    assert run(out, FILES, code=b"d" * 16)[0] == list(FILES)


def _over(path):
    path.write_text("x", "utf-8")
    os.utime(path, ns=(path.stat().st_atime_ns, 1))


def _link(path):
    aside = path.parents[2] / f"aside-{path.name}"
    path.replace(aside)
    path.symlink_to(aside)


def _folder(path):
    path.unlink()
    (path / "deep").mkdir(parents=True)
    (path / "deep" / "stray").touch()


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), _over, _link, _folder])
def test_whatever_becomes_of_a_file_it_is_made_again(out, harm):
    run(out, FILES)
    harm(out / "b" / "c.html")
    assert run(out, FILES)[0] == ["b/c.html"]


def test_a_file_in_the_place_of_a_folder_goes(out):
    run(out, FILES)
    shutil.rmtree(out / "b")
    (out / "b").write_text("a file", "utf-8")
    assert run(out, FILES)[0] == ["b/c.html", "b/d/e.html"]


@pytest.mark.parametrize("old", [False, True])
def test_strangers_go_also_from_folders_that_were_known(out, old, monkeypatch):
    if old:
        monkeypatch.setattr(record, "DOUBT", 0)
    run(out, FILES)
    run(out, FILES)
    for name in ("stray", "b/stray", "b/d/stray", "x/y/z"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).touch()
    (out / "empty" / "too").mkdir(parents=True)
    assert run(out, FILES) == ([], 4)


def test_what_is_no_more_goes_with_its_folders(out):
    run(out, FILES)
    assert run(out, {"a.html": "a"}) == ([], 3)
    assert [path.name for path in out.iterdir()] == ["a.html"]


@pytest.mark.parametrize("lost", [["written"], ["written.folders"], ["written", "written.together"]])
@pytest.mark.parametrize("older", [False, True])
def test_whatever_is_lost_of_the_record_what_is_no_more_goes(out, lost, older, monkeypatch):
    monkeypatch.setattr(record, "DOUBT", 0)
    few = {name: text for name, text in FILES.items() if name != "b/c.html"}
    cache = out.parent / "cache"
    run(out, few)
    kept = {path.name: path.read_bytes() for path in cache.iterdir()}
    run(out, FILES)
    run(out, FILES)  # the folders are known
    for path in cache.iterdir():
        if path.name.removesuffix(".changes") in lost:
            path.unlink()
            if older and path.name in kept:
                path.write_bytes(kept[path.name])
    assert run(out, few)[1] == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [("t/a", "t/a/b"), ("t/a", "t/a/b/c"), ("t/a/b", "t/a"), ("t/a/b/c", "t/a"), ("t/a/b/c", "t/a/b")],
)
@pytest.mark.parametrize("beside", [{}, {"t/x": "x"}])
def test_a_file_becomes_a_folder_and_the_other_way_round(out, before, after, beside):
    run(out, {before: "before", **beside})
    assert run(out, {after: "after", **beside})[0] == [after]
    assert run(out, {before: "before", **beside})[0] == [before]


def test_what_lies_behind_a_link_is_left_alone(out, tmp_path):
    run(out, FILES)
    elsewhere = tmp_path / "elsewhere"
    (out / "b").rename(elsewhere)
    (elsewhere / "mine.txt").touch()
    (out / "b").symlink_to(elsewhere)
    with pytest.raises(FirsthandError, match=r"output/b was a link to another folder\. .*build again"):
        run(out, FILES)
    assert run(out, FILES)[0] == ["b/c.html", "b/d/e.html"]
    assert not (out / "b").is_symlink()
    (out / "f" / "g.html").unlink()
    (out / "f").rmdir()
    (out / "f").symlink_to(elsewhere)
    assert run(out, FILES)[0] == ["f/g.html"]  # made again, and not behind the link
    assert sorted(path.name for path in elsewhere.iterdir()) == ["c.html", "d", "mine.txt"]


def test_a_build_that_was_killed_leaves_nothing_that_the_next_one_believes(out):
    run(out, FILES)
    book = Record(out.parent / "cache" / "written", out, CODE, False)
    for name in FILES:
        (out / name).write_text("other", "utf-8")
        book.note(name, digest("other"), True)
    (out / "b" / ".writing-x").touch()
    assert run(out, FILES) == (list(FILES), 1)


def test_what_vanishes_while_it_is_built_is_told(out):
    book = Record(out.parent / "cache" / "written", out, CODE, False)
    with pytest.raises(FileNotFoundError, match="removed while it was built"):
        book.note("a.html", b"", True)


def test_another_output_has_a_record_of_its_own(out, tmp_path):
    run(out, FILES)
    other = tmp_path / "other"
    other.mkdir()
    assert run(other, FILES)[0] == list(FILES)
    assert run(out, FILES) == (list(FILES), 0)  # one record is kept; nothing wrong comes of it


PHOTO = ("s/p.jpg", "s/p.480.jpg", "s/p.480.avif")


def together(out, key, names=PHOTO):
    """One build that makes these files of one thing; whether it had to, and how many it removed."""
    book = Record(out.parent / "cache" / "written", out, CODE, False)
    kept = book.keeps_together(names, key)
    if not kept:
        for name in names:
            book.make_room(name)
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(key)
        book.note_together(names, key)
    removed = book.prune()
    book.save()
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == set(names)
    assert {(out / name).read_bytes() for name in names} == {key}
    return not kept, removed


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), _over, _link, _folder])
@pytest.mark.parametrize("name", PHOTO)
def test_files_that_are_made_together_are_made_again_together(out, harm, name):
    assert together(out, b"one") == (True, 0)
    assert together(out, b"one") == (False, 0)
    harm(out / name)
    assert together(out, b"one") == (True, 0)
    assert together(out, b"two") == (True, 0)
    assert together(out, b"two", PHOTO[:2]) == (True, 1)
    assert together(out, b"two", PHOTO[1:]) == (True, 1)
    run(out, FILES)


def test_one_of_several_that_vanishes_while_they_are_built_is_told(out):
    book = Record(out.parent / "cache" / "written", out, CODE, False)
    with pytest.raises(FileNotFoundError, match="removed while it was built"):
        book.note_together(PHOTO, b"")
