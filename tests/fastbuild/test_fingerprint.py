"""Fingerprints: the same for the same values in every process, others for others."""

from __future__ import annotations

import datetime
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from plugins.fastbuild.fingerprint import SIZE, Fingerprints, Lookup, digest
from tests.fastbuild.living.process import ROOT

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(
    PLAIN | st.dates() | st.datetimes() | st.text().map(Markup),
    lambda some: st.lists(some, max_size=3).map(tuple) | st.dictionaries(st.text(), some, max_size=3),
    max_leaves=8,
)


@dataclass(frozen=True)
class Thing:
    name: str
    parts: tuple[object, ...] = ()
    hidden: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Other:
    name: str
    parts: tuple[object, ...] = ()


class Knows:
    def __init__(self, prints: bytes) -> None:
        self.prints = prints

    def fingerprint(self) -> bytes:
        return self.prints


def of(value: object) -> bytes:
    return Fingerprints().of(value)


def told(value: object) -> str:
    """A value with the types of all that it is made of, and its dicts' order."""
    if isinstance(value, dict):
        return f"dict{[(told(key), told(item)) for key, item in value.items()]}"
    if isinstance(value, tuple):
        return f"tuple{[told(item) for item in value]}"
    return f"{type(value)}{value!r}"


@settings(max_examples=300)
@given(VALUES, VALUES)
def test_values_have_the_same_fingerprint_exactly_when_they_are_the_same(one, other):
    assert len(of(one)) == SIZE
    assert (of(one) == of(other)) == (told(one) == told(other))
    assert of(Thing("a", (one,))) == of(Thing("a", (one,)))
    assert (of(Thing("a", (one,))) == of(Thing("a", (other,)))) == (told(one) == told(other))


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_one_s_fingerprint_does_not_depend_on_what_was_looked_at_before(values):
    prints = Fingerprints()
    assert [prints.of(Thing("a", (value, value))) for value in values] == [
        of(Thing("a", (value, value))) for value in values
    ]


_CODE = """
import pickle, sys
from plugins.fastbuild.fingerprint import Fingerprints
for value in pickle.load(sys.stdin.buffer):
    print(Fingerprints().of(value).hex())
"""


def test_every_process_finds_the_same_whatever_its_hash_seed(tmp_path):
    values = [
        ("a text", "täxt", 1, 1.5, True, None, b"bytes"),
        {"b": 1, "a": ["x", {"deep": (1, 2)}]},
        datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC),
        Markup("<b>"),
        Thing("intern", ("intern", "intern" * 30)),
    ]
    found = set()
    for number in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", _CODE], input=pickle.dumps(values), env=environment, capture_output=True
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout.decode())
    assert found == {"".join(f"{of(value).hex()}\n" for value in values)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>", Markup("<b>")),
        ("2026-05-01", datetime.date(2026, 5, 1)),
        (datetime.date(2026, 5, 1), datetime.datetime(2026, 5, 1)),
        (1, True),
        (1, 1.0),
        ("1", 1),
        ("a", b"a"),
        (None, ""),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"1": 0}, {1: 0}),
        (("ab", "c"), ("a", "bc")),
        ((("a",), "b"), (("a", "b"),)),
        (Thing("a"), Other("a")),
        (Thing("a"), Thing("b")),
        (Thing("a", (Thing("b"),)), Thing("a", (Thing("c"),))),
        (Knows(b"1"), Knows(b"2")),
    ],
)
def test_what_pages_would_show_otherwise_is_told_apart(one, other):
    assert of(one) != of(other)
    assert of((one,)) != of((other,))


def test_what_does_not_compare_does_not_count():
    assert of(Thing("a", hidden=1)) == of(Thing("a", hidden=2))


@pytest.mark.parametrize("value", [object(), {1, 2}, lambda: None, (1, object()), {"a": object()}])
def test_what_is_not_known_is_refused(value):
    with pytest.raises(TypeError, match="has no fingerprint"):
        of(value)


def test_plain_values_alone_have_a_digest():
    with pytest.raises(ValueError, match="unmarshallable"):
        digest(object())


def test_what_templates_look_up_counts_and_is_told():
    shown = {"a": 1}
    prints = Fingerprints((Lookup("picture", Thing, lambda thing: shown.get(thing.name)),))
    inner = Thing("a")
    before = prints.of((Other("x", (inner,)), inner))
    assert prints.asked() == (("picture", inner), ("picture", inner))
    assert prints.asked() == ()
    assert prints.of(Other("x", (inner,)))  # known by now; what was asked is told again
    assert prints.asked() == (("picture", inner),)
    shown["a"] = 2
    again = Fingerprints((Lookup("picture", Thing, lambda thing: shown.get(thing.name)),))
    assert again.of((Other("x", (inner,)), inner)) != before
    assert again.of(replace(inner, name="b")) != again.of(inner)
