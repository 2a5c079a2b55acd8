"""What a pull says, and the bar where many are pulled at a terminal."""

import io
import re
import sys

import pytest

from plugins.syndication.report import MANY, Outcome, PullReport, digest, watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_what_and_why_on_one_line() -> None:
    line = Outcome("new", "A\ntitle \x1b[31mred", "a draft in stories/a-title").line()
    assert line == "  new     A title [31mred: a draft in stories/a-title"
    assert Outcome("same", "", "stories/a").line() == "  same    (no title): stories/a"


def test_one_digest_for_a_source_and_a_question_once() -> None:
    ask = "the feed says 'Walt' wrote it."
    outcomes = [Outcome("new", str(n), "", f"s{n}", True, (ask,)) for n in range(5)]
    outcomes += [Outcome("same", "x", "", "s9"), Outcome("gone", "y", "", "s8", asks=("ask her.",))]
    assert digest("walt", outcomes) == [
        "  walt leaves you 5 new stories to read and 2 questions.",
        f"    stories/s0, stories/s1, stories/s2 and 2 more: {ask}",
        "    stories/s8: ask her.",
    ]
    assert digest("walt", outcomes[:1], dry_run=True)[0] == (
        "  walt would leave you 1 new story to read and 1 question."
    )
    assert digest("walt", [Outcome("same", "x", "")]) == []


def test_the_summary_counts_everything() -> None:
    report = PullReport()
    report.note(Outcome("new", "a", "", "a", True))
    report.note(Outcome("gone", "b", "", "b"))
    report.comments, report.failed = 2, {"x": "why"}
    assert report.written == ["a"]
    assert report.summary() == (
        "1 new, 0 the same, 0 changed, 0 skipped; 1 gone from its feed; 2 comments brought;"
        " 1 feed could not be read."
    )
    report.stopped = True
    assert report.summary().endswith("what was done is kept, and the next pull does the rest.")


def test_many_sources_at_a_terminal_have_a_bar_and_lines_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    with watched(MANY) as moved:
        for number in range(MANY):
            print(f"line {number}")
            moved()
    shown = screen.getvalue()
    assert "Feeds" in shown
    assert f"{MANY}/{MANY}" in shown
    assert re.findall(r"line \d", shown) == [f"line {number}" for number in range(MANY)]


@pytest.mark.parametrize(("total", "terminal"), [(MANY - 1, True), (MANY, False)])
def test_few_sources_or_no_terminal_have_none(
    monkeypatch: pytest.MonkeyPatch, total: int, terminal: bool
) -> None:
    screen = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    with watched(total) as moved:
        moved()
    assert screen.getvalue() == ""
