"""`rsync:`: the same mirror by rsync; a local folder stands for the host."""

import shutil
from pathlib import Path

import pytest

from plugins import FirsthandError
from plugins.publishing import publish

from .made_site import URL, write

needs_rsync = pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not installed")


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def send(output: Path, goal: Path) -> None:
    publish(output, f"rsync:{goal}", URL, print)


@needs_rsync
def test_mirrors_and_removes_what_is_gone(output: Path, tmp_path: Path) -> None:
    goal = tmp_path / "www"
    send(output, goal)
    assert names(goal) == names(output) | {".firsthand-published"}
    before = (goal / "index.html").stat()
    (output / "theme/mark.svg").unlink()
    write(goal, "stories/withdrawn/photo.jpg", "gone from the site")
    write(goal, ".well-known/token", "the host's")
    send(output, goal)
    assert names(goal) == names(output) | {".firsthand-published", ".well-known/token"}
    assert (goal / "index.html").stat().st_ino == before.st_ino
    assert goal.stat().st_mode & 0o055 == 0o055


@needs_rsync
def test_foreign_folder_is_refused_and_untouched(output: Path, tmp_path: Path) -> None:
    write(tmp_path / "home", "a letter.txt", "mine")
    with pytest.raises(FirsthandError, match="did not bring"):
        send(output, tmp_path / "home")
    assert names(tmp_path / "home") == {"a letter.txt"}


@needs_rsync
def test_failure_says_what_rsync_said(output: Path, tmp_path: Path) -> None:
    with pytest.raises(FirsthandError, match="rsync stopped with"):
        send(output, tmp_path / "not" / "there" / "www")


def test_rsync_that_is_missing(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FirsthandError, match="rsync is not installed"):
        send(output, tmp_path / "www")


def test_options_end_before_the_place(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def remember(command: list[str], may_fail: int = 0) -> str:
        commands.append(command)
        return ""

    monkeypatch.setattr("plugins.publishing.targets.rsync._run", remember)
    publish(output, "rsync:mara@host:/www", URL, print)
    for command in commands:
        assert command[0] == "rsync"
        assert [word for word in command[command.index("--") + 1 :] if word.startswith("-")] == []
        assert command[-1] == "mara@host:/www/"
    assert commands[1][1:4] == ["-rlt", "--delete", "--checksum"]
