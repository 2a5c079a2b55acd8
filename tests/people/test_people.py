"""People: profiles, roles with dates, who has left, old addresses, and names that are nobody's."""

from __future__ import annotations

import datetime

import pytest

from plugins.guard.finding import ContentRefused
from plugins.people.profile import TINTS, Left, Profile, Role, tint_of

DAY = datetime.date


def profile(**changes):
    fields = {
        "slug": "ada-brook",
        "name": "Ada Brook",
        "kind": "staff",
        "roles": (),
        "portrait": "",
        "portrait_alt": "",
        "portrait_credit": "",
        "portrait_focal": "",
        "tint": "sage",
        "pronouns": "",
        "place": "",
        "languages": (),
        "ask_me_about": (),
        "answers_within": "",
        "accounts": (),
        "links": (),
        "aliases": (),
        "left": None,
        "summary": "",
    }
    return Profile(**{**fields, **changes})


def test_the_role_is_the_one_held_on_the_day():
    first = Role("Apprentice", "", DAY(2019, 9, 1), DAY(2023, 8, 31))
    second = Role("Fitter", "", DAY(2023, 9, 1), None)
    person = profile(roles=(first, second))
    assert person.role_on(DAY(2020, 1, 1)) == first
    assert person.role_on(DAY(2023, 8, 31)) == first
    assert person.role_on(DAY(2026, 1, 1)) == second
    assert person.role_on(DAY(2000, 1, 1)) is None


def test_after_the_last_role_the_last_one_stays():
    only = Role("Foreman", "", DAY(1999, 1, 1), DAY(2025, 12, 31))
    assert profile(roles=(only,)).role_on(DAY(2026, 6, 1)) == only


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada Brook", "AB"), ("Ada", "A"), ("Ana María de la Cruz", "AC"), ("李 小", "李小")],
)
def test_initials(name, initials):
    assert profile(name=name).initials == initials


def test_gone_from_the_day_on():
    person = profile(left=Left(DAY(2026, 1, 31), "name"))
    assert person.gone(DAY(2026, 1, 30)) is None
    assert person.gone(DAY(2026, 1, 31)) == "name"


def test_the_tint_is_chosen_for_good():
    assert tint_of("ada-brook") == "peach" or tint_of("ada-brook") in TINTS
    assert tint_of("ada-brook") == tint_of("ada-brook")
    assert {tint_of(f"person-{number}") for number in range(200)} == set(TINTS)


def test_the_profile_page(site):
    site.build()
    page = site.page("people/ada-brook/")
    for words in ("Ada Brook", "Fitter", "Apprentice", "old lathes", "2 days", "The first day", "English"):
        assert words in page
    assert 'rel="me' in page
    assert "There is a drawer of keys" in page  # the latest reply she gave


def test_an_old_name_leads_to_the_new_one(site):
    site.build()
    assert 'url=/people/ada-brook/"' in site.page("people/ada-b/")


def test_the_name_alone_stays_of_somebody_who_chose_so(site):
    site.build()
    assert not (site.output / "people/old-hand").exists()
    assert "Ruth Keel" not in site.page("people/")
    story = site.page("stories/the-first-day/")
    assert "Ruth Keel" in story
    assert "people/old-hand" not in story


def test_nothing_stays_of_somebody_who_chose_so(site):
    file = site.content / "people/old-hand.md"
    file.write_text(file.read_text().replace("keep: name", "keep: nothing"))
    photo = site.content / "stories/the-first-day/index.md"
    photo.write_text(photo.read_text().replace("credit: Ruth Keel", "credit: Ada Brook"))
    site.build()
    story = site.page("stories/the-first-day/").replace("Ruth came at ten", "")
    assert "Ruth Keel" not in story
    assert "A former colleague" in story


def test_the_directory_keeps_kinds_apart(site):
    site.build()
    page = site.page("people/")
    assert page.index("Ada Brook") < page.index("Ivo Marsh")
    assert "Customers" in page


def test_what_is_wrong_with_a_person_is_said(site):
    site.write(
        "people/wrong-one.md",
        "---\nname: Wrong One\nkind: boss\ntint: pink\nlinks: ['javascript:alert(1)']\nportrait: none.png\n"
        "roles:\n  - {since: 2024-05-01, until: 2020-01-01}\nleft: {keep: page}\n---\nWords.\n",
    )
    with pytest.raises(ContentRefused) as refused:
        site.build()
    said = str(refused.value)
    for line in (
        "content/people/wrong-one.md:3: `kind` is 'boss'. Write one of: staff, member, customer, guest.",
        "content/people/wrong-one.md:4: `tint` is 'pink'.",
        "content/people/wrong-one.md:5: 'javascript:alert(1)' is not a web address. Write https://...",
        "content/people/wrong-one.md:6: The portrait 'none.png' is not beside the file.",
        "content/people/wrong-one.md:8: `roles.title` is missing.",
        "content/people/wrong-one.md:9: `left.date` is missing.",
    ):
        assert line in said
