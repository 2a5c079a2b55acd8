"""Whose story it is: by an exact name, or asked; never by a likeness."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.guard.mailboxes import name_alone
from plugins.guard.text import one_line
from plugins.people import Profile
from plugins.syndication.compose import compose
from plugins.syndication.credit import credit, match_author, read_people
from plugins.syndication.entry import Entry, Feed
from plugins.syndication.source import Source

DAY = datetime.date(2026, 11, 15)
CONSENT = (("given", DAY), ("version", 1), ("name", "initials"), ("channels", ["site"]))
WALT = Source("walt-okafor", "https://walt.example/feed", consent=CONSENT, known_as=("The Bench",))
PEOPLE = {
    "walt-okafor": "name: Walt Okafor\nkind: member\naliases: [walter-o]",
    "ana-ruiz": "name: Ana Ruíz\nkind: member",
    "jo-berg": "name: Jo Berg\nkind: member",
    "jo-berg-2": "name: Jo Berg\nkind: staff",
}


@pytest.fixture
def people(tmp_path: Path) -> dict[str, Profile]:
    folder = tmp_path / "content" / "people"
    folder.mkdir(parents=True)
    for slug, front in PEOPLE.items():
        (folder / f"{slug}.md").write_text(f"---\n{front}\n---\n")
    (folder / "broken.md").write_text("no front matter")
    return read_people(tmp_path / "content")


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("", "walt-okafor"),
        ("Walt Okafor", "walt-okafor"),
        ("  WALT\n okafor ", "walt-okafor"),
        ("walt@walt.example (Walt Okafor)", "walt-okafor"),
        ("Walt Okafor <walt@walt.example>", "walt-okafor"),
        ("walt@walt.example", "walt-okafor"),  # an address names nobody else
        ("walter-o", "walt-okafor"),
        ("Walter O", "walt-okafor"),
        ("the bench", "walt-okafor"),
        ("Walt's own feed", "walt-okafor"),
        ("Ana Ruíz", "ana-ruiz"),
        ("Ana Rui\u0301z", "ana-ruiz"),
        ("ana-ruiz", "ana-ruiz"),
        ("Ana Ruiz", "ana-ruiz"),  # her slug in two words
        ("Walt", None),
        ("Walt Okafors", None),
        ("W. Okafor", None),
        ("Ana", None),
        ("Ana Ruíz and Walt Okafor", None),
        ("Jo Berg", None),  # two have that name
        ("admin", None),
    ],
)
def test_an_exact_name_or_a_question(people: dict[str, Profile], said: str, whose: str | None) -> None:
    entry, feed = Entry("1", author=said), Feed(author="Walt's own feed")
    assert match_author(entry, feed, WALT, people) == whose


def test_the_owner_of_a_feed_is_the_one_of_two_with_that_name(people: dict[str, Profile]) -> None:
    assert match_author(Entry("1", author="Jo Berg"), Feed(), Source("jo-berg-2"), people) == "jo-berg-2"


@pytest.mark.parametrize(
    ("author", "asks", "teller"),
    [
        ("Somebody", 'known_as = ["Somebody"]', "walt-okafor"),
        ('A "b"', r'known_as = ["A \"b\""]', "walt-okafor"),
        ("Ana Ruíz", "Ask ana-ruiz for consent", "ana-ruiz"),
    ],
)
def test_a_question_makes_a_draft_without_consent(
    people: dict[str, Profile], author: str, asks: str, teller: str
) -> None:
    entry = Entry("1", "https://walt.example/1", "t", author, html="<p>Some words.</p>")
    made = compose(entry, Feed(), WALT, key="1", date=DAY, status="published", people=people)
    assert asks in made.questions[0]
    assert made.fields["status"] == "draft"
    assert made.fields["author"] == teller
    assert made.fields["source"]["feed"] == "walt-okafor"
    assert "consent" not in made.fields


def test_credited_under_the_name_agreed_to(people: dict[str, Profile]) -> None:
    assert credit(Entry("1"), Feed(), WALT, people).name == "W. O."
    assert credit(Entry("1"), Feed(), Source("walt-okafor"), people).name == "Walt Okafor"
    other = (*CONSENT[:2], ("name", "other"), ("shown_as", "A member in Halle"))
    assert (
        credit(Entry("1"), Feed(), Source("walt-okafor", consent=other), people).name == "A member in Halle"
    )


@given(name=st.text(st.characters(exclude_characters="@<>()&"), max_size=40))
def test_a_name_is_one_line_without_an_address(name: str) -> None:
    for said in (name, f"{name} <w@y.example>", f"w@y.example ({name})"):
        assert name_alone(said) == one_line(name)


def test_entities_in_a_name_are_characters() -> None:
    assert name_alone("Tom &amp; Ada &lt;t@y.example&gt;") == "Tom & Ada"
