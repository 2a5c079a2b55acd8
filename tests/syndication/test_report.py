"""What a pull says."""

from plugins.syndication.report import Outcome, PullReport, digest


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
