"""Branches pushed over HTTP to git's own server, and what is told where that fails."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.desk.forge import ForgeDown, ForgeRefused
from plugins.desk.gitsaid import BranchTaken, told
from plugins.desk.push import Remote, check_address
from tests.conftest import Site

from .conftest import Git
from .smart_http import TOKEN, SmartHttp, have_backend

pytestmark = pytest.mark.skipif(not have_backend(), reason="this git came without http-backend")
BRANCH = "story/2026-11-22-3fa9c0de"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmartHttp]:
    found = SmartHttp(tmp_path / "served")
    yield found
    found.close()


@pytest.fixture
def desk(server: SmartHttp, repository: Site) -> Path:
    """The forge's repository; it begins as the site is."""
    return server.repository("desk", repository.root)


@pytest.fixture
def remote(server: SmartHttp, desk: Path) -> Remote:
    return Remote(f"{server.url}/desk.git", TOKEN)


@pytest.fixture
def commit(repository: Site, git: Git) -> str:
    """A commit on top of the site that is on no branch."""
    return git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "A story")


def refs(desk: Path) -> dict[str, str]:
    words = ["git", "-C", str(desk), "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return dict(line.split() for line in said.splitlines())


def test_branch_is_pushed_found_fetched_and_taken_away(remote, desk, repository, commit, tmp_path):
    git_dir = repository.root / ".git"
    remote.push(git_dir, commit, BRANCH)
    assert refs(desk)[f"refs/heads/{BRANCH}"] == commit
    main, heads = remote.heads(BRANCH, "story/2026-11-22-00000000")
    assert (main, heads[BRANCH], set(heads)) == ("main", commit, {"main", BRANCH})

    other = tmp_path / "mirror.git"
    subprocess.run(["git", "init", "-q", "--bare", str(other)], check=True)
    assert remote.fetch(other, BRANCH) == commit

    remote.remove(git_dir, BRANCH)
    remote.remove(git_dir, BRANCH)  # gone already
    assert set(refs(desk)) == {"refs/heads/main"}


def test_same_commit_twice_is_once_and_another_is_refused(remote, desk, repository, commit, git):
    git_dir = repository.root / ".git"
    remote.push(git_dir, commit, BRANCH)
    remote.push(git_dir, commit, BRANCH)
    edited = git("commit-tree", "HEAD^{tree}", "-p", commit, "-m", "An editor's change")
    for other in (edited, git("rev-parse", "HEAD")):
        with pytest.raises(BranchTaken, match="has that branch already"):
            remote.push(git_dir, other, BRANCH)
    assert refs(desk)[f"refs/heads/{BRANCH}"] == commit


def test_token_is_in_no_argument_file_address_log_or_message(
    remote, server, desk, repository, commit, tmp_path, monkeypatch, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    ran: list[list[str]] = []
    start = subprocess.Popen.__init__

    def noted(self, words, *rest, **named):
        ran.append(list(words))
        start(self, words, *rest, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    # What an engineer may have set to look at git: none of it may print what opens the forge.
    for name in ("GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE"):
        monkeypatch.setenv(name, str(tmp_path / "trace"))
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    remote.push(repository.root / ".git", commit, BRANCH)
    server.door = lambda path: ("403 Forbidden", [], TOKEN.encode())
    with pytest.raises(ForgeRefused) as refused:
        remote.heads()
    secrets = (TOKEN, remote._basic())
    said = [*(word for words in ran for word in words), str(refused.value), repr(remote), caplog.text]
    said += capfd.readouterr()
    said += [
        path.read_bytes().decode("latin-1")
        for folder in (repository.root, tmp_path / "served")
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert ran
    assert not (tmp_path / "trace").exists()
    assert not [text for text in said for secret in secrets if secret in text]
    assert {token for _, _, token in server.asked if token} == {TOKEN}


def test_wrong_token_is_refused_at_once_and_nobody_is_asked(server, desk):
    began = threading.active_count()
    with pytest.raises(ForgeRefused, match="does not let the token push"):
        Remote(f"{server.url}/desk.git", "another").heads()
    assert threading.active_count() <= began + 1


def test_askpass_and_credentials_of_this_machine_are_not_used(server, desk, tmp_path, monkeypatch, git):
    asked = tmp_path / "asked"
    script = tmp_path / "askpass"
    script.write_text(f'#!/bin/sh\necho "$@" >> {asked}\necho {TOKEN}\n')
    script.chmod(0o755)
    monkeypatch.setenv("GIT_ASKPASS", str(script))
    monkeypatch.setenv("SSH_ASKPASS", str(script))
    git("config", "--global", "credential.helper", f"!{script}", cwd=tmp_path)
    git("config", "--global", "core.askPass", str(script), cwd=tmp_path)
    with pytest.raises(ForgeRefused):
        Remote(f"{server.url}/desk.git", "another").heads()
    assert not asked.exists()


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "429 Too Many Requests"])
def test_forge_that_fails_is_down(remote, server, status):
    server.door = lambda path: (status, [], b"later")
    with pytest.raises(ForgeDown, match="could not reach"):
        remote.heads()


@pytest.mark.parametrize(
    ("status", "words"), [("403 Forbidden", "write access"), ("404 Not Found", "no repository")]
)
def test_forge_that_says_no_is_not_asked_again(remote, server, status, words):
    server.door = lambda path: (status, [], b"no")
    with pytest.raises(ForgeRefused, match=words):
        remote.heads()


def test_redirect_takes_the_token_nowhere(remote, server, tmp_path):
    other = SmartHttp(tmp_path / "elsewhere")
    try:
        server.door = lambda path: ("301 Moved Permanently", [("Location", other.url + path)], b"")
        with pytest.raises(ForgeRefused, match="has moved"):
            remote.heads()
        assert other.asked == []
    finally:
        other.close()


def test_machine_that_is_off_is_down(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ForgeDown, match="could not reach"):
        Remote(f"http://127.0.0.1:{port}/desk.git", TOKEN).heads()


def test_forge_that_never_answers_is_left_with_its_helpers(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(ForgeDown, match="did not answer git"):
            Remote(f"http://127.0.0.1:{silent.getsockname()[1]}/desk.git", TOKEN, patience=0.5).heads()
    assert time.monotonic() - began < 60
    left = subprocess.run(["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    assert "git-remote" not in left.stdout


def test_repository_without_a_main_branch_is_told(server):
    server.repository("empty")
    with pytest.raises(ForgeRefused, match="no main branch"):
        Remote(f"{server.url}/empty.git", TOKEN).heads()


def test_hook_of_the_forge_that_declines_is_told(remote, desk, repository, commit):
    hook = desk / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'Branches need a ticket.' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(ForgeRefused, match="took no branch of ours"):
        remote.push(repository.root / ".git", commit, BRANCH)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https://example.org",
        "http://example.org/a/b",
        "ssh://git@example.org/a/b",
        "git@example.org:a/b",
        "https://me:secret@example.org/a/b",
        "https://secret@example.org/a/b",
        "https://example.org/a/b?x",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "file:///etc",
        "ext::sh -c x",
        "--upload-pack=x",
        "https://example.org:99999/a/b",
    ],
)
def test_address_a_token_must_not_be_sent_to_is_refused_without_showing_a_password(url):
    with pytest.raises(ForgeRefused) as refused:
        check_address(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["https://git.example.org/a/b", "https://[2001:db8::1]:8443/a/b.git"])
def test_address_over_https_is_taken(url):
    assert check_address(url) == url


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "tök"])
def test_token_that_is_none_is_refused(token):
    with pytest.raises(ForgeRefused, match="token is missing"):
        Remote("https://example.org/a/b", token)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("fatal: unable to access 'x': Could not resolve host: example.org", ForgeDown),
        ("error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503", ForgeDown),
        ("fatal: the remote end hung up unexpectedly", ForgeDown),
        ("! a:b [remote rejected] (cannot lock ref 'refs/heads/b')", ForgeDown),
        ("! a:b [remote rejected] (Internal Server Error)", ForgeDown),
        ("something nobody has seen yet", ForgeDown),
        ("", ForgeDown),
        ("! a:b [rejected] (stale info)", BranchTaken),
        ("remote: Permission to a/b.git denied to c.\nfatal: ... returned error: 403", ForgeRefused),
        (
            "remote: error: GH013: Repository rule violations\n! a:b [remote rejected] (push declined)",
            ForgeRefused,
        ),
        ("fatal: Authentication failed for 'https://x/'", ForgeRefused),
        ("fatal: unable to access 'x': server certificate verification failed", ForgeRefused),
        ("remote: Repository not found.\nfatal: repository 'x' not found", ForgeRefused),
    ],
)
def test_what_git_says_is_later_or_never(said, kind):
    assert type(told("https://example.org/a/b", said)) is kind


@given(st.text())
def test_whatever_git_says_is_one_short_line(said):
    error = told("https://example.org/a/b", said)
    assert isinstance(error, ForgeDown | ForgeRefused)
    assert len(str(error)) < 500
    assert len(str(error).splitlines()) == 1


@given(st.text())
def test_address_that_is_taken_is_https_without_credentials(text):
    try:
        url = check_address(text)
    except ForgeRefused:
        return
    assert url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]"))
    assert "@" not in url.split("/")[2]
