"""`./inv check` on a site that is wrong on purpose: each message, its file and its line."""

from __future__ import annotations

import pytest

from plugins.guard.finding import ContentRefused, errors
from plugins.stories import check_content


def test_everything_wrong_is_said_with_file_line_and_what_to_do(make_site):
    site = make_site("wrong")
    found = check_content(site.content).findings
    assert [str(finding) for finding in found] == (site.root / "expected.txt").read_text("utf-8").splitlines()


def test_a_build_says_the_same_errors_and_writes_nothing(make_site):
    site = make_site("wrong")
    with pytest.raises(ContentRefused) as refused:
        site.build()
    assert refused.value.findings == errors(check_content(site.content).findings)
    assert not site.output.exists() or site.files() <= {".firsthand-site"}


def test_a_right_site_has_nothing_to_say(site):
    assert check_content(site.content).findings == []


def test_the_same_story_twice_in_one_language(site):
    site.write(
        "stories/the-first-day/index.en.md", (site.content / "stories/the-first-day/index.md").read_text()
    )
    assert any("is in 'en' too" in finding.message for finding in check_content(site.content).findings)


def test_the_same_feed_entry_twice(site):
    site.story(source='{feed: ivo-marsh, id: "tag:ivo.example.org,2026:van"}')
    found = [
        finding for finding in check_content(site.content).findings if "same feed entry" in finding.message
    ]
    assert [(finding.path, finding.line) for finding in found] == [
        ("content/stories/the-borrowed-van/index.md", 11)
    ]
