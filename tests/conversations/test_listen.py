"""Who waits for an answer: on the sample site, and in a made case of a thousand threads, to the comment."""

import datetime
import json
import random
import shlex
from pathlib import Path

import pytest
from pelican.settings import read_settings

from plugins.conversations.check import check_conversations
from plugins.conversations.ledger import NAME, Entry, Ledger
from plugins.conversations.listen import listen
from plugins.conversations.meant import NotMeant
from plugins.conversations.settings import check
from plugins.conversations.settle import NotSettled, settle, settle_before
from plugins.conversations.waitlist import as_data, as_lines, as_markdown, how_long
from plugins.guard.finding import ContentRefused
from tests.conftest import ROOT, copy_site

NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
SLUG = "the-first-day"  # Ada Brook answers, within 2 days


def settings_of(root):
    found = read_settings(str(root / "pelicanconf.py"))
    check(found)
    return found


class Ear:
    """A site that is listened to, with conversations as a test writes them."""

    def __init__(self, site):
        self.site = site
        self.settings = settings_of(site.root)
        self.ledger = site.content / "conversations" / NAME

    def wrote(self, *comments, slug=SLUG, provider="isso"):
        listed = [
            {"author": "Jo", "url": None, "html": f"<p>Word {one['id']}.</p>", "staff": None, "parent": None}
            | one
            for one in comments
        ]
        told = {"provider": provider, "fetched": None, "comments": listed}
        self.site.write(f"conversations/{slug}.json", json.dumps(told))

    def heard(self):
        return listen(self.site.content, self.settings, NOW)

    def refs(self):
        return [one.ref for one in self.heard().waiting]

    def settle(self, ref, reason="Only thanks.", by="ada-brook"):
        return settle(self.site.content, self.settings, ref, reason=reason, by=by, now=NOW)


@pytest.fixture
def ear(site):
    return Ear(site)


def at(hours, **said):
    """A comment that was written so many hours before now."""
    when = NOW - datetime.timedelta(hours=hours)
    return {"published": when.isoformat().replace("+00:00", "Z"), **said}


def test_the_sample_site_says_who_waits():
    now = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    (one,) = listen(ROOT / "content", settings_of(ROOT), now).waiting
    assert (one.ref, one.author, one.person) == ("the-machine-that-screamed/51", "Owen", "noelia-barros")
    assert one.waited == now - one.since
    assert one.due == one.since + datetime.timedelta(days=2)
    assert one.late == now - one.due
    assert one.url.endswith("/stories/the-machine-that-screamed/#comment-isso-51")


def test_the_longest_wait_comes_first_and_says_what_was_promised(ear):
    ear.wrote(at(5, id="7"), at(72, id="4"), at(70, id="5", parent="4"), slug=SLUG)
    ear.wrote(at(50, id="9"), slug="the-borrowed-van")
    heard = ear.heard()
    assert [one.ref for one in heard.waiting] == [f"{SLUG}/4", "the-borrowed-van/9", f"{SLUG}/7"]
    first = heard.waiting[0]
    assert (first.name, first.promised, first.late) == ("Ada Brook", "2 days", datetime.timedelta(hours=24))
    assert [kept.id for kept in first.others] == ["5"]
    assert heard.waiting[2].late is None
    assert list(as_lines(heard.waiting))[:5] == [
        "3 wait for an answer, 2 longer than was promised. The longest wait comes first.",
        "",
        "The first day",
        "  waits 3 days, promised within 2 days: 1 day late; Ada Brook answers",
        "  Jo, and 1 more: Word 4.",
    ]


@pytest.mark.parametrize(
    ("promised", "said"),
    [
        ("within a week", "waits 3 days, promised within a week"),
        ("within a day", "waits 3 days, promised within a day: 2 days late"),
        ("when I can", "waits 3 days, promised “when I can”"),
        ("", "waits 3 days, nothing promised"),
    ],
)
def test_a_wait_is_measured_against_the_persons_own_words(ear, promised, said):
    path = ear.site.content / "people" / "ada-brook.md"
    path.write_text(path.read_text("utf-8").replace("within: 2 days", f"within: {promised}"), "utf-8")
    ear.wrote(at(72, id="4"))
    assert [how_long(one) for one in ear.heard().waiting] == [said]


