"""`pages:`: one commit on a branch of a real repository, pushed to a real remote."""

import subprocess
from pathlib import Path

import pytest

from plugins import FirsthandError
from plugins.publishing import publish

from .made_site import URL, write


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a commit on main, nobody's name set, and a remote; the working folder."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    folder = tmp_path / "site"
    folder.mkdir()
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, "story.md", "text")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=M", "-c", "user.email=m@example.org", "commit", "--quiet", "-m", "Begin")
    git(folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    monkeypatch.chdir(folder)
    return folder


def send(output: Path, target: str) -> list[str]:
    said: list[str] = []
    publish(output, target, URL, said.append)
    return said


def files(folder: Path, branch: str) -> set[str]:
    return set(git(folder, "ls-tree", "-r", "--name-only", branch).splitlines())


def built(output: Path) -> set[str]:
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}


def test_branch_holds_the_site_and_no_history(output: Path, repository: Path) -> None:
    said = send(output, "pages:gh-pages")
    assert said[-1].endswith("No remote was named, so nothing was pushed.")
    assert files(repository, "gh-pages") == built(output) | {".nojekyll"}
    (output / "theme/mark.svg").unlink()
    send(output, "pages:gh-pages")
    assert files(repository, "gh-pages") == built(output) | {".nojekyll"}
    assert git(repository, "rev-list", "--count", "gh-pages") == "1"
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "symbolic-ref", "HEAD") == "refs/heads/main"


def test_branch_is_pushed_from_a_clone_that_never_saw_it(
    output: Path, repository: Path, tmp_path: Path
) -> None:
    git(repository, "push", "--quiet", "origin", "main")
    assert send(output, "pages:origin/gh-pages")[-1] == "gh-pages: pushed to origin."
    remote = tmp_path / "remote.git"
    assert files(remote, "gh-pages") == built(output) | {".nojekyll"}
    git(repository, "branch", "--quiet", "-D", "gh-pages")
    git(repository, "update-ref", "-d", "refs/remotes/origin/gh-pages")
    (output / "theme/mark.svg").unlink()
    send(output, "pages:origin/gh-pages")
    assert files(remote, "gh-pages") == built(output) | {".nojekyll"}
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def test_domain_kept_on_the_branch_stays(output: Path, repository: Path) -> None:
    write(output, "CNAME", "stories.example.org")
    send(output, "pages:origin/gh-pages")
    (output / "CNAME").unlink()
    send(output, "pages:origin/gh-pages")
    assert git(repository, "cat-file", "blob", "gh-pages:CNAME") == "stories.example.org"


def test_branch_in_use_is_refused(output: Path, repository: Path) -> None:
    with pytest.raises(FirsthandError, match="main is the branch you work on"):
        send(output, "pages:main")


def test_foreign_branch_is_refused_and_untouched(output: Path, repository: Path) -> None:
    git(repository, "branch", "drafts")
    git(repository, "push", "--quiet", "origin", "main:notes")
    before = git(repository, "rev-parse", "drafts")
    for target in ("pages:drafts", "pages:origin/notes"):
        with pytest.raises(FirsthandError, match="did not make"):
            send(output, target)
    assert git(repository, "rev-parse", "drafts") == before


def test_failed_write_leaves_the_branch_as_it_was(
    output: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(output, "pages:gh-pages")
    before = git(repository, "rev-parse", "gh-pages")

    def half(*words: object, **options: object) -> None:
        raise TypeError("write() argument must be str, not bytes")

    monkeypatch.setattr("plugins.publishing.targets.pages.ghp_import", half)
    with pytest.raises(FirsthandError, match="It is as it was"):
        send(output, "pages:gh-pages")
    assert git(repository, "rev-parse", "gh-pages") == before


def test_push_that_fails_says_why(output: Path, repository: Path, tmp_path: Path) -> None:
    git(repository, "remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(FirsthandError, match=r"git ls-remote failed: .*Correct that"):
        send(output, "pages:origin/gh-pages")


def test_file_name_git_would_misread_is_refused(output: Path, repository: Path) -> None:
    write(output, 'theme/"quoted".txt', "x")
    with pytest.raises(FirsthandError, match="Give the file a plain name"):
        send(output, "pages:gh-pages")


def test_outside_a_repository(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(FirsthandError, match="no git repository"):
        send(output, "pages:gh-pages")


def test_a_remote_that_is_not_there_makes_no_branch(output: Path, repository: Path) -> None:
    with pytest.raises(FirsthandError, match="There is no remote 'orign'"):
        send(output, "pages:orign/gh-pages")
    assert "orign" not in git(repository, "branch", "--list", "--all")
