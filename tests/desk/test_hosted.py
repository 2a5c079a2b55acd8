"""GitHub, GitLab and Forgejo: proposals opened, edited, remarked on and closed, and every way to fail."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from plugins.desk.desk import Desk, NeedsYes
from plugins.desk.forge import ForgeDown, ForgeRefused, forge_of
from plugins.desk.forges.hosted import Hosted
from plugins.desk.local import LocalForge
from plugins.desk.own import text_digest
from plugins.desk.proposal import ProposalLink, ProposalRefused
from plugins.submissions import Outbox, Submission
from plugins.submissions.delivery import LONGEST_WAIT, deliver
from tests.conftest import Site

from .doubles import DOUBLES, Asked, Double
from .hosting import Line, env_of, hosted, once
from .proposals import AT, ID, a_proposal, story_text
from .smart_http import SmartHttp, have_backend

pytestmark = pytest.mark.skipif(not have_backend(), reason="this git came without http-backend")
BRANCH = f"story/{ID}"
# What git does is the same whatever the calls are: once is enough.
ONE = pytest.mark.parametrize("forge", ["github"], indirect=True)
PHOTO = b"\xff\xd8\xff\xe0 a photograph"


@dataclass
class Forge:
    """The forge under test, and what stands behind it."""

    kind: str
    desk: Hosted
    double: Double
    line: Line
    server: SmartHttp
    bare: Path
    site: Site

    def git(self, *words: str, stdin: str = "") -> str:
        command = ["git", "-C", str(self.bare), *words]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout.strip()

    def branches(self) -> list[str]:
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def edit(self, branch: str, path: str, text: str) -> None:
        """An editor changes a file on the forge's own pages."""
        blob = self.git("hash-object", "-w", "--stdin", stdin=text)
        env_index = ["-c", "user.name=Ed", "-c", "user.email=ed@example.org"]
        index = self.bare / "edit-index"
        command = ["env", f"GIT_INDEX_FILE={index}", "git", "-C", str(self.bare)]
        for words in (
            ["read-tree", branch],
            ["update-index", "--add", "--cacheinfo", f"100644,{blob},{path}"],
        ):
            subprocess.run([*command, *words], check=True)
        tree = subprocess.run(
            [*command, "write-tree"], capture_output=True, text=True, check=True
        ).stdout.strip()
        commit = self.git(*env_index, "commit-tree", tree, "-p", branch, "-m", "An edit")
        self.git("update-ref", f"refs/heads/{branch}", commit)

    def merge(self) -> None:
        """An editor merges on the forge's own pages, which takes the branch away."""
        self.git("update-ref", "refs/heads/main", f"refs/heads/{BRANCH}")
        self.git("update-ref", "-d", f"refs/heads/{BRANCH}")
        self.double.pulls[0].state = "merged"


@pytest.fixture(params=sorted(DOUBLES))
def forge(request: pytest.FixtureRequest, repository: Site, tmp_path: Path) -> Iterator[Forge]:
    server = SmartHttp(tmp_path / "served")
    bare = server.repository("jo/desk", repository.root)
    double = DOUBLES[request.param]()
    line = Line(double.described, double.base, double)
    desk = hosted(request.param, repository, server, line)
    yield Forge(request.param, desk, double, line, server, bare, repository)
    server.close()


def again(forge: Forge) -> Hosted:
    """The same forge for a process that knows nothing of the first, on a machine that lost its mirror."""
    subprocess.run(["rm", "-rf", str(forge.site.root / "var")], check=True)
    return hosted(forge.kind, forge.site, forge.server, forge.line)


def test_one_branch_with_one_commit_and_one_pull_request_told_to_an_editor(forge, git):
    link = forge.desk.open(a_proposal(files={"bell.jpg": PHOTO}))
    (pull,) = forge.double.pulls
    assert (link.id, link.branch, link.number) == (ID, BRANCH, 1)
    assert link.url.startswith("https://")
    assert (pull.branch, pull.into, pull.title) == (BRANCH, "main", "Story: The bell at four")
    assert "**What the check says**" in pull.words
    assert f"./inv desk.publish {ID}" in pull.words
    assert forge.git("rev-list", "--count", f"main..{BRANCH}") == "1"
    changed = forge.git("diff", "--name-status", "main", BRANCH).splitlines()
    folder = "content/stories/the-bell-at-four"
    assert changed == [f"A\t{folder}/bell.jpg", f"A\t{folder}/index.md"]
    assert forge.desk.files(link).files["bell.jpg"] == PHOTO
    assert forge.desk.state(link) == "waiting"
    assert forge.desk.all() == [link]