def test_after_an_answer_the_readers_next_word_waits_from_its_first(ear):
    ear.wrote(
        at(90, id="1"),
        at(80, id="2", parent="1", staff="ada-brook"),
        at(30, id="3", parent="1"),
        at(20, id="4", parent="2"),
    )
    (one,) = ear.heard().waiting
    assert (one.id, one.waited) == ("4", datetime.timedelta(hours=30))


def test_what_was_taken_away_does_not_wait(ear):
    ear.wrote(
        at(90, id="1", gone=True, html="", author=None),
        at(80, id="2", parent="1", staff="ada-brook"),
        at(70, id="3", gone=True, html="", author=None),
    )
    assert ear.refs() == []
    ear.wrote(at(90, id="1", gone=True, html="", author=None), at(80, id="2", parent="1"))
    assert ear.refs() == [f"{SLUG}/2"]


def test_who_has_left_answers_no_more_and_the_question_still_waits(ear):
    path = ear.site.content / "people" / "ada-brook.md"
    path.write_text(
        path.read_text("utf-8").replace("name:", "left: {date: 2026-01-01, keep: page}\nname:", 1)
    )
    ear.wrote(at(90, id="1"))
    (one,) = ear.heard().waiting
    assert (one.person, one.due, one.late) == ("", None, None)
    assert "nobody is named to answer" in "\n".join(as_lines([one]))


def test_stories_that_readers_do_not_see_are_not_listened_to(ear):
    ear.site.story("a-draft", status="draft")
    ear.wrote(at(90, id="1"), slug="a-draft")
    ear.wrote(at(90, id="1"), slug="no-such-story")
    assert not [ref for ref in ear.refs() if not ref.startswith(SLUG)]


def test_a_file_that_cannot_be_read_is_said_and_hides_nobody(ear):
    ear.site.write("conversations/the-borrowed-van.json", "{")
    ear.wrote(at(1, id="1"))
    heard = ear.heard()
    assert [one.id for one in heard.waiting] == ["1"]
    assert "conversations/the-borrowed-van.json:1:" in heard.problems[0]


def test_what_needs_no_answer_is_out_until_somebody_writes_again(ear):
    said = [at(90, id="1"), at(80, id="2", parent="1")]
    ear.wrote(*said)
    one, count = ear.settle(f"{SLUG}/1")
    assert (one.id, count) == ("1", 2)
    assert ear.refs() == []
    line = json.loads(ear.ledger.read_text("utf-8").splitlines()[0])
    assert (line["kind"], line["reason"], line["by"]) == ("no reply needed", "Only thanks.", "ada-brook")
    ear.wrote(*said, at(1, id="3", parent="2"))
    assert ear.refs() == [f"{SLUG}/3"]
    assert ear.heard().waiting[0].waited == datetime.timedelta(hours=1)


def test_what_is_old_may_be_settled_all_at_once(ear):
    ear.wrote(at(1000, id="1"), at(900, id="2"), at(100, id="3", parent="2"), at(50, id="4"))
    ear.wrote(at(2000, id="disqus-9"), slug="the-borrowed-van")

    def settled(day, **said):
        words = {"reason": "Asked elsewhere, long ago.", "by": "ada-brook", **said}
        return settle_before(ear.site.content, ear.settings, day, now=NOW, **words)

    with pytest.raises(NotSettled, match="Say why"):
        settled(NOW.date(), reason="")
    assert settled(datetime.date(2025, 1, 1)) == 0
    assert not ear.ledger.exists()
    assert settled(NOW.date() - datetime.timedelta(days=20)) == 2
    assert ear.refs() == [f"{SLUG}/2", f"{SLUG}/4"]  # somebody has come back to the first


