"""The fingerprint of the code: of every module that may be loaded, and of the libraries."""

from __future__ import annotations

import pytest

from plugins.fastbuild import code as module


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PLUGINS", tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.py").write_text("a = 1", "utf-8")
    return tmp_path


def found():
    """As a new process finds it."""
    module.code.cache_clear()
    try:
        return module.code()
    finally:
        module.code.cache_clear()


def test_it_changes_with_any_module(plugins):
    before = found()
    assert found() == before
    (plugins / "deep" / "a.py").write_text("a = 2", "utf-8")
    changed = found()
    (plugins / "deep" / "a.py").rename(plugins / "a.py")
    assert len({before, changed, found()}) == 3


def test_it_changes_with_a_library(plugins, monkeypatch):
    before = found()
    monkeypatch.setattr(module, "version", lambda name: "0")
    assert found() != before


def test_what_is_no_module_counts_for_nothing(plugins):
    before = found()
    (plugins / "notes.txt").touch()
    (plugins / ".#a.py").symlink_to("somebody@nowhere.1")
    assert found() == before