@ONE
def test_nothing_private_reaches_the_sites_own_repository(forge, git):
    before = set(git("rev-list", "--objects", "--all", "--reflog").split()), git("count-objects", "-v")
    forge.desk.open(a_proposal())
    after = set(git("rev-list", "--objects", "--all", "--reflog").split()), git("count-objects", "-v")
    assert after == before
    assert git("status", "--porcelain") == ""
    assert (forge.site.root / "var").stat().st_mode & 0o077 == 0


def test_asked_twice_it_opens_once(forge):
    first = forge.desk.open(a_proposal())
    assert forge.desk.open(a_proposal()) == first
    assert again(forge).open(a_proposal()) == first
    assert len(forge.double.pulls) == 1


@ONE
@pytest.mark.parametrize("lost", [False, True], ids=["same machine", "mirror lost"])
def test_cut_off_between_branch_and_pull_request_it_goes_on(forge, lost):
    forge.line.faults.append(once("POST", lambda _: httpx.Response(502)))
    with pytest.raises(ForgeDown):
        forge.desk.open(a_proposal())
    assert BRANCH in forge.branches()
    forge.edit(BRANCH, "content/stories/the-bell-at-four/index.md", story_text("Edited.\n").decode())
    link = (again(forge) if lost else forge.desk).open(a_proposal())
    assert len(forge.double.pulls) == 1
    assert b"Edited." in forge.desk.files(link).files["index.md"]