def test_another_comment_with_the_id_of_a_settled_one_waits(ear):
    ear.wrote(at(90, id="1"))
    ear.settle(f"{SLUG}/1")
    ear.wrote(at(5, id="1"))
    assert ear.refs() == [f"{SLUG}/1"]


def test_a_comment_may_be_named_by_its_address(ear):
    ear.wrote(at(90, id="mastodon-115", place="https://social.example/@jo/115"))
    (one,) = ear.heard().waiting
    assert (one.kept.provider, one.kept.id) == ("mastodon", "115")
    ear.settle(f"https://people.example/stories/{SLUG}/#comment-mastodon-115")
    assert ear.refs() == []


@pytest.mark.parametrize(
    ("ref", "reason", "by", "wrong"),
    [
        (f"{SLUG}/1", " ", "ada-brook", "Say why"),
        (f"{SLUG}/2", "Thanks.", "ada-brook", "does not wait"),
        (f"{SLUG}/9", "Thanks.", "ada-brook", "has no comment '9'"),
        ("nowhere/1", "Thanks.", "ada-brook", "stories/nowhere is not a published story"),
        ("1", "Thanks.", "ada-brook", "names no comment"),
        (f"{SLUG}/1", "Thanks.", "ivo-marsh", "Ivo Marsh is not staff here. .*: ada-brook"),
        (f"{SLUG}/1", "Thanks.", "old-hand", "Ruth Keel is not staff here"),
        (f"{SLUG}/1", "Thanks.", "somebody", "Nobody is called 'somebody'"),
    ],
)
def test_what_cannot_be_settled_is_said_and_not_noted(ear, ref, reason, by, wrong):
    ear.wrote(at(90, id="1"), at(80, id="2", staff="ada-brook"))
    with pytest.raises((NotSettled, NotMeant), match=wrong):
        ear.settle(ref, reason, by)
    assert not ear.ledger.exists()


def test_machines_read_the_same(ear):
    ear.wrote(at(72, id="4", author="Jo \u202eevil", html="<p>One</p><p>two &lt;b&gt;</p>"))
    (data,) = as_data(ear.heard().waiting)
    assert data == {
        "comment": f"{SLUG}/4",
        "story": SLUG,
        "title": "The first day",
        "url": f"/stories/{SLUG}/#comment-isso-4",
        "provider": "isso",
        "id": "4",
        "place": None,
        "author": "Jo evil",
        "words": data["words"],
        "published": "2026-05-29T12:00:00Z",
        "since": "2026-05-29T12:00:00Z",
        "waits": 72 * 3600,
        "others": 0,
        "answers": "ada-brook",
        "name": "Ada Brook",
        "promised": "2 days",
        "due": "2026-05-31T12:00:00Z",
        "late": True,
    }
    assert data["words"].split() == ["One", "two", "<b>"]


def test_no_words_of_a_reader_work_in_a_forges_issue(ear):
    evil = "@everyone ```\n\n# Heading\n<img src=x> [link](http://x) ![pic](http://x) #12 ````` <script>"
    html = evil.replace("<", "&lt;")
    ear.wrote(at(72, id="4", author="**@mara**", html=f"<p>{html}</p>"))
    text = "\n".join(as_markdown(ear.heard().waiting))
    begin, _, rest = text.partition("``````text\n")
    inside, _, end = rest.partition("\n  ``````")
    assert "@" not in begin + end
    assert "#12" in inside
    assert "# Heading" in inside
    assert begin.startswith("## Ada Brook\n\n- [ ] [The first day](<")


def test_no_line_runs_more_in_a_terminal_than_it_shows(ear):
    ear.wrote(at(72, id="4; touch pwned $(id) `id`"))
    story = ear.site.content / "stories" / SLUG / "index.md"
    text = story.read_text("utf-8").replace("title: The first day", 'title: "The \\e[2Jfirst day"')
    story.write_text(text, "utf-8")
    lines = "\n".join([*as_lines(ear.heard().waiting), *as_markdown(ear.heard().waiting)])
    assert "The [2Jfirst day" in lines
    assert "\x1b" not in lines
    command = next(line for line in lines.splitlines() if "./inv reply" in line).rpartition("   ")[0]
    assert shlex.split(command, posix=True) == ["./inv", "reply", f"{SLUG}/4; touch pwned $(id) `id`"]


