"""Whatever a provider tells, and told before: nobody else's comment is touched, and nothing is told twice."""

import json

from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.merge import merge, of_provider
from plugins.conversations.names import name_of, teller_of, told_by
from plugins.conversations.written import in_order, text_of

IDS = st.sampled_from(["1", "2", "3", "isso-1", "discourse-2", "9", "10"])
TIMES = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-02T00:00:00.5Z"])


@st.composite
def threads(draw, provider, own):
    ids = draw(st.lists(IDS, unique=True, max_size=6))
    found = []
    for raw in ids:
        parent = draw(st.none() | IDS)
        found.append(
            {
                "id": name_of(provider, raw, own),
                "parent": None if parent in (None, raw) else name_of(provider, parent, own),
                "author": draw(st.none() | st.just("Ann")),
                "url": None,
                "published": draw(TIMES),
                "html": draw(st.sampled_from(["<p>a</p>", "<p>b</p>"])),
                "staff": None,
            }
        )
    return found


OWN = st.sampled_from(["isso", "feed", "discourse"])


@given(st.data(), OWN)
def test_merging(data, own):
    document = {"provider": own, "fetched": None, "comments": data.draw(threads("feed", own))}
    for provider in data.draw(st.lists(st.sampled_from(["isso", "discourse"]), max_size=4)):
        told = data.draw(threads(provider, own))
        before = [one for one in document["comments"] if one not in of_provider(document, provider)]
        merged = merge(document, provider, told)
        names = [one["id"] for one in merged.comments]
        assert len(set(names)) == len(names)
        assert {one["id"] for one in told} <= set(names)
        assert all(one in merged.comments for one in before)
        document["comments"] = merged.comments
        again = merge(document, provider, told)
        assert not again.is_other
        assert again.comments == merged.comments
        assert merge(document, provider, reversed(told)).comments == merged.comments
        for one in of_provider(document, provider):  # what was answered has a place, or never had one
            assert one in told or (
                one["gone"] and any(other["parent"] == one["id"] for other in merged.comments)
            )


@given(st.lists(st.text(max_size=20), max_size=5), OWN, OWN)
def test_names_are_one_to_one_and_tell_who_told(raws, provider, own):
    for raw in raws:
        name = name_of(provider, raw, own)
        assert told_by(name, own)[0] == provider
        if own != provider:
            assert teller_of(name) == provider
    assert len({name_of(provider, raw, own) for raw in raws}) == len(set(raws))


def test_a_very_long_id_is_shortened_and_still_its_own():
    one, other = (name_of("discourse", "x" * 500 + end, "isso") for end in "ab")
    assert one != other
    assert len(one) < 40


def test_numbers_in_ids_count_as_numbers_and_the_text_is_the_same_whoever_was_first():
    def said(name):
        return {"id": name, "parent": None, "published": "2026-01-01T00:00:00Z", "html": "ü"}

    comments = [said(name) for name in ("10", "9", "isso-2", "b")]
    assert [one["id"] for one in in_order(comments)] == ["9", "10", "b", "isso-2"]
    document = {"provider": "isso", "fetched": None, "comments": comments}
    other = {**document, "comments": comments[::-1]}
    assert text_of(document) == text_of(other)
    assert "ü" in text_of(document)
    assert json.loads(text_of(document))["comments"] == in_order(comments)
