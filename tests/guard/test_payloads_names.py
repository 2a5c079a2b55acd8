"""Names that pretend: letters of other scripts, invisible ones, turned ones."""

from __future__ import annotations

import pytest

from plugins.guard.finding import ContentRefused
from plugins.guard.likeness import skeleton
from plugins.stories import check_content

LOOK_ALIKES = [
    "Аda Brook",
    "Ada Вrооk",
    "Ａｄａ Brook",
    "Ada Br00k",
    "ADA BROOK",
    "Ada-Brook",
    "Ädа Brook",
    "𝐀𝐝𝐚 Brook",
]
HIDDEN = [
    "Ada\\u200bBrook",
    "Ada\\u202eBrook",
    "Ad\\u200da Brook",
    "Ada\\u00adBrook",
    "Ada \\u2066Brook",
    "\\u3164",
]


def said(site):
    return [(f.level, f.path, f.line) for f in check_content(site.content).findings]


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_profile_that_looks_like_staff_is_refused(site, name):
    site.write("people/hostile.md", f'---\nkind: customer\nname: "{name}"\n---\nWords.\n')
    assert said(site) == [("error", "content/people/hostile.md", 3)]


@pytest.mark.parametrize("name", [*LOOK_ALIKES, "Ada Brook", "Ruth Keel"])
def test_a_chosen_name_must_not_be_one_of_staff(site, name):
    consent = f'{{given: 2026-05-01, version: 1, name: other, shown_as: "{name}"}}'
    site.story("hostile", author="ivo-marsh", consent=consent)
    assert said(site) == [("error", "content/stories/hostile/index.md", 8)]


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_characters_in_names_are_refused(site, name):
    site.write("people/hostile.md", f'---\nkind: customer\nname: "{name}"\n---\nWords.\n')
    assert ("error", "content/people/hostile.md", 3) in said(site)
    with pytest.raises(ContentRefused, match=r"hostile\.md:3: `name` has more than one line or a hidden"):
        site.build()


def test_two_people_may_have_one_name(site):
    site.write("people/other.md", "---\nname: Ada Brook\nkind: customer\n---\nWords.\n")
    assert said(site) == [("hint", "content/people/other.md", 2)]


def test_other_names_are_left_alone(site):
    for place, name in enumerate(("Ada Brock", "Ada Brooks", "Ed Brook", "Иво Марш", "王小明")):
        site.write(f"people/other-{place}.md", f"---\nname: {name}\nkind: customer\n---\nWords.\n")
    assert said(site) == []


def test_a_skeleton_of_nothing_matches_nobody():
    assert skeleton("Ada Brook") != ""
    assert skeleton("Ruth Keel") != skeleton("Ruth Kehl")
    assert skeleton("王小明") == "王小明"