def test_right_to_the_comment_in_a_thousand_threads(tmp_path):
    """An oracle that reads the files alone, and walks up the parents, names the same comments."""
    ear = Ear(copy_site("small", tmp_path))
    (ear.site.content / "conversations" / f"{SLUG}.json").unlink()
    dice, expected, lines = random.Random(6), set(), []
    for number in range(1000):
        slug = f"told-{number}"
        ear.site.story(slug, answers="ada-brook")
        comments = made(dice)
        ear.wrote(*comments, slug=slug)
        settled = {one["id"] for one in comments if dice.random() < 0.1}
        for one in comments:
            if one["id"] in settled:
                when = datetime.datetime.fromisoformat(one["published"]).timestamp()
                lines.append(
                    Entry("no reply needed", "isso", slug, one["id"], when, "ada-brook", NOW, reason="No.")
                )
        expected |= {f"{slug}/{id}" for id in waiting_ids(comments, settled)}
    Path(ear.ledger).write_text("".join(f"{line.line()}\n" for line in lines), "utf-8")
    assert len(lines) > 300
    heard = ear.heard()
    found = [one.ref for one in heard.waiting]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert 500 < len(expected) < 2500
    assert [one.since for one in heard.waiting] == sorted(one.since for one in heard.waiting)
    assert Ledger.read(ear.ledger).settled("isso", lines[0].story, lines[0].id, lines[0].created)


def made(dice):
    """A thread of up to nine comments, with replies, staff, and some that were taken away."""
    comments = []
    for number in range(dice.randint(0, 9)):
        parent = dice.choice([None, *(one["id"] for one in comments)]) if dice.random() < 0.7 else None
        one = at(2000 - 10 * number + dice.random(), id=str(number + 1), parent=parent)
        kind = dice.random()
        if kind < 0.35:
            one["staff"] = dice.choice(["ada-brook", True])
        elif kind < 0.45:
            one |= {"gone": True, "html": "", "author": None}
        comments.append(one)
    return comments


def waiting_ids(comments, settled):
    """The rule, said once more: by nothing but the list and its parents."""
    by_id = {one["id"]: one for one in comments}

    def top(one):
        return top(by_id[one["parent"]]) if one["parent"] in by_id else one["id"]

    for first in [one for one in comments if one["parent"] not in by_id]:
        words = [one for one in comments if top(one) == first["id"] and not one.get("gone")]
        answered = any(one.get("staff") for one in words)
        if first in words and not answered and first["id"] not in settled:
            yield first["id"]
        elif words and not words[-1].get("staff") and words[-1]["id"] not in settled:
            yield words[-1]["id"]


def test_a_page_says_of_nobody_that_they_wait_who_needs_no_answer(ear):
    ear.wrote(at(90, id="1"), at(80, id="2"))
    ear.settle(f"{SLUG}/1")
    ear.site.build()
    page = ear.site.page(f"stories/{SLUG}/")
    assert page.count('class="waiting"') == 1
    assert page.index('id="comment-isso-2"') < page.index('class="waiting"')
    assert not [name for name in ear.site.files() if "desk" in name or "ledger" in name]


def test_a_ledger_that_cannot_be_read_is_named_by_the_check_and_stops_a_build(ear):
    ear.site.write("conversations/ledger.jsonl", "<<<<<<< HEAD\n")
    found, *_ = check_conversations(ear.site.content, {})
    assert str(found).startswith("content/conversations/ledger.jsonl:1: The line is not JSON.")
    with pytest.raises(ContentRefused, match=r"ledger\.jsonl:1: The line is not JSON"):
        ear.site.build()
