"""The desk: what an editor does with a proposal, and what they did with git alone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from plugins.desk import Origin, ProposalRefused
from plugins.desk.desk import Desk, NeedsYes
from plugins.desk.own import text_digest
from plugins.guard.document import read_document
from plugins.guard.finding import ContentRefused
from plugins.stories import check_content

from .proposals import AT, ID, a_proposal, story_text

FOLDER = "content/stories/the-bell-at-four"


@pytest.fixture
def desk(repository):
    desk = Desk(repository.root, {}, {}, clock=lambda: AT.timestamp() + 3600)
    yield desk
    desk.close()


def edit(git, text, branch=f"story/{ID}", name=f"{FOLDER}/index.md"):
    """An editor's commit on the proposal's branch, without leaving main."""
    root = git("rev-parse", "--show-toplevel")
    git("worktree", "add", "-q", f"{root}/var/edit", branch)
    (Path(root) / "var" / "edit" / name).write_bytes(text)
    git("-C", "var/edit", "commit", "-qam", "Edit")
    git("worktree", "remove", "--force", "var/edit")


EDITED = story_text("It rang at five, and everybody went.\n")


def test_it_waits_and_is_published_on_the_site(desk, repository, git):
    desk.propose(a_proposal())
    (row,) = desk.waiting()
    assert (row.title, row.name, row.state, row.wrong) == ("The bell at four", "Ada Brook", "waiting", 0)
    commit = desk.publish(ID, by="ivo-marsh")
    assert git("rev-parse", "main") == commit
    assert git("status", "--porcelain") == ""
    assert git("show", "--format=", "--name-status", commit) == f"A\t{FOLDER}/index.md"
    assert desk.waiting() == []
    assert git("branch", "--list", "story/*") == ""
    repository.build()
    assert "It rang at four" in repository.page("stories/the-bell-at-four/")
    assert [(event.kind, event.by) for event in desk.history(ID)] == [
        ("opened", ""),
        ("published", "ivo-marsh"),
    ]
    with pytest.raises(ProposalRefused, match="published already"):
        desk.publish(ID)


def test_a_repository_of_longer_ids(site, git):
    git("init", "-q", "--object-format=sha256")
    (site.root / ".gitignore").write_text("var/\n__pycache__/\n")
    git("add", "-A")
    git("commit", "-qm", "The site")
    desk = Desk(site.root, {}, {})
    link = desk.propose(a_proposal())
    desk.forge.say(link, "Hello.")
    desk.publish(ID)
    desk.withdraw("the-bell-at-four")
    desk.close()
    assert git("status", "--porcelain") == ""


def test_longest_waiting_first(desk):
    for day, id in ((3, "2026-11-22-aaaa"), (1, "2026-11-22-cccc"), (2, "2026-11-22-bbbb")):
        origin = Origin("form", "Ada Brook", "", AT.replace(day=day))
        desk.propose(a_proposal(id, f"story-{day}", origin=origin))
    assert [row.slug for row in desk.waiting()] == ["story-1", "story-2", "story-3"]


def test_proposed_again_it_is_the_same(desk, git):
    first = desk.propose(a_proposal())
    assert desk.propose(a_proposal()) == first
    assert [event.kind for event in desk.history(ID)] == ["opened"]
    assert len(git("for-each-ref", "refs/heads/story").splitlines()) == 1


@pytest.mark.parametrize("after", ["row", "branch"])
def test_killed_between_two_steps_it_is_opened_once(desk, git, monkeypatch, after):
    """The row comes first, then the branch, then the row says so."""
    opened = desk.forge.open

    def killed(proposal):
        if after == "branch":
            opened(proposal)
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.forge, "open", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.propose(a_proposal())
    monkeypatch.setattr(desk.forge, "open", opened)
    desk.propose(a_proposal())
    assert len(git("for-each-ref", "refs/heads/story").splitlines()) == 1
    assert [row.id for row in desk.waiting()] == [ID]


def test_an_address_that_is_taken_gets_a_number(desk):
    desk.propose(a_proposal(slug="the-first-day"))
    desk.propose(a_proposal("2026-11-22-bbbb", slug="the-first-day"))
    assert [row.slug for row in desk.waiting()] == ["the-first-day-2", "the-first-day-3"]


def test_edited_without_a_yes_it_is_refused_and_after_it_is_live(desk, repository, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    with pytest.raises(NeedsYes, match=r"desk\.ask"):
        desk.publish(ID)
    assert git("rev-list", "--count", "main") == "1"
    assert not (repository.root / FOLDER).exists()
    shown = text_digest(desk.files(ID))
    desk.asked(ID, "ivo-marsh", shown, "Is it right so?")
    with pytest.raises(NeedsYes, match="has not answered yet"):
        desk.publish(ID)
    desk.answered(ID, "yes", "Yes!", shown)
    assert desk.waiting()[0].state == "agreed"
    desk.publish(ID)
    repository.build()
    assert "It rang at five" in repository.page("stories/the-bell-at-four/")
    assert [event.kind for event in desk.history(ID)] == ["opened", "edited", "asked", "agreed", "published"]


def test_what_was_before_the_edit_is_in_no_public_history(desk, git):
    desk.propose(a_proposal(text=story_text("My sister's name is Rosamund.\n")))
    edit(git, EDITED)
    desk.publish(ID, typo=True)
    assert "Rosamund" not in git("log", "--all", "-p")


def test_an_edit_after_the_yes_needs_another(desk, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    shown = text_digest(desk.files(ID))
    desk.asked(ID, "ivo-marsh", shown)
    desk.answered(ID, "yes", "", shown)
    edit(git, story_text("It rang at six.\n"))
    with pytest.raises(NeedsYes):
        desk.publish(ID)
    assert desk.waiting()[0].state == "waiting"


def test_a_no_is_a_no(desk, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    shown = text_digest(desk.files(ID))
    desk.asked(ID, "ivo-marsh", shown)
    desk.answered(ID, "no", "I never said five.", shown)
    assert desk.history(ID)[-1].words == "I never said five."
    with pytest.raises(NeedsYes):
        desk.publish(ID)


def test_a_yes_to_another_text_is_none(desk, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    with pytest.raises(ProposalRefused, match="another text"):
        desk.answered(ID, "yes", "", text_digest(desk.files(ID)))
    with pytest.raises(ProposalRefused, match="edited meanwhile"):
        desk.asked(ID, "ivo-marsh", "0" * 64)


@pytest.mark.parametrize(
    "changes",
    [{"category": "The yard"}, {"tags": ["one", "two"]}, {"answers": "ivo-marsh"}, {"status": None}],
)
def test_what_is_an_editors_to_fill_in_needs_no_yes(desk, git, changes):
    desk.propose(a_proposal())
    edit(git, story_text(**changes))
    desk.publish(ID)
    assert desk.waiting() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"summary": "Another."},
        {"relationship": "paid"},
        {
            "consent": {
                "given": "2026-11-22",
                "version": 1,
                "name": "full",
                "channels": ["site", "syndication"],
            }
        },
    ],
)
def test_what_is_the_storytellers_own_needs_their_yes(desk, git, changes):
    desk.propose(a_proposal())
    edit(git, story_text(**changes))
    with pytest.raises(NeedsYes):
        desk.publish(ID)
    desk.publish(ID, typo=True)


def test_what_the_check_refuses_is_not_published(desk, git, repository):
    desk.propose(a_proposal(text=story_text(consent=None)))
    assert desk.waiting()[0].wrong == 1
    with pytest.raises(ContentRefused, match="no consent"):
        desk.publish(ID)
    assert git("rev-list", "--count", "main") == "1"
    assert not (repository.root / FOLDER).exists()


def test_a_storyteller_nobody_knows_yet_gets_a_page(desk, repository, git):
    origin = Origin("form", 'Rosa "Ro" Lind\n---\nkind: staff', "", AT)
    desk.propose(a_proposal(text=story_text(author="rosa-lind", relationship="member"), origin=origin))
    desk.publish(ID)
    front = read_document(repository.content / "people" / "rosa-lind.md").front
    assert front == {"name": 'Rosa "Ro" Lind --- kind: staff', "kind": "member"}
    repository.build()
    assert "Rosa" in repository.page("people/rosa-lind/")


def test_nobody_comes_in_under_a_name_that_looks_like_staff(desk, repository, git):
    name = "Ada Br\u043eok"  # with a Cyrillic o
    text = story_text(author="ada-br-ok")
    desk.propose(a_proposal(text=text, origin=Origin("form", name, "", AT)))
    with pytest.raises(ContentRefused, match="looks like 'Ada Brook' of the staff"):
        desk.publish(ID)
    assert not (repository.content / "people" / "ada-br-ok.md").exists()
    assert git("status", "--porcelain") == ""


def test_an_editors_uncommitted_work_stays_through_it_all(desk, repository, git):
    desk.propose(a_proposal())
    page = repository.write("pages/new.md", "half a page")
    git("add", "content/pages/new.md")
    page.write_text("half a page more")
    promise = repository.content / "pages" / "promise.md"
    promise.write_text(promise.read_text() + "\nMore.\n")
    before = git("status", "--porcelain=v2")
    desk.publish(ID)
    assert git("status", "--porcelain=v2") == before
    desk.withdraw("the-bell-at-four")
    assert git("status", "--porcelain=v2") == before
    assert page.read_text() == "half a page more"


def test_on_another_branch_it_is_published_there(desk, git):
    desk.propose(a_proposal())
    git("switch", "-qc", "redesign")
    commit = desk.publish(ID)
    assert git("rev-parse", "redesign") == commit
    assert git("rev-parse", "main") != commit


def test_not_while_the_proposal_itself_is_checked_out(desk, git):
    desk.propose(a_proposal())
    git("switch", "-q", f"story/{ID}")
    with pytest.raises(Exception, match="Switch to the site"):
        desk.publish(ID)
    git("switch", "-q", "main")
    desk.publish(ID)


def test_nothing_is_left_where_git_is_at_work(desk, repository, git):
    desk.propose(a_proposal())
    lock = repository.root / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(Exception, match="Another git command"):
        desk.publish(ID)
    assert not (repository.root / FOLDER).exists()
    lock.unlink()
    desk.publish(ID)


@pytest.mark.parametrize("how", [["--no-ff", "--no-edit"], ["--squash"]])
def test_merged_with_git_it_is_published_all_the_same(desk, repository, git, how):
    desk.propose(a_proposal())
    git("merge", "-q", *how, f"story/{ID}")
    if "--squash" in how:
        git("commit", "-q", "-m", "A story")
    assert desk.waiting() == []
    assert desk.show(ID).row.state == "published"
    repository.build()
    assert "It rang at four" in repository.page("stories/the-bell-at-four/")


def test_on_a_branch_without_it_nothing_published_counts_as_taken_back(desk, git):
    desk.propose(a_proposal())
    git("branch", "old")
    desk.publish(ID)
    git("switch", "-q", "old")
    assert desk.waiting() == []
    assert desk.show(ID).row.state == "published"


def test_merged_and_deleted_it_is_found_wherever_the_editor_is(desk, git):
    desk.propose(a_proposal())
    git("branch", "old")
    git("merge", "-q", "--no-ff", "--no-edit", f"story/{ID}")
    git("branch", "-qD", f"story/{ID}")
    git("switch", "-q", "old")
    desk.waiting()
    assert desk.show(ID).row.state == "gone"
    git("switch", "-q", "main")
    assert desk.waiting() == []
    assert desk.show(ID).row.state == "published"


def test_taken_back_by_hand_it_is_taken_back(desk, repository, git):
    desk.propose(a_proposal())
    desk.publish(ID)
    git("rm", "-rq", FOLDER)
    repository.write("withdrawn.toml", '[[withdrawn]]\nslug = "the-bell-at-four"\non = 2026-11-23\n')
    git("add", "-A")
    git("commit", "-qm", "Taken back")
    desk.waiting()
    assert desk.history(ID)[-1].kind == "withdrawn"


def test_what_stays_as_it_came_is_not_looked_at_again(desk, monkeypatch):
    desk.propose(a_proposal())
    monkeypatch.setattr(desk.forge, "files", lambda link: pytest.fail("looked at again"))
    assert [row.id for row in desk.waiting()] == [ID]


def test_merged_with_git_and_unknown_its_storyteller_is_asked_for(desk, repository, git):
    desk.propose(a_proposal(text=story_text(author="rosa-lind"), origin=Origin("form", "Rosa Lind", "", AT)))
    git("merge", "-q", "--no-edit", f"story/{ID}")
    (row,) = desk.waiting()
    assert "makes its storyteller a file" in row.problem
    desk.publish(ID)
    assert desk.waiting() == []
    assert git("status", "--porcelain") == ""
    repository.build()
    assert "Rosa Lind" in repository.page("people/rosa-lind/")


def test_merged_with_git_and_not_known_here_the_site_is_built_all_the_same(desk, repository, git):
    """As a forge's own pages merge it, with nobody at the desk."""
    consent = {"given": datetime.date(2026, 11, 22), "version": 1, "name": "full", "receipt": "7f3a"}
    text = story_text(author="rosa-lind", relationship="member", consent={**consent, "shown_as": "Rosa Lind"})
    desk.propose(a_proposal(text=text, origin=Origin("form", "Rosa Lind", "7f3a", AT)))
    git("merge", "-q", "--no-edit", f"story/{ID}")
    repository.build()
    assert "Rosa Lind" in repository.page("stories/the-bell-at-four/")
    assert "The bell at four" in repository.page("people/rosa-lind/")
    said = check_content(repository.content)
    assert [(one.level, "Rosa Lind has no file" in one.message) for one in said.findings] == [("hint", True)]
    desk.waiting()
    desk.publish(ID)
    repository.build()
    assert "Rosa Lind" in repository.page("people/rosa-lind/")
    assert (repository.content / "people" / "rosa-lind.md").is_file()


