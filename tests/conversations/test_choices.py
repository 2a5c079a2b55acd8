"""What is wrong with a story's `conversation` and a person's `accounts`, by file, line and fix."""

import pytest
from pelican.settings import read_settings

from plugins.conversations.choices import check_choices
from plugins.conversations.settings import check
from plugins.guard.finding import ContentRefused, errors
from plugins.stories import check_content


def wrong(site):
    settings = read_settings(str(site.root / "pelicanconf.py"))
    check(settings)
    checked = check_content(site.content)
    assert errors(checked.findings) == []
    stories = [(file, story) for file, story, _ in checked.stories]
    return [str(finding) for finding in check_choices(site.content, stories, checked.people, settings)]


def person(site, slug, line):
    file = site.content / "people" / f"{slug}.md"
    file.write_text(file.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1), "utf-8")


@pytest.mark.parametrize(
    "written",
    [
        "isso",
        "feed",
        '{mastodon: "https://social.example/@mara/1124"}',
        '{isso: "", mastodon: "https://social.example/@mara/1124"}',
    ],
)
def test_a_right_choice(site, written):
    site.story(conversation=written)
    assert wrong(site) == []


@pytest.mark.parametrize(
    ("written", "said", "fix"),
    [
        ("mastodan", "names 'mastodan', which is no comment system here.", "Did you mean mastodon?"),
        ("zzz", "names 'zzz', which is no comment system here.", "Write one of: bluesky,"),
        (
            "mastodon",
            "cannot be kept by mastodon as it is written.",
            "Mastodon needs the address of the post",
        ),
        ("{isso: 12}", "cannot be kept by isso as it is written.", "write `conversation: isso`"),
        (
            '{mastodon: ["https://social.example/@a/1", "https://social.example/@a/2"]}',
            "names mastodon twice.",
            "Keep one of them",
        ),
    ],
)
def test_a_wrong_choice(site, written, said, fix):
    site.story(conversation=written)
    (line,) = wrong(site)
    assert line.startswith("content/stories/a-test/index.md:9: ")
    assert said in line
    assert fix in line


def test_a_choice_for_a_conversation_that_nobody_wants(site):
    site.story(conversation="isso", answers="nobody")
    (line,) = wrong(site)
    assert "hint" in line or "that there is none" in line


def test_languages_that_disagree(site):
    site.story(conversation="isso")
    there = (site.content / "stories/a-test/index.md").read_text("utf-8")
    site.write("stories/a-test/index.es.md", there.replace("conversation: isso", "conversation: feed"))
    (line,) = wrong(site)
    assert "is not what content/stories/a-test/index.md says" in line or "index.es.md says" in line


def test_accounts(site):
    person(site, "ada-brook", "accounts: {mastodon: [ada@x.example, ''], mastodn: ada, github: ada}")
    person(site, "old-hand", 'accounts: {mastodon: "@ADA@x.example"}')
    found = wrong(site)
    assert [line for line in found if "Did you mean mastodon?" in line]
    assert [line for line in found if "has no name for mastodon" in line]
    assert [
        line for line in found if "is ada-brook's account too" in line or "is old-hand's account too" in line
    ]
    assert [line for line in found if "'github', which is no comment system" in line]


def test_an_account_of_somebody_who_is_no_staff(site):
    person(site, "ivo-marsh", "accounts: {mastodon: ivo@x.example}")
    (line,) = wrong(site)
    assert "is there to prove staff" in line


def test_a_build_stops_with_the_same_words(site):
    site.story(conversation="mastodan")
    with pytest.raises(ContentRefused, match="which is no comment system here"):
        site.build()
