"""Texts that cost Markdown minutes, and bytes that are no text: refused at once, or read at once."""

from __future__ import annotations

import time

import pytest
from markdown import Markdown

from plugins.guard.document import read_document
from plugins.guard.html import clean_html
from plugins.guard.reader import MARKDOWN
from plugins.stories import check_content

from .hostile import Refused, assert_all_refused_by_a_build, assert_refused

LIMIT = 5  # seconds, on a busy machine; what is refused takes milliseconds
OPEN = "are not closed"
MARKS = "too many marks"
NESTED = "within each other"
REFUSED = {
    "[ x 5,000": ("[" * 5_000, OPEN),
    "[ x 20,000": ("[" * 20_000, OPEN),
    "[ with words": ("[a " * 3_000, OPEN),
    "[ closed at the end": ("[a " * 3_000 + "] " * 3_000, OPEN),
    "![ ": ("![a " * 2_500, OPEN),
    "links never closed": ("[a](b " * 1_800, OPEN),
    "links closed in code": ("[a `]` " * 1_600, MARKS),
    "> x 20,000": (">" * 20_000, "is repeated more than 200 times"),
    "> with spaces": ("> " * 6_000, NESTED),
    "* x 20,000": ("*" * 20_000, "is repeated"),
    "*a*a": ("*a" * 5_900, MARKS),
    "_ x 20,000 with stars": ("_*" * 6_000, MARKS),
    "` x 20,000": ("`" * 20_000, "is repeated"),
    "``a`": ("``a`" * 2_900, MARKS),
    "<a <a": ("<a " * 3_900, OPEN),
    "<http://": ("<http://" * 1_400, OPEN),
    "+ + +": ("+ " * 400 + "a", NESTED),
    "1. 1. 1.": ("1. " * 400 + "a", NESTED),
    "> - > -": ("> - " * 200 + "a", NESTED),
    "a list of thousands": ("- a\n" * 4_000, "more than 3,000 lines"),
    "headings by the thousand": ("# a\n" * 2_900, "without an empty one"),
    "a table of thousands": ("a|b\n-|-\n" + "a|b\n" * 2_900, "without an empty one"),
    "empty lines": ("\n" * 90_000, "more than 3,000 lines"),
    "a fence and spaces": ("```" + " " * 15_000 + "x", "spaces in a row"),
    "a huge line": ("word " * 5_000, "A line has more than"),
    "a huge paragraph": ("word word word word\n" * 390 * 2, "A paragraph has"),
    "a huge text": (("word " * 20 + "\n\n") * 1_200, "The text has"),
    "NUL": ("a\0b", "invisible control character"),
    "a bell": ("a\ab", "invisible control character"),
    "an escape": ("a\x1b[31mb", "invisible control character"),
    "a right-to-left override": ("a\u202egpj.exe", "invisible control character"),
    "an isolate": ("a\u2066b", "invisible control character"),
    "a zero-width space": ("a\u200bb", "invisible control character"),
    "a joiner in a Latin word": ("A\u200dda", "invisible control character"),
    "a line separator": ("a\u2028b", "invisible control character"),
    "a Hangul filler": ("a\u3164b", "invisible control character"),
    "a byte order mark inside": ("a\ufeffb", "invisible control character"),
    "no characters": ("a\uffffb", "invisible control character"),
}
CASES = {name: Refused(10, says, body=body + "\n") for name, (body, says) in REFUSED.items()}
CASES["[ after as many ]"] = Refused(12, OPEN, body="x] " * 2_000 + "\n\n" + "[x " * 2_000)
CASES["a deep list"] = Refused(40, "more than 120", body="\n".join("    " * n + "- a" for n in range(40)))
STORY = "---\ntitle: A\n---\n"
CASES["not UTF-8"] = Refused(
    5, "is not UTF-8", files={"stories/hostile/index.md": STORY.encode() + b"a\n\xff\xfe\n"}
)
CASES["UTF-16"] = Refused(1, "is not UTF-8", files={"stories/hostile/index.md": STORY.encode("utf-16")})
CASES["surrogates"] = Refused(
    4, "is not UTF-8", files={"stories/hostile/index.md": STORY.encode() + b"\xed\xa0\x80"}
)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_refused_at_once(site, case):
    started = time.perf_counter()
    assert_refused(site, case)
    assert time.perf_counter() - started < LIMIT


def test_a_build_of_all_of_them_publishes_nothing(site):
    assert_all_refused_by_a_build(site, CASES)


# Within the limits, and still what costs most: each was measured below two seconds.
ALLOWED = {
    "open brackets in every paragraph": ("[a " * 20 + "x " * 5_500 + "\n\n") * 4,
    "tags in one line": "<b>" * 20_000,
    "rows upon rows": ("a|b\n-|-\n" + "a|b\n" * 390 + "\n") * 4,
    "headings": ("# a\n" * 390 + "\n") * 4,
    "quotes": "\"'a " * 2_900,
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_what_is_allowed_is_read_in_time(tmp_path, body):
    file = tmp_path / "index.md"
    file.write_text(STORY + body + "\n")
    started = time.perf_counter()
    clean_html(Markdown(**MARKDOWN).convert(read_document(file).body), "/stories/x/")
    assert time.perf_counter() - started < LIMIT


def test_people_and_pages_have_the_same_limits(site):
    site.write("people/hostile.md", "---\nname: H\nkind: guest\n---\n" + "[" * 5_000)
    site.write("pages/hostile.md", "---\ntitle: H\n---\n\n" + "`" * 5_000)
    found = [(f.path, f.line) for f in check_content(site.content).findings]
    assert ("content/people/hostile.md", 5) in found
    assert ("content/pages/hostile.md", 5) in found


def test_what_people_write_is_no_hostile_text(site):
    for place, body in enumerate(
        (
            "Ein Satz mit 👩🏽‍🔧 und 🏳️‍🌈.\n",
            "می‌خواهم क्‍ष\n",
            "* * * * * * * * * * * * * * * * * *\n\nAfter a rule.\n",
            "- - - - - - - - - - - - - - - - - -\n\nAfter a rule.\n",
            "1. one\n    - two\n        - three\n            > four\n",
            "a\r\nb\rc\n",
            ("A dialogue.\n\n" * 1_400),
        )
    ):
        site.story(f"usual-{place}", body)
    assert check_content(site.content).findings == []