def test_two_who_open_at_once_open_once(forge):
    def quicker(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST":
            forge.double.pulls.append(Asked(1, "Story", "", BRANCH, "main"))
        return None

    forge.line.faults.append(quicker)
    link = forge.desk.open(a_proposal())
    assert (link.number, len(forge.double.pulls)) == (1, 1)


def test_duplicate_that_no_list_shows_yet_is_told_as_a_conflict(forge):
    status = 422 if forge.kind == "github" else 409
    answer = forge.double.already(BRANCH)
    assert answer.status_code == status
    forge.line.faults.append(once("POST", lambda _: answer))
    with pytest.raises(ForgeRefused, match="already exists"):
        forge.desk.open(a_proposal())


@ONE
def test_branch_that_holds_another_story_is_left_alone(forge):
    forge.desk.open(a_proposal())
    forge.double.pulls.clear()
    with pytest.raises(ForgeRefused, match="with another story"):
        again(forge).open(a_proposal(slug="another-bell"))
    assert forge.double.pulls == []


@pytest.mark.parametrize(
    ("method", "answer", "wait"),
    [
        ("GET", httpx.Response(500), None),
        ("POST", httpx.Response(503, headers={"Retry-After": "120"}), 120.0),
        ("POST", httpx.Response(403, headers={"Retry-After": "60"}), 60.0),
    ],
    ids=["500", "503", "403"],
)
def test_forge_that_fails_is_down_and_later_opens_once(forge, method, answer, wait):
    forge.line.strict = False
    forge.line.faults.append(once(method, lambda _: answer))
    with pytest.raises(ForgeDown) as down:
        forge.desk.open(a_proposal())
    assert down.value.retry_after == wait
    forge.desk.open(a_proposal())
    assert len(forge.double.pulls) == 1
    assert forge.git("rev-list", "--count", f"main..{BRANCH}") == "1"


@ONE
def test_answer_lost_on_the_way_opens_once(forge):
    def lost(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        forge.double(request)
        raise httpx.ReadTimeout("nothing came back", request=request)

    forge.line.faults.append(lost)
    with pytest.raises(ForgeDown, match="nothing came back"):
        forge.desk.open(a_proposal())
    forge.line.faults.clear()
    assert forge.desk.open(a_proposal()).number == 1
    assert len(forge.double.pulls) == 1


def test_forge_that_is_down_for_a_minute_gets_everything_afterwards(forge):
    """Five proposals tried while every call fails in one of three ways; then each opens once."""
    forge.line.strict = False
    failing: list[Any] = [httpx.Response(500), httpx.Response(403, headers={"Retry-After": "60"}), None]
    ids = [f"2026-11-22-{number:08x}" for number in range(5)]
    for turn in range(6):

        def broken(request: httpx.Request, turn: int = turn) -> httpx.Response:
            found = failing[turn % len(failing)]
            if found is None:
                raise httpx.ConnectError("refused", request=request)
            return found

        forge.line.faults[:] = [broken] * 20
        with pytest.raises(ForgeDown):
            forge.desk.open(a_proposal(ids[turn % len(ids)], slug=f"bell-{turn % len(ids)}"))
    forge.line.faults.clear()
    links = [forge.desk.open(a_proposal(id, slug=f"bell-{number}")) for number, id in enumerate(ids)]
    assert sorted(forge.branches()) == sorted(["main", *(link.branch for link in links)])
    assert sorted(pull.branch for pull in forge.double.pulls) == sorted(link.branch for link in links)


def test_editors_edit_and_merge_on_the_forges_own_pages(forge):
    link = forge.desk.open(a_proposal())
    forge.edit(BRANCH, "content/stories/the-bell-at-four/index.md", story_text("Edited.\n").decode())
    assert b"Edited." in forge.desk.files(link).files["index.md"]
    assert b"It rang" in forge.desk.first(link).files["index.md"]
    forge.merge()
    assert forge.desk.state(link) == "published"
    assert b"Edited." in forge.desk.files(link).files["index.md"]
    assert forge.desk.all() == []
    assert forge.desk.open(a_proposal()) == link  # a delivery that comes late opens nothing


@ONE
def test_last_edit_before_a_merge_is_what_counts(forge):
    link = forge.desk.open(a_proposal())
    forge.desk.files(link)
    forge.edit(BRANCH, "content/stories/the-bell-at-four/index.md", story_text("At the last.\n").decode())
    forge.merge()
    assert b"At the last." in forge.desk.files(link).files["index.md"]


@ONE
def test_what_moved_is_seen_at_one_look(forge):
    link = forge.desk.open(a_proposal())
    assert forge.desk.tips() == {ID: forge.desk.tip(ID)} == {ID: forge.git("rev-parse", BRANCH)}
    forge.edit(BRANCH, "content/stories/the-bell-at-four/index.md", story_text("Edited.\n").decode())
    before = len(forge.server.asked)
    assert forge.desk.tips() == {ID: forge.git("rev-parse", BRANCH)}
    assert len([path for _, path, _ in forge.server.asked[before:] if "upload-pack" in path]) <= 2
    forge.desk.close(link, "No.")
    assert (forge.desk.tips(), forge.desk.tip(ID)) == ({}, "")


@pytest.fixture
def office(forge: Forge) -> Iterator[Desk]:
    found = Desk(forge.site.root, {}, {}, clock=lambda: AT.timestamp() + 3600)
    found.forge = forge.desk
    yield found
    found.close()


def test_desk_publishes_what_was_edited_there_after_its_storytellers_yes(forge, office, git):
    office.propose(a_proposal())
    (row,) = office.waiting()
    assert (row.state, row.number, row.wrong) == ("waiting", 1, 0)
    forge.edit(BRANCH, "content/stories/the-bell-at-four/index.md", story_text("It rang at five.\n").decode())
    office.waiting()
    assert [event.kind for event in office.history(ID)] == ["opened", "edited"]
    with pytest.raises(NeedsYes):
        office.publish(ID)
    digest = text_digest(office.files(ID))
    office.asked(ID, "ivo-marsh", digest)
    office.answered(ID, "yes", digest=digest)
    commit = office.publish(ID)
    assert "It rang at five." in git("show", f"{commit}:content/stories/the-bell-at-four/index.md")
    assert forge.double.pulls[0].state == "closed"
    assert forge.double.pulls[0].remarks == ["Published as stories/the-bell-at-four."]
    assert forge.branches() == ["main"]
    assert office.waiting() == []


@ONE
def test_desk_declines_and_notices_a_merge(forge, office):
    office.propose(a_proposal())
    other = "2026-11-22-11111111"
    office.propose(a_proposal(other, slug="another-bell"))
    office.decline(other, "We have told of that bell already.")
    assert forge.double.pulls[1].remarks == ["We have told of that bell already."]
    forge.merge()
    office.waiting()
    assert office.row(ID).state == "published"
    assert office.row(other).state == "declined"


@ONE
def test_file_beside_the_story_is_refused_when_it_is_read(forge):
    link = forge.desk.open(a_proposal())
    forge.edit(BRANCH, ".github/workflows/mine.yml", "on: push\n")
    with pytest.raises(ProposalRefused, match=r"mine\.yml"):
        forge.desk.files(link)


def test_declined_says_why_once_closes_and_takes_the_branch_away(forge):
    link = forge.desk.open(a_proposal())
    forge.desk.say(link, "An editor reads it.")
    words = "Thank you.\nIt is not for here.\n"
    forge.line.faults.append(
        lambda request: httpx.Response(500) if request.method in ("PATCH", "PUT") else None
    )
    with pytest.raises(ForgeDown):
        forge.desk.close(link, words)
    forge.double.pulls[0].remarks[-1] = words.strip().replace("\n", "\r\n")  # as forges give them back
    forge.desk.close(link, words)
    forge.desk.close(link, words)
    assert len(forge.double.pulls[0].remarks) == 2
    assert forge.desk.state(link) == "declined"
    assert forge.branches() == ["main"]
    mirror = LocalForge(forge.desk.mirror.git.root)
    assert mirror.git.run("for-each-ref", "refs/heads/story", "refs/firsthand") == b""


def test_link_without_a_number_is_found_by_its_branch(forge):
    forge.desk.open(a_proposal())
    bare = ProposalLink(ID, BRANCH)
    assert forge.desk.state(bare) == "waiting"
    forge.desk.say(bare, "Hello.")
    assert forge.double.pulls[0].remarks == ["Hello."]


def test_pull_request_that_is_not_there_is_gone(forge):
    assert forge.desk.state(ProposalLink(ID, BRANCH, "", 77)) == "gone"
    assert forge.desk.state(ProposalLink(ID, BRANCH)) == "gone"
    with pytest.raises(ForgeRefused, match="no pull request"):
        forge.desk.say(ProposalLink(ID, BRANCH, "", 77), "Hello.")


@ONE
def test_number_of_another_branch_is_not_touched(forge):
    forge.desk.open(a_proposal())
    other = ProposalLink("2026-11-22-00000000", "story/2026-11-22-00000000", "", 1)
    for call in (lambda: forge.desk.state(other), lambda: forge.desk.close(other, "No.")):
        with pytest.raises(ForgeRefused, match="of another branch"):
            call()
    assert forge.double.pulls[0].state == "open"


def test_strangers_branch_of_the_same_name_is_nobodys_proposal(forge):
    forge.double.pulls.append(Asked(1, "Mine", "", BRANCH, "main", fork=True))
    assert forge.desk.all() == []
    forge.double.pulls[0].branch = "story/2026-11-22-11111111"
    assert forge.desk.open(a_proposal()).number == 2


def test_many_that_wait_are_all_listed(forge):
    for number in range(120):
        branch = f"story/2026-11-22-{number:08x}"
        forge.double.pulls.append(Asked(number + 1, "Story", "", branch, "main"))
    forge.double.pulls.append(Asked(121, "A change", "", "mend-the-theme", "main"))
    links = forge.desk.all()
    assert [link.id for link in links] == [f"2026-11-22-{number:08x}" for number in range(120)]


def test_few_calls_a_proposal(forge):
    forge.desk.open(a_proposal())
    assert len(forge.line.calls) == 2  # a look and one that makes something


@ONE
def test_api_that_cannot_be_reached_is_down(forge):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = env_of(forge.kind, forge.server, FIRSTHAND_FORGE_API=f"http://127.0.0.1:{port}")
    with pytest.raises(ForgeDown, match="cannot be reached"):
        forge_of(forge.site.root, {}, env).open(a_proposal())


@ONE
def test_eight_at_once_open_each_once(forge):
    ids = [f"2026-11-22-{number:08x}" for number in range(4)] * 2
    failed: list[BaseException] = []

    def deliver(id: str) -> None:
        for _ in range(20):
            try:
                hosted(forge.kind, forge.site, forge.server, forge.line).open(
                    a_proposal(id, slug=f"bell-{id[-1]}")
                )
            except ForgeDown:
                continue
            except BaseException as error:
                failed.append(error)
            return

    threads = [threading.Thread(target=deliver, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(forge.branches()) == sorted({"main", *(f"story/{id}" for id in ids)})
    assert sorted(pull.branch for pull in forge.double.pulls) == sorted({f"story/{id}" for id in ids})


class Clock:
    def __init__(self) -> None:
        self.now = AT.timestamp()

    def __call__(self) -> float:
        return self.now


@ONE
def test_stories_wait_out_a_minute_and_arrive_once_each(forge, office, tell):
    """From the outbox through the desk: the forge is off, then answers 500, then wants fewer calls."""
    clock = Clock()
    outbox = Outbox(office.store, b"a secret of the test", clock)
    for number in range(4):
        sent = {"title": f"Bell {number}", "name": "Jo Hale", "consent": "1", "email": "jo@example.org"}
        outbox.receive(Submission(text="It rang at four, and we went.\n", **sent))
    slow = httpx.Response(403, json={"message": "You have exceeded a secondary rate limit."})

    def failing(request: httpx.Request) -> httpx.Response | None:
        since = clock.now - AT.timestamp()
        if since < 20:
            raise httpx.ConnectError("refused", request=request)
        if since < 40 and request.method == "POST":
            return httpx.Response(500, json={"message": "Server Error"})
        return slow if since < 60 else None

    forge.line.faults[:] = [failing] * 200
    while outbox.pending(clock.now + 10 * LONGEST_WAIT):
        deliver(outbox, office, forge.site.content)
        clock.now += 5
        assert clock.now < AT.timestamp() + 1000
    assert len(forge.double.pulls) == 4
    assert sorted(forge.branches()) == sorted(["main", *(pull.branch for pull in forge.double.pulls)])
    assert len(office.waiting()) == 4
    tell(f"a forge down for a minute: 4 stories arrived once each after {clock.now - AT.timestamp():.0f} s")
