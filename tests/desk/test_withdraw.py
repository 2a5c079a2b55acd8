"""Taking a story back: gone from everything at the next build, with a quiet note at its address."""

from __future__ import annotations

import datetime

import pytest

from plugins.desk import Origin, ProposalRefused
from plugins.desk.desk import Desk
from plugins.desk.withdraw import withdraw_story
from plugins.desk.withdrawn import Withdrawn, check_withdrawn, read_withdrawn, with_one_more
from plugins.guard.finding import ContentRefused

from .proposals import AT, ID, a_proposal, story_text

DAY = datetime.date(2026, 11, 22)


def test_gone_from_pages_feeds_lists_cards_photographs_and_talk(repository, git):
    conversations = {"FIRSTHAND_CONVERSATIONS": "", "SITEURL": "https://example.org"}
    repository.build(**conversations)
    before = repository.files()
    mine = {path for path in before if "the-first-day" in path}
    title = "The first day"
    assert any(path.endswith((".jpg", ".avif", ".webp")) for path in mine)
    assert title in "".join(repository.page(path) for path in before if path.endswith(".xml"))
    desk = Desk(repository.root, {}, {})
    commit = desk.withdraw("the-first-day")
    desk.close()
    assert git("show", "--format=", "--name-status", commit).splitlines() == [
        "D\tcontent/conversations/the-first-day.json",
        "D\tcontent/stories/the-first-day/door.jpg",
        "D\tcontent/stories/the-first-day/index.es.md",
        "D\tcontent/stories/the-first-day/index.md",
        "A\tcontent/withdrawn.toml",
    ]
    assert git("status", "--porcelain") == ""
    repository.build(**conversations)
    after = repository.files()
    notes = {"stories/the-first-day/index.html", "es/stories/the-first-day/index.html"}
    marks = {path.replace("index.html", "gone.txt") for path in notes}
    assert {path for path in after if "the-first-day" in path} == notes | marks
    for path in after - notes:
        if path.endswith((".html", ".xml", ".json", ".opml", ".txt")):
            text = repository.page(path)
            assert "the-first-day" not in text, path
            assert title not in text, path
    for path, lang in (("stories/the-first-day/", "en"), ("es/stories/the-first-day/", "es")):
        note = repository.page(path)
        assert '<meta name="robots" content="noindex">' in note
        assert f'<html lang="{lang}"' in note
        assert title not in note
        assert "Ada" not in note
    assert repository.build(**conversations).written == 0


@pytest.mark.parametrize(
    ("other", "written", "stays"), [(False, "", False), (True, "", True), (False, "I mend bells.\n", True)]
)
def test_who_came_with_the_story_goes_with_it(repository, git, other, written, stays):
    desk = Desk(repository.root, {}, {})
    desk.propose(a_proposal(text=story_text(author="rosa-lind"), origin=Origin("form", "Rosa Lind", "", AT)))
    desk.publish(ID)
    page = repository.content / "people" / "rosa-lind.md"
    page.write_text(page.read_text() + written)
    if other:
        repository.story("another", author="rosa-lind")
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "More")
    desk.withdraw("the-bell-at-four")
    desk.close()
    assert page.exists() is stays
    assert git("status", "--porcelain") == ""
    repository.build()
    assert ("people/rosa-lind/index.html" in repository.files()) is stays


def test_somebody_who_was_here_before_stays(repository, git):
    repository.write("people/rosa-lind.md", "---\nname: Rosa Lind\nkind: customer\n---\n")
    repository.story("her-only-one", author="rosa-lind")
    git("add", "-A")
    git("commit", "-qm", "Rosa")
    desk = Desk(repository.root, {}, {})
    desk.withdraw("her-only-one")
    desk.close()
    assert (repository.content / "people" / "rosa-lind.md").exists()


def test_a_site_without_git_is_changed_all_the_same(site):
    assert withdraw_story(site.root, site.content, "the-borrowed-van", DAY) is None
    assert read_withdrawn(site.content) == [Withdrawn("the-borrowed-van", DAY)]
    assert not (site.content / "stories" / "the-borrowed-van").exists()


@pytest.mark.parametrize("slug", ["nobody", "../people", "", "the-first-day/"])
def test_a_story_that_is_none(site, slug):
    with pytest.raises(ProposalRefused, match="folder in stories/"):
        withdraw_story(site.root, site.content, slug, DAY)


def test_one_that_is_there_again_stops_the_build(site):
    withdraw_story(site.root, site.content, "the-borrowed-van", DAY)
    site.story("the-borrowed-van")
    with pytest.raises(ContentRefused, match=r"withdrawn\.toml:5: .*taken back by its storyteller"):
        site.build()


def test_a_second_one_is_added_and_twice_is_once():
    text = with_one_more("", Withdrawn("one", DAY))
    more = with_one_more(text, Withdrawn("two", DAY, ("es", "pt-br")))
    assert with_one_more(more, Withdrawn("one", DAY)) == more
    assert more.count("[[withdrawn]]") == 2
    assert more.startswith(text.rstrip())


@pytest.mark.parametrize(
    "text",
    [
        "[[withdrawn]",
        '[[withdrawn]]\nslug = "../x"\non = 2026-11-22',
        '[[withdrawn]]\nslug = "x"',
        '[[withdrawn]]\nslug = "x"\non = 2026-11-22\nlanguages = ["../x"]',
        '[[withdrawn]]\nslug = "x"\non = 2026-11-22\nwhy = "secret"',
        "withdrawn = 3",
        '[[withdrawn]]\nslug = "x"\non = 2026-11-22\n[[withdrawn]]\nslug = "x"\non = 2026-11-22',
    ],
)
def test_a_list_that_is_not_as_it_should_be(site, text):
    site.write("withdrawn.toml", text)
    assert check_withdrawn(site.content)
    with pytest.raises(ContentRefused):
        read_withdrawn(site.content)
    with pytest.raises(ContentRefused):
        site.build()


def test_no_list_is_an_empty_list(site):
    assert read_withdrawn(site.content) == []
    assert check_withdrawn(site.content) == []
