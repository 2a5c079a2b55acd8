"""The small site in a repository of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Site

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Git as an editor types it, in the small site's folder."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Ed\nemail = ed@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    def run(*words: str, cwd: Path = tmp_path / "small") -> str:
        done = subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


@pytest.fixture
def repository(site: Site, git: Git) -> Site:
    """The small site, committed on main."""
    (site.root / ".gitignore").write_text("output/\ncache/\nvar/\n.output.first/\n__pycache__/\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "The site")
    return site
