"""Stories that come as pull requests by hand: who may do what, and what a stranger's findings can say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Site

WORDS = ROOT / ".ci" / "words.py"
PINNED = re.compile(r"actions/[a-z-]+@[0-9a-f]{40}")
SPEC = importlib.util.spec_from_file_location("ci_words", WORDS)
assert SPEC is not None
assert SPEC.loader is not None
words = importlib.util.module_from_spec(SPEC)
sys.modules["ci_words"] = words
SPEC.loader.exec_module(words)


def workflow(path: str) -> tuple[dict[Any, Any], str]:
    text = (ROOT / path).read_text("utf-8")
    found = yaml.safe_load(text)
    found["on"] = found.pop(True, found.get("on"))  # YAML 1.1 reads "on" as true
    return found, "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


CHECK, SAY = ".github/workflows/check.yml", ".github/workflows/say.yml"
FORGEJO_CHECK, FORGEJO_SAY = ".forgejo/workflows/check.yml", ".forgejo/workflows/say.yml"


def test_github_checks_strangers_files_with_nothing_to_steal():
    found, text = workflow(CHECK)
    assert list(found["on"]) == ["pull_request"]  # with pull_request_target it would have our rights
    assert found["permissions"] == {}
    assert [job["permissions"] for job in found["jobs"].values()] == [{"contents": "read"}]
    assert "secrets" not in text
    assert "github.token" not in text
    checkouts = [step for step in found["jobs"]["check"]["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["path"] for step in checkouts] == ["ours", "theirs"]
    assert not any(step["with"]["persist-credentials"] for step in checkouts)
    assert checkouts[0]["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_github_runs_our_code_on_their_content_only():
    found, _ = workflow(CHECK)
    steps = found["jobs"]["check"]["steps"]
    ran = [(step.get("working-directory", ""), step["run"]) for step in steps if "run" in step]
    commands = [
        f"{folder}: {line.strip()}" for folder, run in ran for line in run.splitlines() if line.strip()
    ]
    theirs = [command for command in commands if "theirs" in command]
    assert theirs == ["ours: ./inv check --json --content ../theirs/content > ../said/after.json || true"]
    assert all(re.match(r"ours: (mkdir|\./inv )|: python3 ours/", command) for command in commands)


def test_github_writes_without_any_of_their_code_or_files():
    found, text = workflow(SAY)
    assert found["on"] == {
        "workflow_run": {"workflows": [workflow(CHECK)[0]["name"]], "types": ["completed"]}
    }
    assert found["permissions"] == {}
    (job,) = found["jobs"].values()
    assert job["if"] == "github.event.workflow_run.event == 'pull_request'"
    assert job["permissions"] == {"actions": "read", "contents": "read", "pull-requests": "write"}
    (checkout,) = [step for step in job["steps"] if "uses" in step]
    assert set(checkout["with"]) == {"sparse-checkout", "persist-credentials"}  # no ref: the main branch
    assert checkout["with"]["sparse-checkout"] == ".ci"
    (step,) = [step for step in job["steps"] if "run" in step]
    assert "${{" not in step["run"]  # what they named reaches the shell as a value, never as its words
    assert "eval" not in step["run"]
    programs = set(re.findall(r"(?:\b(?:python3|bash|sh|source) +|\./)(\S+)", step["run"]))
    assert programs == {".ci/words.py"}
    assert text.count("${{ github.token }}") == 1
    # The findings are a stranger's: nothing in them says where to write.
    assert step["run"].index("number=") < step["run"].index("gh run download")
    subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_gitlab_checks_without_a_token_and_lets_gitlab_show_it():
    found = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text("utf-8"))
    text = (ROOT / ".gitlab-ci.yml").read_text("utf-8")
    assert found["workflow"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert set(found) == {"workflow", "check"}
    assert not re.search(r"TOKEN|PASSWORD|SECRET|curl", text)
    script = found["check"]["script"]
    entered = script.index("cd .ours")
    before, after = script[:entered], script[entered:]
    assert all(command.startswith("git ") for command in before)
    assert all(re.match(r"cd \.ours|\./inv check|python3 \.ci/words\.py", command) for command in after)
    assert found["check"]["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}
    subprocess.run(["bash", "-n"], input="\n".join(script), text=True, check=True)


def test_forgejo_checks_unprivileged_and_says_where_to_look():
    check, text = workflow(FORGEJO_CHECK)
    assert list(check["on"]) == ["pull_request"]
    assert "secrets" not in text
    fetch, read = check["jobs"]["check"]["steps"]
    assert set(re.findall(r"^\s*(?:for .*do )?(git|set)\b", fetch["run"], re.M)) == {"git", "set"}
    assert "env" not in read  # what runs on their files has been given no token
    assert "${{" not in read["run"] + fetch["run"]
    assert [line for line in read["run"].splitlines() if "theirs" in line] == [
        "./inv check --json --content ../theirs/content > ../after.json || true"
    ]
    say, _ = workflow(FORGEJO_SAY)
    (step,) = say["jobs"]["say"]["steps"]
    assert say["on"] == {"pull_request_target": {"types": ["opened"]}}
    assert "git" not in step["run"]
    assert "${{" not in step["run"]
    given = " ".join(step["env"].values())
    assert set(re.findall(r"\$\{\{ (\S+) \}\}", given)) == {
        "github.token",
        "github.api_url",
        "github.repository",
        "github.event.pull_request.number",
    }
    for run in (fetch["run"], read["run"], step["run"]):
        subprocess.run(["bash", "-n"], input=run, text=True, check=True)


@pytest.mark.parametrize("path", [CHECK, SAY, FORGEJO_CHECK, FORGEJO_SAY])
def test_foreign_steps_are_named_by_their_commit(path):
    _, text = workflow(path)
    assert [name for name in re.findall(r"uses: (\S+)", text) if not PINNED.fullmatch(name)] == []


def test_all_of_it_for_a_fork_as_the_jobs_do_it(make_site, tmp_path):
    """The commands of the jobs, on a site whose fork adds one story with something missing."""
    fork: Site = make_site("small")
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    check = [sys.executable, "-m", "invoke", "check", "--json", "--content", str(fork.content)]
    before.write_bytes(subprocess.run(check, cwd=ROOT, capture_output=True, check=False).stdout)
    fork.story("from-a-fork", consent="")
    after.write_bytes(subprocess.run(check, cwd=ROOT, capture_output=True, check=False).stdout)
    said = {
        how: subprocess.run(
            [sys.executable, str(WORDS), how, str(after), "--before", str(before)],
            capture_output=True,
            text=True,
            check=False,
        )
        for how in words.SAYS
    }
    assert {how: done.returncode for how, done in said.items()} == {
        "lines": 1,
        "marks": 1,
        "remark": 0,
        "quality": 0,
    }
    file = "content/stories/from-a-fork/index.md"
    assert said["lines"].stdout.startswith(f"{file}:")
    assert said["marks"].stdout.startswith(f"::error file={file},line=")
    assert said["remark"].stdout.startswith(words.MARK)
    assert f"\n    {file}:" in said["remark"].stdout
    report = json.loads(said["quality"].stdout)
    assert {one["location"]["path"] for one in report} == {file}


HOSTILE = {
    "path": "a\n::set-env name=X::y,b:c",
    "line": "7\n",
    "level": "error",
    "message": "@everyone ![x](https://evil.example/x) <img src=x>\n\n## Approved\n```\n\u202e",
    "fix": "::error::%0A" + "x" * 9999,
}


def test_strangers_words_are_text_in_a_code_block_and_no_command(tmp_path, capsys):
    file = tmp_path / "after.json"
    file.write_text(json.dumps([HOSTILE]))
    words.main(["remark", str(file)])
    remark = capsys.readouterr().out
    (line,) = [line for line in remark.splitlines() if "everyone" in line]
    assert line.startswith("    ")
    assert len(line) < 900
    assert [line for line in remark.splitlines() if line.startswith("#")] == []
    assert words.main(["marks", str(file)]) == 1
    marks = capsys.readouterr().out
    assert marks.count("\n") == 1
    assert marks.startswith("::error file=a %3A%3Aset-env name=X%3A%3Ay%2Cb%3Ac,line=1::@everyone")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(HOSTILE)) | st.text(), inner),
        max_leaves=12,
    )
)
def test_whatever_json_a_stranger_sends_is_said_line_by_line_or_refused(found):
    findings = words.new([words._found(one) for one in found], []) if _findings(found) else []
    for how in ("lines", "marks", "remark"):
        for line in words.SAYS[how](findings):
            assert "\n" not in line
            assert "\r" not in line
    json.loads("\n".join(words.SAYS["quality"](findings)))


def _findings(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, dict) for one in found)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", "Traceback", "[" * 100_000])
def test_check_that_broke_off_is_no_silent_success(tmp_path, capsys, text):
    file = tmp_path / "after.json"
    file.write_text(text)
    assert words.main(["marks", str(file)]) == 2
    assert "did not come to its end" in capsys.readouterr().err


def test_file_too_large_is_not_read(tmp_path, capsys):
    file = tmp_path / "after.json"
    file.write_bytes(b" " * (words.LARGEST + 1))
    assert words.main(["remark", str(file)]) == 2
    assert capsys.readouterr().out == ""


def test_nothing_missing_is_said_kindly(tmp_path, capsys):
    file = tmp_path / "after.json"
    file.write_text("[]")
    assert words.main(["remark", str(file)]) == 0
    assert "finds nothing missing" in capsys.readouterr().out


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
case "$*" in
  *"/pulls "*) printf '%s' "$NUMBER";;
  "run download"*) mkdir -p "$RUNNER_TEMP/said" && cp "$SAID"/* "$RUNNER_TEMP/said/";;
  *"--paginate"*) printf '%s' "$FORMER";;
esac
"""


