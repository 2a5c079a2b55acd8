"""Compiled templates are kept for the next build, and only while nothing that they depend on has changed."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from plugins.fastbuild.compiled import Compiled

STAMP = b"s" * 16


@pytest.fixture
def file(tmp_path):
    return tmp_path / "templates"


def compiled(file, source="a {{ b }}", stamp=STAMP, full=False):
    """One build that renders one page: what it says, and whether it compiled the template."""
    kept = Compiled(file, stamp, full)
    said = Environment(loader=DictLoader({"page.html": source}), bytecode_cache=kept).get_template(
        "page.html"
    )
    anew = kept._new
    kept.save()
    return said.render(b="c"), anew


def test_a_template_is_compiled_once(file):
    assert compiled(file) == ("a c", True)
    before = file.stat().st_mtime_ns
    assert compiled(file) == ("a c", False)
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("other", [{"source": "d {{ b }}"}, {"stamp": b"t" * 16}, {"full": True}], ids=str)
def test_it_is_compiled_again_where_something_changed(file, other):
    compiled(file)
    assert compiled(file, **other) == (other.get("source", "a {{ b }}").replace("{{ b }}", "c"), True)


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=repr)
def test_a_damaged_file_is_made_again(file, damage):
    compiled(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    assert compiled(file) == ("a c", True)
    assert compiled(file) == ("a c", False)


def test_pages_do_not_depend_on_it(file):
    assert repr(Compiled(file, STAMP, False)) == repr(Compiled(file.with_name("other"), b"t" * 16, True))


def test_what_another_process_compiled_is_taken(file):
    other = Compiled(file.with_name("other"), STAMP, full=True)
    Environment(loader=DictLoader({"page.html": "a {{ b }}"}), bytecode_cache=other).get_template("page.html")
    kept = Compiled(file, STAMP, full=False)
    kept.take(other.given())
    kept.save()
    assert compiled(file) == ("a c", False)
