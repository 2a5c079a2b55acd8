"""The site's own repository as a forge: what it keeps, what it refuses, and what an editor does meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugins.desk import ForgeRefused, ProposalLink, ProposalRefused, forge_of
from plugins.desk.local import LocalForge

from .proposals import ID, a_proposal, story_text

FOLDER = "content/stories/the-bell-at-four"


@pytest.fixture
def forge(repository):
    return LocalForge(repository.root)


def rows(git, *words):
    return git(*words).splitlines()


def test_opens_one_branch_with_one_commit_and_one_folder(forge, git):
    link = forge.open(a_proposal(files={"bell.jpg": b"\xff\xd8photo\r\n"}))
    assert link == ProposalLink(ID, f"story/{ID}", "", None)
    assert rows(git, "rev-list", f"main..{link.branch}") == [git("rev-parse", link.branch)]
    changed = rows(git, "diff-tree", "-r", "--name-status", "main", link.branch)
    assert changed == [f"A\t{FOLDER}/bell.jpg", f"A\t{FOLDER}/index.md"]
    assert forge.files(link) == a_proposal(files={"bell.jpg": b"\xff\xd8photo\r\n"}).story
    assert forge.state(link) == "waiting"
    assert [found.branch for found in forge.all()] == [link.branch]
    assert git("fsck", "--strict") == ""


def test_what_an_editor_is_in_the_middle_of_stays(forge, git, repository):
    page = repository.write("pages/new.md", "half a page")
    git("add", "content/pages/new.md")
    page.write_text("half a page more")
    before = git("status", "--porcelain=v2", "--branch")
    forge.open(a_proposal())
    assert git("status", "--porcelain=v2", "--branch") == before


def test_opened_twice_it_is_one(forge, git):
    first = forge.open(a_proposal())
    tip = git("rev-parse", first.branch)
    assert forge.open(a_proposal()) == first
    assert git("rev-parse", first.branch) == tip
    with pytest.raises(ForgeRefused, match="another story"):
        forge.open(a_proposal(text=story_text("Something else.\n")))


def test_opened_again_after_an_editor_has_edited_it_stays_edited(forge, git):
    link = forge.open(a_proposal())
    edit(git, link, "index.md", story_text("Edited.\n").decode())
    tip = git("rev-parse", link.branch)
    assert forge.open(a_proposal()) == link
    assert git("rev-parse", link.branch) == tip
    assert b"Edited." in forge.files(link).files["index.md"]
    assert b"It rang" in forge.first(link).files["index.md"]


def edit(git, link, name, text, folder=FOLDER):
    """What an editor does: switch, edit, commit, switch back."""
    root = git("rev-parse", "--show-toplevel")
    git("switch", "-q", link.branch)
    (path := Path(root) / folder / name).parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    git("add", "-A")
    git("commit", "-q", "-m", "Edit")
    git("switch", "-q", "main")


def test_fifty_at_once_are_fifty(forge, git):
    ids = [f"2026-11-22-{number:04x}" for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        links = list(pool.map(lambda id: forge.open(a_proposal(id, f"story-{id[-4:]}")), ids))
    assert sorted(link.id for link in links) == ids
    assert [link.id for link in forge.all()] == ids
    assert all(forge.files(link).slug == f"story-{link.id[-4:]}" for link in links)


def test_one_id_taken_by_many_at_once_is_opened_once(forge, git):
    with ThreadPoolExecutor(8) as pool:
        links = list(pool.map(forge.open, [a_proposal()] * 12))
    assert set(links) == {ProposalLink(ID, f"story/{ID}")}
    assert rows(git, "rev-list", f"main..story/{ID}", "--count") == ["1"]


def test_works_while_another_proposal_is_checked_out(forge, git):
    other = forge.open(a_proposal("2026-11-21-aaaa", "another"))
    git("switch", "-q", other.branch)
    link = forge.open(a_proposal())
    assert forge.files(link).slug == "the-bell-at-four"
    assert {found.id for found in forge.all()} == {ID, other.id}


@pytest.mark.parametrize("how", [["--no-ff", "--no-edit"], ["--ff-only"], ["--squash"]])
def test_a_merge_by_hand_is_found(forge, git, how):
    link = forge.open(a_proposal())
    git("merge", "-q", *how, link.branch)
    if how == ["--squash"]:
        git("commit", "-q", "-m", "A story")
    assert forge.state(link) == "published"
    forge.close(link, "")
    assert git("branch", "--list", "story/*") == ""
    assert forge.state(link) == "published"
    git("rm", "-rq", FOLDER)
    git("commit", "-q", "-m", "Taken back")
    assert forge.state(link) == "withdrawn"


def test_merged_and_its_branch_deleted_by_hand(forge, git):
    link = forge.open(a_proposal())
    edit(git, link, "index.md", story_text("Edited.\n").decode())
    git("merge", "-q", "--no-ff", "--no-edit", link.branch)
    git("branch", "-D", link.branch)
    assert forge.state(link) == "published"
    assert forge.all() == []


def test_a_branch_deleted_by_hand_is_gone(forge, git):
    link = forge.open(a_proposal())
    git("branch", "-D", link.branch)
    assert forge.state(link) == "gone"
    assert forge.state(ProposalLink("2026-01-01-0000", "story/2026-01-01-0000")) == "gone"


def test_declined_it_keeps_the_words_and_not_the_story(forge, git):
    link = forge.open(a_proposal())
    forge.say(link, "Who was there?")
    forge.say(link, "And when?")
    assert git("cat-file", "blob", f"refs/firsthand/words/{ID}") == "Who was there?\n\nAnd when?"
    forge.close(link, "Not for here.")
    forge.close(link, "Said twice.")
    assert forge.state(link) == "declined"
    assert git("cat-file", "blob", f"refs/firsthand/declined/{ID}") == "Not for here."
    assert git("for-each-ref", "refs/heads/story", "refs/firsthand/open") == ""


def test_a_branch_that_is_checked_out_is_not_deleted(forge, git):
    link = forge.open(a_proposal())
    git("switch", "-q", link.branch)
    with pytest.raises(ForgeRefused, match="checked out"):
        forge.close(link, "")


@pytest.mark.parametrize("path", ["content/pages/about.md", ".github/workflows/x.yml", f"{FOLDER}/a/b.jpg"])
def test_files_beside_the_story_are_refused(forge, git, path):
    link = forge.open(a_proposal())
    folder, _, name = path.rpartition("/")
    edit(git, link, name, "x", folder)
    with pytest.raises(ProposalRefused, match="changes"):
        forge.files(link)


def test_a_link_is_refused(forge, git, repository):
    link = forge.open(a_proposal())
    git("switch", "-q", link.branch)
    (repository.root / FOLDER / "passwd.jpg").symlink_to("/etc/passwd")
    git("add", "-A")
    git("commit", "-q", "-m", "A link")
    git("switch", "-q", "main")
    with pytest.raises(ProposalRefused, match=r"passwd\.jpg"):
        forge.files(link)


def test_two_stories_are_refused(forge, git):
    link = forge.open(a_proposal())
    edit(git, link, "index.md", story_text().decode(), "content/stories/another")
    with pytest.raises(ProposalRefused, match="2 story folders"):
        forge.files(link)


def test_a_story_that_got_another_address_is_followed(forge, git):
    link = forge.open(a_proposal())
    git("switch", "-q", link.branch)
    git("mv", FOLDER, "content/stories/the-bell")
    git("commit", "-q", "-m", "Shorter")
    git("switch", "-q", "main")
    assert forge.files(link).slug == "the-bell"


def test_an_address_that_is_taken_is_refused(forge, repository, git):
    repository.story("the-bell-at-four")
    git("add", "-A")
    git("commit", "-q", "-m", "Another")
    with pytest.raises(ForgeRefused, match="there already"):
        forge.open(a_proposal())


def test_nothing_of_a_text_reaches_a_name(forge, git):
    hostile = story_text(title="x\n--upload-pack=/bin/sh $(id) ../../etc")
    link = forge.open(a_proposal(text=hostile, summary="\x1b[31m @team #1 https://example.org"))
    message = git("log", "-1", "--format=%B", link.branch)
    assert "@team" not in message
    assert "://example" not in message
    assert "\x1b" not in message
    assert git("for-each-ref", "--format=%(refname)", "refs/heads/story") == f"refs/heads/story/{ID}"


def test_a_folder_without_git_says_what_to_do(tmp_path):
    with pytest.raises(ForgeRefused, match="git init"):
        LocalForge(tmp_path)


def test_a_repository_without_commits_says_what_to_do(site, git):
    git("init", "-q")
    with pytest.raises(ForgeRefused, match="no commits yet"):
        LocalForge(site.root).open(a_proposal())


def test_without_the_git_command(site, git, monkeypatch):
    git("init", "-q")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ForgeRefused, match="not installed"):
        LocalForge(site.root)


def test_a_site_in_a_folder_of_its_repository(site, git, tmp_path):
    git("init", "-q", cwd=tmp_path)
    git("add", "small", cwd=tmp_path)
    git("commit", "-q", "-m", "The site", cwd=tmp_path)
    link = LocalForge(site.root).open(a_proposal())
    changed = git("diff-tree", "-r", "--name-only", "main", link.branch, cwd=tmp_path)
    assert changed == f"small/{FOLDER}/index.md"
    assert LocalForge(site.root).files(link) == a_proposal().story


def test_no_hook_of_the_repository_runs(forge, repository, git):
    hook = repository.root / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert forge.open(a_proposal()).id == ID


def test_the_table_of_forges(repository):
    assert isinstance(forge_of(repository.root, {}, {}), LocalForge)
    with pytest.raises(ForgeRefused, match="Choose one of: local, github"):
        forge_of(repository.root, {"FIRSTHAND_FORGE": "svn"}, {})
