"""Kept values: whole and under the right stamp, or not there."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.fastbuild.fingerprint import SIZE
from plugins.fastbuild.sealed import load, save, without_collecting

STAMP = b"s" * SIZE
VALUE = {"a": (1, "two"), "b": [b"three"]}


def test_what_was_kept_comes_back(tmp_path):
    save(tmp_path / "deep" / "kept", STAMP, VALUE)
    assert load(tmp_path / "deep" / "kept", STAMP) == VALUE


def test_under_another_stamp_or_name_there_is_nothing(tmp_path):
    save(tmp_path / "kept", STAMP, VALUE)
    assert load(tmp_path / "kept", b"t" * SIZE) is None
    assert load(tmp_path / "other", STAMP) is None


def test_every_single_altered_byte_and_every_cut_is_noticed(tmp_path):
    path = tmp_path / "kept"
    save(path, STAMP, VALUE)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert load(path, STAMP) is None
        path.write_bytes(whole[:at])
        assert load(path, STAMP) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
def test_no_file_of_somebody_else_is_taken_for_ours(tmp_path, raw):
    (tmp_path / "kept").write_bytes(raw)
    assert load(tmp_path / "kept", STAMP) is None


@pytest.mark.parametrize("was", [True, False])
def test_collecting_is_as_it_was(was):
    before = gc.isenabled()
    try:
        (gc.enable if was else gc.disable)()
        with without_collecting():
            assert not gc.isenabled()
        assert gc.isenabled() == was
    finally:
        (gc.enable if before else gc.disable)()
