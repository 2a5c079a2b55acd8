"""What `./inv new-story` and `./inv new-person` make passes the check, with hints to write over it."""

from __future__ import annotations

import datetime

import pytest

from plugins import FirsthandError
from plugins.guard.finding import errors
from plugins.stories import check_content
from plugins.stories.skeleton import PLACEHOLDERS, new_person, new_story

DAY = datetime.date(2026, 5, 1)


def test_a_new_person_and_their_story_can_be_built_at_once(site):
    new_person(site.content, "Jo Ünal", "member", DAY)
    path = new_story(site.content, "The day: a beginning, #1", "jo-unal", DAY)
    assert path.parent.name == "the-day-a-beginning-1"
    found = check_content(site.content).findings
    assert errors(found) == []
    said = "\n".join(map(str, found))
    assert all(words in said for words in PLACEHOLDERS if words != "Their team")
    site.build()
    path.write_text(path.read_text().replace("status: draft", "status: published"))
    site.build()
    assert "The day: a beginning, #1" in site.page("stories/the-day-a-beginning-1/")


def test_nothing_is_written_over(site):
    new_story(site.content, "Twice", "ada-brook", DAY)
    with pytest.raises(FirsthandError, match="there already"):
        new_story(site.content, "Twice", "ada-brook", DAY)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda content: new_story(content, "Anything", "nobody-here", DAY), "no person 'nobody-here'"),
        (lambda content: new_story(content, "", "ada-brook", DAY), "No address can be made of the title"),
        (lambda content: new_story(content, "故事", "ada-brook", DAY), "No address can be made of the title"),
        (lambda content: new_person(content, " ", "staff", DAY), "No address can be made of the name"),
        (lambda content: new_person(content, "Kim", "boss", DAY), "no kind 'boss'"),
    ],
)
def test_what_cannot_be_made_is_refused_before_it_is_written(site, make, words):
    before = sorted(site.content.rglob("*"))
    with pytest.raises(FirsthandError, match=words):
        make(site.content)
    assert sorted(site.content.rglob("*")) == before