def test_a_newcomer_shows_no_longer_than_their_story_and_is_nobody_of_the_staff(repository):
    consent = "{given: 2026-05-01, version: 1, name: full, receipt: 7f3a, shown_as: %s%s}"
    repository.story("ended", author="rosa-lind", consent=consent % ("Rosa Lind", ", until: 2026-05-02"))
    repository.build()
    assert not {path for path in repository.files() if "rosa-lind" in path}
    repository.story("ended", author="rosa-lind", consent=consent % ("\u0410da Br\u043e\u043ek", ""))
    with pytest.raises(ContentRefused, match="looks like 'Ada Brook' of the staff"):
        repository.build()


def test_a_yes_given_after_the_merge_counts_and_so_does_a_no(desk, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    git("merge", "-q", "--no-edit", f"story/{ID}")
    (row,) = desk.waiting()
    assert f"./inv desk.ask {ID}" in row.problem
    digest = text_digest(desk.files(ID))
    assert desk.asked(ID, "ivo-marsh", digest).state == "published"
    assert "has not agreed to" in desk.answered(ID, "no", "Four, not five.", digest).problem
    assert desk.answered(ID, "yes", "", digest).problem == ""
    assert desk.waiting() == []
    assert [event.kind for event in desk.history(ID)] == "opened published asked refused agreed".split()
    assert "has not agreed to" in desk.answered(ID, "no", "After all.", digest).problem


def test_merged_with_an_edit_that_nobody_agreed_to_it_stays_on_the_list(desk, git):
    desk.propose(a_proposal())
    edit(git, EDITED)
    git("merge", "-q", "--no-edit", f"story/{ID}")
    (row,) = desk.waiting()
    assert "has not agreed to" in row.problem
    with pytest.raises(NeedsYes):
        desk.publish(ID)
    desk.publish(ID, typo=True)
    assert desk.waiting() == []


def test_merged_and_taken_out_again_before_anybody_looked(desk, git):
    desk.propose(a_proposal())
    git("merge", "-q", "--no-edit", f"story/{ID}")
    git("rm", "-rq", FOLDER)
    git("commit", "-qm", "Out again")
    assert desk.waiting() == []
    assert desk.show(ID).row.state == "published"
    git("branch", "-qD", f"story/{ID}")
    assert desk.waiting() == []
    assert desk.show(ID).story is None


def test_a_branch_made_by_hand_is_at_the_desk(desk, repository, git):
    git("switch", "-qc", "story/2026-11-20-beef")
    repository.story("by-hand")
    git("add", "-A")
    git("commit", "-qm", "A story by hand")
    git("switch", "-q", "main")
    (row,) = desk.waiting()
    assert (row.id, row.slug, row.kind) == ("2026-11-20-beef", "by-hand", "pull request")
    desk.publish("2026-11-20-beef")
    repository.build()
    assert "stories/by-hand/index.html" in repository.files()


def test_a_branch_with_more_than_a_story_says_so(desk, git):
    git("switch", "-qc", "story/2026-11-20-beef")
    git("rm", "-rq", "content/people")
    git("commit", "-qm", "Everybody out")
    git("switch", "-q", "main")
    (row,) = desk.waiting()
    assert "changes 'content/people" in row.problem
    with pytest.raises(ProposalRefused):
        desk.publish("2026-11-20-beef")


def test_a_branch_that_also_takes_another_story_away_says_so(desk, git):
    desk.propose(a_proposal())
    git("switch", "-q", f"story/{ID}")
    git("rm", "-rq", "content/stories/the-first-day")
    git("commit", "-qm", "And one out")
    git("switch", "-q", "main")
    (row,) = desk.waiting()
    assert "2 story folders" in row.problem
    desk.decline(ID, "Not with that.")
    assert desk.waiting() == []


def test_another_proposals_address_is_never_overwritten(desk, repository, git):
    desk.propose(a_proposal())
    repository.story("the-bell-at-four", body="Somebody else's.\n")
    git("add", "-A")
    git("commit", "-qm", "Another")
    with pytest.raises(ProposalRefused, match="another story's address"):
        desk.publish(ID)
    assert "Somebody else's" in (repository.root / FOLDER / "index.md").read_text()


def test_declined_with_a_reason(desk, git):
    desk.propose(a_proposal())
    with pytest.raises(ProposalRefused, match="Say why"):
        desk.decline(ID, " ")
    desk.decline(ID, "We tell no stories about bells.", by="ivo-marsh")
    assert desk.waiting() == []
    last = desk.history(ID)[-1]
    assert (last.kind, last.by, last.words) == ("declined", "ivo-marsh", "We tell no stories about bells.")
    assert git("branch", "--list", "story/*") == ""


def test_taken_back_before_it_was_published(desk, git):
    desk.propose(a_proposal())
    assert desk.withdrawn_by_teller(ID, "I changed my mind.").state == "withdrawn"
    assert git("branch", "--list", "story/*") == ""
    assert desk.waiting() == []


def test_forgotten(desk):
    desk.propose(a_proposal())
    assert desk.by_receipt("7f3a").id == ID
    desk.decline(ID, "No.")
    desk.forget(ID)
    assert desk.by_receipt("7f3a") is None
    assert desk.history(ID) == []


def test_an_id_that_is_none(desk):
    for id in ("../../etc", "2026-11-22-3fa9", "--all"):
        with pytest.raises(ProposalRefused, match=r"\./inv desk"):
            desk.show(id)
