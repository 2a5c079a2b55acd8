"""Reading: what changed and nothing else; and never an old answer for a new text."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from plugins.fastbuild import reader as module
from plugins.fastbuild.crew import Crew
from plugins.fastbuild.reader import PARCEL, Reader
from plugins.guard.survey import survey

from .jobs import read_all, wrong

CODE = b"c" * 16
TEXTS = {f"stories/story-{number}/index.md": f"Text {number}" for number in range(5)}


class Folder:
    """A content folder, and a reader of it that keeps what it read."""

    def __init__(self, root):
        self.content, self.cache = root / "content", root / "cache"
        for name, text in TEXTS.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def read(self, full=False, code=CODE, options="en", keep=True):
        """How many files were read anew; every one says what is in it."""
        files, _ = survey(self.content)
        crew = Crew()
        reader = Reader(self.cache, code, options, crew, read_all)
        try:
            kept = reader.all(files, full)
            if keep:
                reader.save()
            for file in files:
                text = file.path.read_text("utf-8")
                assert kept[file.shown].value == (options, file.shown, text, sorted(file.beside or ()))
                assert kept[file.shown].body() == f"<p>{text}</p>"
        finally:
            reader.close()
            crew.close()
        assert len({one.fingerprint() for one in kept.values()}) == len(files)
        return reader.anew


@pytest.fixture(params=[False, True], ids=["in doubt", "settled"])
def folder(tmp_path, monkeypatch, request):
    """As files are that changed just now, and long ago."""
    if request.param:
        monkeypatch.setattr(module, "DOUBT", -60_000_000_000)
    return Folder(tmp_path)


def test_only_what_changed_is_read(folder):
    assert folder.read() == 5
    assert folder.read() == 0
    folder.write("stories/story-1/index.md", "Another text")
    assert folder.read() == 1
    assert folder.read() == 0


def test_a_change_of_the_same_size_and_time_is_noticed(folder):
    folder.read()
    path = folder.content / "stories/story-1/index.md"
    before = path.stat()
    path.write_text("Text X", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert folder.read() == 1


def test_a_touched_file_is_not_read_anew(folder):
    folder.read()
    for name in TEXTS:
        os.utime(folder.content / name, (1, 4_000_000_000))
    assert folder.read() == 0
    assert folder.read() == 0


def test_a_photograph_beside_it_counts(folder):
    folder.read()
    (folder.content / "stories/story-1/a.jpg").touch()
    assert folder.read() == 1


def test_renamed_swapped_and_removed_files_are_themselves(folder):
    folder.read()
    one, other = (folder.content / f"stories/story-{number}" for number in (1, 2))
    one.rename(folder.content / "stories/aside")
    other.rename(one)
    (folder.content / "stories/aside").rename(other)
    (folder.content / "stories/story-3").rename(folder.content / "stories/moved")
    (folder.content / "stories/story-4/index.md").unlink()
    assert folder.read() == 3
    assert folder.read() == 0


@pytest.mark.parametrize("words", [{"full": True}, {"code": b"d" * 16}, {"options": "es"}])
def test_under_other_code_or_options_all_is_read(folder, words):
    folder.read()
    assert folder.read(**words) == 5


@pytest.mark.parametrize("name", ["read", "bodies"])
@pytest.mark.parametrize("harm", [None, 0, 0.3, 0.5, 0.9, 1])
def test_what_was_kept_may_go_or_be_damaged(folder, name, harm):
    folder.read()
    path = folder.cache / name
    raw = path.read_bytes()
    if harm is None:
        path.unlink()
    elif harm in (0, 1):
        path.write_bytes(b"" if harm else raw[: len(raw) // 2])
    else:
        at = int(len(raw) * harm)
        path.write_bytes(raw[:at] + bytes(100) + raw[at + 100 :])
    assert folder.read() in (0, 3, 5)  # in half of the file are not quite three of five texts
    assert folder.read() == 0


def test_what_a_build_read_that_was_killed_is_read_again(folder):
    folder.read()
    folder.write("stories/story-1/index.md", "Another text")
    assert folder.read(keep=False) == 1
    assert folder.read() == 1
    assert folder.read(full=True, keep=False) == 5
    assert folder.read() == 5
    assert folder.read() == 0


def test_texts_that_nobody_wants_are_let_go(folder):
    folder.read()
    size = (folder.cache / "bodies").stat().st_size
    for number in range(20):
        folder.write("stories/story-1/index.md", f"Another text {number:03}")
        assert folder.read() == 1
        assert (folder.cache / "bodies").stat().st_size < 3 * size
    assert folder.read() == 0


def test_a_text_that_was_made_again_is_kept(folder):
    folder.read()
    path = folder.cache / "bodies"
    path.write_bytes(bytes(path.stat().st_size))
    for read in (read_all, wrong):
        reader = Reader(folder.cache, CODE, "en", Crew(), read)
        kept = reader.all(survey(folder.content)[0])
        assert {one.body() for one in kept.values()} == {f"<p>{text}</p>" for text in TEXTS.values()}
        reader.save()
        reader.close()


def test_the_first_files_are_read_before_the_last_are_looked_for(folder):
    for number in range(2 * PARCEL):
        folder.write(f"stories/more-{number}/index.md", f"More {number}")
    files, _ = survey(folder.content)
    looked, when_read = [], []

    def look():
        for file in files:
            looked.append(file)
            yield file

    def read(packed):
        when_read.append(len(looked))
        return read_all(packed)

    reader = Reader(folder.cache, CODE, "en", SimpleNamespace(each=map), read)
    assert list(reader.all(look())) == [file.shown for file in files]
    reader.close()
    assert when_read == [PARCEL, 2 * PARCEL, len(files)]


def test_an_older_copy_of_one_of_the_two_files_does_no_harm(folder):
    folder.read()
    older = {name: (folder.cache / name).read_bytes() for name in ("read", "bodies")}
    for number, name in enumerate(older):
        folder.write(f"stories/story-{number}/index.md", "A newer text")
        folder.read()
        (folder.cache / name).write_bytes(older[name])
        folder.read()
        assert folder.read() == 0
