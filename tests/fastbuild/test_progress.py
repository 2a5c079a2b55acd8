"""The bar at a terminal where many things are done."""

import io
import re
import sys

import pytest

from plugins.fastbuild.progress import MANY, watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_many_things_at_a_terminal_have_a_bar_and_lines_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    with watched(MANY, "Feeds") as moved:
        for number in range(MANY):
            print(f"line {number}")
            moved()
    shown = screen.getvalue()
    assert "Feeds" in shown
    assert f"{MANY}/{MANY}" in shown
    assert re.findall(r"line \d", shown) == [f"line {number}" for number in range(MANY)]


@pytest.mark.parametrize(("total", "terminal"), [(MANY - 1, True), (MANY, False)])
def test_few_things_or_no_terminal_have_none(
    monkeypatch: pytest.MonkeyPatch, total: int, terminal: bool
) -> None:
    screen = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    with watched(total, "Feeds") as moved:
        moved()
    assert screen.getvalue() == ""
