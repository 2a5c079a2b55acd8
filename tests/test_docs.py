"""The README knows every setting, command and field; a new one without a word there fails here."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path

import pytest

from plugins.guard.content import KEYS
from plugins.guard.setting import Setting
from plugins.people.profile import FOCALS, KINDS, TINTS, Left, Profile, Role
from plugins.stories.consent import CHANNELS, STYLES
from plugins.stories.consent import KEYS as CONSENT_KEYS
from plugins.stories.story import CREDIT_KINDS, PERMISSIONS, PhotoNote
from tasks import namespace

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
WORDS = set(re.findall(r"[\w./-]+", README))


def declared() -> list[Setting]:
    found: list[Setting] = []
    for path in sorted((ROOT / "plugins").glob("*/settings.py")):
        found += importlib.import_module(f"plugins.{path.parent.name}.settings").SETTINGS
    return found


@pytest.mark.parametrize("setting", declared(), ids=lambda setting: setting.name)
def test_every_setting_is_in_the_table(setting):
    default = f'"{setting.default}"' if isinstance(setting.default, str) else str(setting.default)
    assert f"| `{setting.name}` | `{default}` |" in README
    assert setting.help


def test_the_table_names_no_setting_that_is_not_there():
    assert set(re.findall(r"^\| `(FIRSTHAND_\w+)`", README, re.M)) == {setting.name for setting in declared()}


@pytest.mark.parametrize("name", sorted(namespace.task_names))
def test_every_command_is_in_the_table(name):
    assert f"`./inv {name}`" in README
    assert namespace[name].__doc__


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_every_field_is_named(kind):
    missing = {key for key in KEYS[kind] if f"`{key}`" not in README}
    assert not missing


def test_every_field_within_a_field_and_every_choice_is_named():
    inner = {field.name for made_of in (Role, Left, PhotoNote) for field in dataclasses.fields(made_of)} - {
        "name"
    }
    words = {*inner, *KINDS, *TINTS, *FOCALS, *CHANNELS, *STYLES, *CREDIT_KINDS, *PERMISSIONS}
    assert words <= WORDS
    assert all(f"`consent.{key}`" in README or f"`{key}:" in README for key in CONSENT_KEYS)


def test_the_schema_and_the_allowlist_agree():
    profile = {field.name for field in dataclasses.fields(Profile)}
    assert KEYS["person"] == profile


def test_links_within_the_readme_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:|#|\{)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_no_file_names_a_machine_or_a_registry():
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "registry.npm" + "js")
    for name in ("requirements.lock", "README.md", "pyproject.toml", "inv", ".ci/run"):
        text = (ROOT / name).read_text("utf-8")
        assert not [host for host in hosts if host in text], name
