"""Commands as people type them, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WRONG = "tests/sites/wrong/content"


def inv(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "invoke", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_check_says_what_the_wrong_site_expects():
    done = inv("check", "--content", WRONG)
    expected = (ROOT / "tests/sites/wrong/expected.txt").read_text("utf-8").splitlines()
    assert done.stdout.splitlines()[:-1] == expected
    assert done.returncode == 1


def test_check_of_one_file_and_as_json():
    done = inv("check", "--content", WRONG, "--json", "--file", f"{WRONG}/stories/sells/index.md")
    assert [finding["level"] for finding in json.loads(done.stdout)] == ["hint"]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--file", "nope.md"], "There is no file nope.md."),
        (["check", "--content", "nope"], "There is no folder nope."),
        (["check", "--file", "README.md"], "README.md is not in content/."),
        (["serve", "--port", "abc"], "'abc' is not a port."),
        (["new-story", "--title", "A", "--author", "nobody-at-all"], "There is no person 'nobody-at-all'."),
        (["pull", "--file", "README.md", "--source", "nobody-at-all"], "nobody called 'nobody-at-all'"),
        (["pull", "--file", "README.md", "--source", "samira-haddou", "--dry-run"], "README.md"),
        (["reply", "no-such-story/1", "--by", "desmond-tull"], "no-such-story is not a published story"),
        (["listen.settle", "the-machine-that-screamed/51", "--by", "desmond-tull"], "Say why no answer"),
        (["comments.restore", "README.md"], "README.md is no database of Isso's"),
    ],
)
def test_what_is_typed_wrong_is_said_plainly(words, said):
    done = inv(*words)
    assert said in done.stdout + done.stderr
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
