"""What runs without a person: the production settings, the workflow and the script of the CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/publish.yml"
SHOW = """
import publishconf as conf
print(conf.SITEURL, conf.FEED_DOMAIN, conf.RELATIVE_URLS, conf.FIRSTHAND_PUBLISH_TO, conf.PATH)
"""


def settings(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTHAND_")}
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "url", [None, "", "stories.example.org", "ftp://x.org", "https://", "https://x.org/?a"]
)
def test_production_build_needs_its_address(url: str | None) -> None:
    done = settings(**({} if url is None else {"FIRSTHAND_SITEURL": url}))
    assert done.returncode == 1
    assert done.stderr.startswith(f"publishconf.py: FIRSTHAND_SITEURL is {url or ''!r}. Set it to")
    assert len(done.stderr.splitlines()) == 1


def test_production_settings_follow_the_local_ones() -> None:
    done = settings(FIRSTHAND_SITEURL="https://x.org/told/ ", FIRSTHAND_PUBLISH_TO="folder:/www")
    assert done.stdout == "https://x.org/told https://x.org/told False folder:/www content\n", done.stderr


def test_workflow_has_the_least_rights_and_no_secrets() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["build"]["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "secrets." not in text
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name)] == []


def test_script_of_the_ci_runs_from_a_clone() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "\nset -euo pipefail\n" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)
