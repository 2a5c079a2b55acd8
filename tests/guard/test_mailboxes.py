"""E-mail addresses taken out of what somebody else wrote, in whatever way they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.guard.html import clean_html
from plugins.guard.mailboxes import has_mailbox, name_alone, without_mailboxes

BASE = "https://w.example/"


@pytest.mark.parametrize(
    "written",
    [
        "bob@leak.example",
        "b.ob+x@leak.co.example",
        "bob%40leak.example",
        "bob [at] leak.example",
        "bob(at)leak.example",
        "bob {AT} leak (dot) example",
        "bob @ leak.example",
        "bob at leak dot example",
        "bob&#64;leak.example",
        "bob&commat;leak&period;example",
        "bob&amp;#x40;leak.example",
        "bob<b>@</b>leak.example",
        "bob@<b>leak</b>.example",
        "bob\uff20leak.example",
        '<a href="mailto:bob@leak.example">bob</a>',
        '<a href=" MAILTO&colon;bob%40leak.example?subject=x">bob</a>',
        '<a href="https://x.example/?to=bob%40leak.example">bob</a>',
    ],
)
def test_an_address_goes_however_it_is_written(written: str) -> None:
    kept = clean_html(without_mailboxes(clean_html(f"<p>Ask {written} today.</p>", BASE)), BASE)
    assert "leak" not in kept
    assert "Ask" in kept
    assert "today." in kept


@pytest.mark.parametrize(
    "said",
    [
        "See https://social.example/@sam, or @sam there.",
        "We met at the mill at 7.30 (at last).",
        "bob [at] the mill",
        "5 kg @ 3.50 each",
        "I was at home. Dot was not.",
    ],
)
def test_what_is_none_stays(said: str) -> None:
    assert without_mailboxes(said) == said
    assert not has_mailbox(said)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Ann (Halle)", "Ann (Halle)"),
        ("Ann (Halle) <ann@x.example>", "Ann (Halle)"),
        ("ann@x.example (Ann (Halle))", "Ann (Halle)"),
        ("ann@x.example (Ann)", "Ann"),
        ("Ann (ann@x.example)", "Ann"),
        ("Ann [ann(at)x.example]", "Ann"),
        ("ann&#64;x.example", ""),
        ("walt@localhost (Walt)", "Walt"),
        ("(Ann)", "(Ann)"),
    ],
)
def test_a_name_keeps_its_brackets_and_loses_its_address(said: str, name: str) -> None:
    assert name_alone(said) == name


@given(
    st.text(max_size=40), st.sampled_from(["@", "%40", "(at)", " [at] ", "&amp;#64;"]), st.text(max_size=40)
)
def test_whatever_stands_around_it(before: str, at: str, after: str) -> None:
    assert "leak" not in without_mailboxes(f"{before} bob{at}leak.example {after}")