@pytest.mark.parametrize(
    ("number", "former", "calls", "last"),
    [
        ("7", "", 4, "--method POST repos/jo/site/issues/7/comments"),
        ("7", "55\n66", 4, "--method PATCH repos/jo/site/issues/comments/55"),
        ("", "", 1, "repos/jo/site/pulls"),
    ],
    ids=["first", "again", "moved on"],
)
def test_githubs_words_are_written_where_github_says(tmp_path, number, former, calls, last):
    """The step itself, with a `gh` that notes what it is asked."""
    tools, said, temp, log = (tmp_path / name for name in ("tools", "said", "temp", "log"))
    for folder in (tools, said, temp):
        folder.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "gh").chmod(0o755)
    (said / "before.json").write_text("[]")
    (said / "after.json").write_text(json.dumps([HOSTILE]))
    found, _ = workflow(SAY)
    (step,) = [step for step in found["jobs"]["say"]["steps"] if "run" in step]
    env = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "jo/site",
        "RUNNER_TEMP": str(temp),
        "RUN": "1",
        "OWNER": "stranger; touch owned",
        "BRANCH": "$(touch owned)",
        "SHA": "0" * 40,
        "LOG": str(log),
        "SAID": str(said),
        "NUMBER": number,
        "FORMER": former,
    }
    subprocess.run(["bash", "-e", "-c", step["run"]], cwd=ROOT, env=env, capture_output=True, check=True)
    asked = log.read_text().split("\napi ")
    assert "-f head=stranger; touch owned:$(touch owned)" in asked[0]
    assert len(log.read_text().splitlines()) >= calls
    assert last in log.read_text()
    assert not (ROOT / "owned").exists()
    if number:
        assert (temp / "remark.md").read_text().startswith(words.MARK)


