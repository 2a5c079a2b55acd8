"""The editor's commands, as `./inv desk...` calls them."""

from __future__ import annotations

from collections.abc import Iterator

import html5lib
import pytest
from invoke import Context, Exit

from plugins.commands import desk as commands
from plugins.commands.place import place
from plugins.desk import Desk, Origin
from tests.conftest import Site

from .proposals import AT, ID, a_proposal, story_text


@pytest.fixture
def desk(repository: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(place, "root", repository.root)
    monkeypatch.delenv("FIRSTHAND_FORGE", raising=False)
    desk = Desk(repository.root, {}, {})
    yield desk
    desk.close()


def test_from_the_list_to_the_site_and_back(desk, repository, capsys):
    desk.propose(a_proposal(origin=Origin("form", "Ada Brook", "7f3a", AT)))
    commands.desk_list(Context())
    assert f"{ID} " in capsys.readouterr().out
    commands.desk_show(Context(), ID)
    assert "It rang at four, and we went." in capsys.readouterr().out
    commands.desk_preview(Context(), ID)
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:8000/preview/{ID}/stories/the-bell-at-four/" in said
    commands.desk_publish(Context(), ID, by="ivo-marsh")
    assert "Published stories/the-bell-at-four in commit " in capsys.readouterr().out
    assert desk.history(ID)[-1].by == "ivo-marsh"
    repository.build()
    assert "stories/the-bell-at-four/index.html" in repository.files()
    commands.desk_withdraw(Context(), "the-bell-at-four")
    assert "Took stories/the-bell-at-four back" in capsys.readouterr().out
    repository.build()
    note = repository.page("stories/the-bell-at-four/")
    html5lib.HTMLParser(strict=True).parse(note)
    assert "It rang" not in note
    commands.desk_list(Context())
    assert capsys.readouterr().out.endswith("Nothing waits.\n")


def test_asked_the_page_is_named_where_the_site_is(desk, monkeypatch, capsys):
    monkeypatch.setattr("plugins.submissions.following.ask", lambda *_: "TOKEN")
    monkeypatch.setenv("FIRSTHAND_SITEURL", "https://people.example.org/")
    commands.desk_ask(Context(), ID, by="ivo-marsh")
    assert capsys.readouterr().out.endswith(" https://people.example.org/submit/s/TOKEN\n")


def test_declined(desk, capsys):
    desk.propose(a_proposal())
    commands.desk_decline(Context(), ID, reason="Not for here.")
    assert capsys.readouterr().out == f"Declined {ID}.\n"
    assert desk.history(ID)[-1].words == "Not for here."


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: commands.desk_show(Context(), "x"), "no proposal's id"),
        (lambda: commands.desk_publish(Context(), "2026-01-01-0000"), "The desk has no proposal"),
        (lambda: commands.desk_publish(Context(), ID, by="nobody"), "nobody called 'nobody'"),
        (lambda: commands.desk_decline(Context(), ID), "Say why"),
        (lambda: commands.desk_withdraw(Context(), "nope"), "There is no story 'nope'"),
        (lambda: commands.desk_ask(Context(), ID), "Nobody waits for a question"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(desk, call, said):
    desk.propose(a_proposal())
    with pytest.raises(Exit, match=said) as stopped:
        call()
    assert stopped.value.code == 1


def test_without_the_yes_it_is_said_what_to_do(desk, git, repository):
    desk.propose(a_proposal())
    git("switch", "-q", f"story/{ID}")
    (repository.content / "stories/the-bell-at-four/index.md").write_bytes(story_text("At five.\n"))
    git("commit", "-qam", "Edit")
    git("switch", "-q", "main")
    with pytest.raises(Exit, match=rf"\./inv desk\.ask {ID}"):
        commands.desk_publish(Context(), ID)
    commands.desk_publish(Context(), ID, typo=True)
