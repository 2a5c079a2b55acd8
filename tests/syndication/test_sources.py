"""content/sources.toml: read whole, or refused with every problem and its line."""

import datetime
from pathlib import Path

import pytest

from plugins.guard.finding import ContentRefused
from plugins.syndication.source import Source, read_sources

GOOD = """
# Walt agreed on paper.
[[source]]
person = "walt-okafor"
feed = "https://walt.example/feed"
mode = "full"
review = false
tags = ["Work"]
consent = {given = 2026-10-01, version = 1, name = "first"}

[[source]]
person = "ana-ruiz"
feed = "https://ana.example/feed"
active = false
"""


def read(content: Path, text: str) -> list[Source]:
    (content / "sources.toml").write_text(text)
    return read_sources(content)


def lines(content: Path, text: str) -> list[str]:
    with pytest.raises(ContentRefused) as refused:
        read(content, text)
    return [str(finding) for finding in refused.value.findings]


def test_sources_are_read(content: Path) -> None:
    walt, ana = read(content, GOOD)
    assert walt == Source(
        "walt-okafor",
        "https://walt.example/feed",
        mode="full",
        review=False,
        tags=("Work",),
        consent=(
            ("given", datetime.date(2026, 10, 1)),
            ("version", 1),
            ("name", "first"),
            ("channels", ["site", "feeds", "cards"]),
        ),
    )
    assert ana == Source("ana-ruiz", "https://ana.example/feed", active=False)
    assert ana.review
    assert ana.mode == "excerpt"


def test_no_file_is_no_source(content: Path) -> None:
    assert read_sources(content) == []
    assert read(content, "") == []


def test_every_problem_is_listed_with_its_line(content: Path) -> None:
    said = lines(
        content,
        """[[source]]
person = "nobody-here"
feed = "ftp://x.example/"
mode = "most"
review = "no"
colour = "red"

[[source]]
feed = "https://walt.example/feed"
review = false

[[source]]
person = "walt-okafor"
feed = "https://walt.example/feed"
consent = {version = "one", channels = ["radio"], reason = "x"}
""",
    )
    found = {(int(line.split(":")[1]), line.split(": ", 1)[1]) for line in said}
    assert {line for line, _ in found} == {2, 3, 4, 5, 6, 8, 10, 14, 15}
    words = "\n".join(said)
    assert "Nobody is called 'nobody-here'" in words
    assert "no web address" in words
    assert "no field `colour`" in words
    assert "needs the author's consent" in words
    assert "This feed is there twice" in words
    assert "no day on which it was given" in words
    assert all(line.startswith("content/sources.toml:") for line in said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[source]]\nperson = "walt', "sources.toml:2: It cannot be read"),
        ('source = "x"', "not a list of tables"),
        ("[other]\nx = 1", "no table `other`"),
        ('[[source]]\nperson = 3\nfeed = ["x"]', "`person` is missing or no slug"),
        ('[[source]]\nconsent = "yes"', "`consent` is not a table"),
        ('[[source]]\ncategory = "two\\nlines"', "`category` is not one line"),
    ],
)
def test_what_is_wrong_is_said(content: Path, text: str, words: str) -> None:
    assert words in "\n".join(lines(content, text))


def test_a_file_that_is_not_utf8(content: Path) -> None:
    (content / "sources.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ContentRefused, match="not UTF-8"):
        read_sources(content)
