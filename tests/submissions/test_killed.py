"""The receiver as a process of its own, many storytellers at once, and kill -9 at any moment.

Five hundred, and twenty kills: python -m tests.submissions.crowd --stories 500 --at-once 20 --kills 20
"""

from __future__ import annotations

import pytest

from .crowd import crowd


@pytest.mark.slow
@pytest.mark.parametrize("kills", [0, 4])
def test_every_receipt_that_was_shown_has_its_branch_and_none_has_two(tmp_path, tell, kills):
    counted = crowd(tmp_path, stories=24, at_once=6, kills=kills)
    tell(f"Submissions: {counted}")
    assert len(counted.shown) == len(set(counted.shown)) == counted.rows == 24
    assert not counted.lost
    assert not counted.twice
    assert sum(counted.branches.values()) == 24
    assert counted.kills == kills
