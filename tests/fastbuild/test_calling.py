"""A site's own filters: whatever they depend on, down to what they name, changes their fingerprint."""

from __future__ import annotations

import builtins
import itertools
import types

import pytest

from plugins.fastbuild.calling import fingerprint_of, travels
from plugins.guard.template import direction


@pytest.fixture
def load(tmp_path):
    """A module of the site's own, as pelicanconf.py is one: loaded anew at every build."""

    def loaded(text, name="conf"):
        path, module = tmp_path / f"{name}.py", types.ModuleType(name)
        path.write_text(text, "utf-8")
        module.__file__ = str(path)
        exec(compile(text, str(path), "exec"), module.__dict__)
        return module

    return loaded


SAME = """
WORD = "one"
def helper(value):
    return value + WORD
def own(value):
    return helper(value)
"""


def test_the_same_file_gives_the_same(load):
    assert fingerprint_of(load(SAME).own) == fingerprint_of(load(SAME).own)


def test_another_file_gives_another(load):
    assert fingerprint_of(load(SAME).own) != fingerprint_of(load(f"{SAME}\n# more").own)


CASES = [
    "import os\nWORD = word\ndef own(value):\n    return value + WORD",
    "def make(word):\n    return lambda value: value + word\nown = make(word)",
    "def make(word):\n    def one(value, more=word):\n        return more\n    return one\nown = make(word)",
    "def make(word):\n    def one(value, *, more=word):\n        return 1\n    return one\nown = make(word)",
    "WORD = word\ndef helper():\n    return WORD\ndef own(value):\n    return helper() + value",
    "WORD = word\ndef own(value):\n    return [WORD for _ in value]",
    "one = lambda value: 1\ntwo = lambda value: 2\nown = one if word == 'a' else two",
    "class Own:\n    def __init__(self):\n        self.word = word\n    def say(self, value):\n"
    "        return self.word\nown = Own().say",
]


@pytest.mark.parametrize("text", CASES)
def test_what_a_function_holds_or_names_counts(load, monkeypatch, text):
    monkeypatch.setattr(builtins, "word", "a", raising=False)
    one, same = fingerprint_of(load(text).own), fingerprint_of(load(text).own)
    monkeypatch.setattr(builtins, "word", "b", raising=False)
    assert one == same != fingerprint_of(load(text).own)


def test_a_module_that_it_names_counts(load):
    text = "def own(value):\n    return helpers.say(value)"
    found = set()
    for body in ("return 1", "return 2", "return 2"):
        module = load(text)
        module.helpers = load(f"def say(value):\n    {body}", "helpers.py")
        found.add(fingerprint_of(module.own))
    assert len(found) == 2


def test_functions_that_name_each_other_come_to_an_end(load):
    text = "def one(value):\n    return own(value)\ndef own(value):\n    return one(value)"
    assert fingerprint_of(load(text).own) == fingerprint_of(load(text).own)


def test_what_cannot_be_told_is_new_in_every_build(load):
    module = load("THING = object()\ndef own(value):\n    return THING")
    assert fingerprint_of(module.own) != fingerprint_of(module.own)
    assert fingerprint_of(object()) != fingerprint_of(object())


def test_ours_and_the_library_s_stay(load):
    for function in (direction, len, "a b".split, str.upper, itertools.chain):
        assert travels(function)
    assert fingerprint_of(direction) == fingerprint_of(direction) != fingerprint_of(len)
    assert fingerprint_of(len) == fingerprint_of(len)
    assert fingerprint_of({"a": 1}) == fingerprint_of({"a": 1})


def test_a_site_s_own_function_does_not_travel(load):
    module = load(
        "class Own:\n    def __call__(self, value):\n        return value\ndef own(value):\n    return 1"
    )
    assert not travels(module.own)
    assert not travels(module.Own())
    assert travels("a value")
