"""The commands of ./inv comments as they are typed, on a small site with the real Isso."""

from __future__ import annotations

import json

import pytest
from invoke import Exit

from plugins.commands import comments, listen
from plugins.commands.place import place
from tests.conversations.real_isso import RealIsso

VAN = "the-borrowed-van"


@pytest.fixture
def isso(site, monkeypatch):
    monkeypatch.setattr(place, "root", site.root)
    monkeypatch.delenv("FIRSTHAND_SITEURL", raising=False)
    (site.root / "var" / "isso").mkdir(parents=True)
    return RealIsso(site.root / "var" / "isso" / "comments.db", moderation__enabled="true")


def test_from_what_waits_to_the_page_and_back(isso, site, capsys):
    def run(command, *words):
        command.body(None, *words)
        return capsys.readouterr().out

    def brought():
        file = site.content / "conversations" / f"{VAN}.json"
        return [one["author"] for one in json.loads(file.read_text("utf-8"))["comments"]]

    first = isso.post(VAN, "Was it *cold*?", author="Jo")["id"]
    second = isso.post(VAN, "Buy my watches.")["id"]
    listed = run(comments.comments_list)
    ref = next(word for word in listed.split() if word.startswith(f"{first}-"))
    assert "2 comments wait" in run(listen.listen_list)
    said = run(comments.comments_approve, ref)
    assert said.startswith(f"Approved {first}, by Jo under {VAN}: Was it *cold*?\n{VAN}: isso: 1 new\n")
    assert run(comments.comments_delete, str(second)).startswith(f"Deleted {second}, by somebody under {VAN}")
    assert run(comments.comments_list) == "No comment waits for a moderator.\n"

    assert brought() == ["Jo"]
    assert "has 1 comment in 1 thread" in run(comments.comments_backup, str(site.root / "one.db"))
    run(comments.comments_delete, f"{VAN}/{first}")
    assert brought() == []
    assert "Isso has 1 comment in 1 thread again." in run(
        comments.comments_restore, str(site.root / "one.db")
    )
    assert [one["author"] for one in isso.live(VAN)] == ["Jo"]


def test_a_thread_of_any_name_says_no_more_than_a_line(isso, capsys):
    said = {"text": "Words.", "title": "x"}
    posted = isso.reader.post("/new?uri=%2Fstories%2Fa%1B%5B2J%0A%2F", json=said)
    comments.comments_delete.body(None, str(json.loads(posted.text)["id"]))
    assert "stories/a[2J has no conversation" in (out := capsys.readouterr().out)
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("command", "words", "why"),
    [
        (comments.comments_approve, ["nine"], "'nine' is no comment's number"),
        (comments.comments_delete, ["9"], "Isso has no comment 9"),
        (comments.comments_restore, ["nowhere.db"], "There is no file nowhere.db"),
        (comments.comments_config, [], "Set FIRSTHAND_SITEURL"),
        (comments.comments_config, ["", "x"], "'x' is not a port"),
    ],
)
def test_what_is_typed_wrong_is_said_plainly(isso, command, words, why):
    with pytest.raises(Exit, match=why):
        command.body(None, *words)


def test_a_published_site_needs_to_be_told_that_the_comments_are_its_own(isso, site, monkeypatch, capsys):
    publish = "SITEURL = FEED_DOMAIN = 'https://people.example.org'\nRELATIVE_URLS = False\n"
    (site.root / "publishconf.py").write_text((site.root / "pelicanconf.py").read_text("utf-8") + publish)
    monkeypatch.setenv("FIRSTHAND_SITEURL", "https://people.example.org")
    with pytest.raises(Exit, match=r"nothing says that it is the published site's"):
        comments.comments_list.body(None)
    comments.comments_config.body(None)
    comments.comments_list.body(None)
    assert "No comment waits" in capsys.readouterr().out


def test_a_slug_that_nobody_has_is_not_somebody_whom_nobody_waits_for(isso, capsys):
    isso.post(VAN, "Was it cold?")
    listen.listen_list.body(None, by="ivo-marsh")
    assert "Nobody waits" in capsys.readouterr().out
    with pytest.raises(Exit, match="Nobody is called 'ivo-march'"):
        listen.listen_list.body(None, by="ivo-march")


def test_what_is_settled_by_day_is_said_in_its_number(isso, site, capsys):
    def said():
        listen.listen_settle_before.body(None, "2024-12-31", reason="Long ago.", by="ada-brook")
        return capsys.readouterr().out.partition(". ")[0]

    assert said() == "Nothing from before 2024-12-31 waits for an answer.\n"
    words = {"author": "Jo", "url": None, "parent": None, "html": "<p>Hm?</p>", "staff": None}
    one = words | {"id": "disqus-1", "published": "2020-01-01T12:00:00Z"}
    told = {"provider": "isso", "fetched": None, "comments": [one]}
    site.write(f"conversations/{VAN}.json", json.dumps(told))
    assert said() == "1 comment from before 2024-12-31 needs no answer"
    told["comments"] = [words | {"id": f"disqus-{n}", "published": "2020-01-01T12:00:00Z"} for n in (2, 3)]
    site.write(f"conversations/{VAN}.json", json.dumps(told))
    assert said() == "2 comments from before 2024-12-31 need no answer"
