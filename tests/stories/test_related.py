"""Related stories: what counts, and that the choice is stable."""

from __future__ import annotations

import datetime
import random

from hypothesis import given
from hypothesis import strategies as st

from plugins.stories.related import Subject, related


def subject(key, day=1, people=(), tags=(), collection=""):
    date = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=day)
    return Subject(key, key, date, frozenset(people), frozenset(tags), collection or key)


def test_people_count_more_than_tags_and_tags_more_than_the_collection():
    all_of_them = [
        subject("here", 1, ["ada"], ["lathes"], "workshop"),
        subject("same-person", 2, ["ada"]),
        subject("same-tag", 3, [], ["lathes"]),
        subject("same-collection", 4, [], [], "workshop"),
        subject("nothing", 5),
    ]
    assert related(all_of_them, 5)["here"] == ["same-person", "same-tag", "same-collection"]
    assert related(all_of_them, 5)["nothing"] == []


SUBJECTS = st.lists(
    st.builds(
        subject,
        st.text("abcdef", min_size=1, max_size=4),
        st.integers(0, 20),
        st.sets(st.sampled_from(["ada", "ivo", "ruth"])),
        st.sets(st.sampled_from("xyz")),
        st.sampled_from(["one", "two"]),
    ),
    unique_by=lambda item: item.key,
    max_size=30,
)


@given(SUBJECTS, st.randoms())
def test_the_choice_does_not_depend_on_the_order(subjects, rng: random.Random):
    shuffled = list(subjects)
    rng.shuffle(shuffled)
    found = related(subjects, 3)
    assert found == related(shuffled, 3)
    for key, others in found.items():
        assert key not in others
        assert len(others) == len(set(others)) <= 3