def test_forgejos_fetch_brings_both_sides(tmp_path):
    """The step itself, on a repository with a pull request."""
    found, _ = workflow(FORGEJO_CHECK)
    fetch = found["jobs"]["check"]["steps"][0]["run"]

    def git(*command: str) -> None:
        who = ("-c", "user.name=Jo", "-c", "user.email=jo@example.org")
        subprocess.run(["git", *who, *command], cwd=tmp_path / "site", check=True, capture_output=True)

    (tmp_path / "site").mkdir()
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "The site")
    (tmp_path / "site" / "story.md").write_text("Theirs.\n")
    git("add", "story.md")
    git("commit", "-q", "-m", "A story")
    git("update-ref", "refs/pull/3/head", "HEAD")
    git("reset", "-q", "--hard", "HEAD^")
    (tmp_path / "run").mkdir()
    env = {**os.environ, "FROM": f"file://{tmp_path}/site", "BASE": "main", "NUMBER": "3"}
    subprocess.run(
        ["bash", "-e", "-c", fetch], cwd=tmp_path / "run", env=env, capture_output=True, check=True
    )
    assert (tmp_path / "run" / "theirs" / "story.md").read_text() == "Theirs.\n"
    assert sorted(path.name for path in (tmp_path / "run" / "ours").iterdir()) == [".git"]
