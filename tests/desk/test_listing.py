"""What an editor reads in a terminal."""

from __future__ import annotations

import datetime

from plugins.desk import Origin
from plugins.desk.desk import Desk
from plugins.desk.listing import list_lines, show_lines

from .proposals import AT, ID, a_proposal, story_text


def said(desk, days=3):
    return "\n".join(list_lines(desk.waiting(), AT + datetime.timedelta(days=days)))


def test_nothing_waits(repository):
    desk = Desk(repository.root, {}, {})
    assert said(desk) == "Nothing waits."
    desk.close()


def test_who_since_when_and_what_is_missing(repository):
    desk = Desk(repository.root, {}, {})
    desk.propose(a_proposal(text=story_text(consent=None, title="A bell \x1b[31m")))
    text = said(desk)
    assert text.startswith(f"{ID}    3 days  A bell")
    assert "waits for you, 2 to mend" in text
    assert "\x1b" not in text
    shown = "\n".join(show_lines(desk.show(ID)))
    assert "There is no consent of the storyteller." in shown
    assert f"./inv desk.publish {ID}" in shown
    assert "\x1b" not in shown
    desk.close()


def test_an_edit_is_shown_beside_what_came(repository, git):
    desk = Desk(repository.root, {}, {})
    origin = Origin("form", "Ada Brook", "7f3a", AT)
    desk.propose(a_proposal(origin=origin))
    git("switch", "-q", f"story/{ID}")
    path = repository.content / "stories" / "the-bell-at-four" / "index.md"
    path.write_text(path.read_text().replace("at four, and", "at five, and"))
    git("commit", "-qam", "Edit")
    git("switch", "-q", "main")
    assert "edited" in said(desk)
    from plugins.desk.own import text_digest

    desk.asked(ID, "ivo-marsh", text_digest(desk.files(ID)), "Right?")
    shown = "\n".join(show_lines(desk.show(ID)))
    assert "  -It rang at four, and we went." in shown
    assert "  +It rang at five, and we went." in shown
    assert 'its storyteller was asked, by ivo-marsh: "Right?"' in shown
    desk.close()
