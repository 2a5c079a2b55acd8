"""content/sources.toml: read whole, or refused with every problem and its line."""

import datetime
from pathlib import Path

import pytest

from plugins.guard.finding import ContentRefused
from plugins.syndication import CannotPull, pull
from plugins.syndication.health import health
from plugins.syndication.source import Source, check_sources, read_sources

from .blog import FEEDS
from .conftest import Served

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
    assert "`consent.given` is missing. Write the day on which it was given." in words
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


ONE = '[[source]]\nperson = "walt-okafor"\nfeed = "https://walt.example/feed"\n'


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        ("given = 2026-11-16", "The consent is from 2026-11-16, which is not yet."),
        ("given = 2026-10-01, until = 2026-09-30", "The consent ends before it was given."),
        ("given = 2026-10-01, channels = []", "`site` is not among its channels."),
        ('given = 2026-10-01, channels = ["feeds"]', "`site` is not among its channels."),
        ('given = 2026-10-01, channels = ["radio"]', "There is no channel 'radio'."),
        ("given = 2026-10-01, channels = [[]]", "`consent.channels` is not a list of texts."),
        ("given = 10:00:00", "`consent.given` is datetime.time(10, 0), not a date."),
        ("given = 2026-10-01, until = 1", "`consent.until` is 1, not a date. Write it like 2026-11-01."),
        (
            "given = 2026-10-01, shown_as = [1]",
            "`consent.shown_as` is not a text. Write `shown_as = a text`.",
        ),
        ('given = 2026-10-01, name = "other"', "Write the name to show: `shown_as = ...`."),
        ("given = 2026-10-01, version = true", "`consent.version` is not a text."),
        ("given = 2026-10-01, why = 1", "`consent.why` is not known."),
    ],
)
def test_a_consent_is_refused_by_the_rules_of_a_storys_own(content: Path, consent: str, words: str) -> None:
    (said,) = lines(content, f"{ONE}consent = {{{consent}}}\n")
    assert said.startswith("content/sources.toml:4: ")
    assert words in said
    table = f"{ONE}[source.consent]\n{consent.replace(', ', chr(10))}\n"
    assert words in lines(content, table)[0]


def test_the_consent_of_a_source_is_what_its_stories_say(content: Path) -> None:
    consent = (
        'given = 2026-10-01T10:00:00Z, until = 2027-10-01 10:00:00, version = "1b", name = "other", '
        'shown_as = "A fitter", channels = ["feeds", "site"]'
    )
    (source,) = read(content, f"{ONE}consent = {{{consent}}}\n")
    assert dict(source.consent) == {
        "given": datetime.date(2026, 10, 1),
        "version": "1b",
        "name": "other",
        "channels": ["site", "feeds"],
        "shown_as": "A fitter",
        "until": datetime.date(2027, 10, 1),
    }


def test_a_consent_that_has_ended_pauses_its_source(content: Path, served: Served) -> None:
    (content / "sources.toml").write_text(
        f'[[source]]\nperson = "walt-okafor"\nfeed = "{served.url}/feed"\n'
        "consent = {given = 2026-10-01, until = 2026-11-14}\n"
    )
    said: list[str] = []
    words = "paused, since the consent of walt-okafor ended on 2026-11-14. Ask for a new one"
    assert pull(content, source="walt-okafor", say=said.append).summary().startswith("0 new")
    assert served.asked == []
    assert said[0].startswith(f"{served.url}/feed: {words}")
    (finding,) = check_sources(content)
    assert (finding.line, finding.level) == (4, "hint")
    assert words in finding.message
    (row,) = health(content, datetime.datetime(2026, 11, 15, tzinfo=datetime.UTC))
    assert row.next.startswith(words)
    with pytest.raises(CannotPull, match=words):
        pull(content, file=FEEDS / "rss.xml", source="walt-okafor")
    # It lasts until that day is over.
    (content / "sources.toml").write_text(ONE + "consent = {given = 2026-10-01, until = 2026-11-15}\n")
    assert check_sources(content) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a = " + b"[" * 5_000, "lists or tables stand within each other"),
        (b"a = " + b"{b = " * 5_000, "lists or tables stand within each other"),
        (b'[[source]]\nmode = {a = "' + b"x" * 5_000 + b'"}', "`mode` is {'a': 'xxx"),
        (None, "It cannot be read: Is a directory."),
    ],
)
def test_what_is_no_list_of_sources(content: Path, data: bytes | None, words: str) -> None:
    path = content / "sources.toml"
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)
    with pytest.raises(ContentRefused) as refused:
        read_sources(content)
    said = "\n".join(str(finding) for finding in refused.value.findings)
    assert words in said
    assert len(said) < 1_000


def test_a_mark_of_windows_at_the_beginning_is_passed_over(content: Path) -> None:
    (content / "sources.toml").write_bytes(
        b"\xef\xbb\xbf" + ONE.encode() + b"consent = {given = 2027-01-01}\n"
    )
    with pytest.raises(ContentRefused, match=r"sources\.toml:4: The consent is from 2027-01-01"):
        read_sources(content)
    (content / "sources.toml").write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    assert read_sources(content)[0].person == "walt-okafor"
    assert check_sources(content) == []
