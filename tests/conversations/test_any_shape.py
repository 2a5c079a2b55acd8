"""Whatever stands where in an answer, a thread comes of it or a sentence: nothing else goes wrong."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.conversations.cleaned import cleaned
from plugins.conversations.heard import Json, Misshapen
from plugins.conversations.providers import remark42, waline, webmention

from .asked import NOW, recorded

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["", "0", "https://[", "2026-13-40", "9999-12-31T23:59:59-23:59", "\ud800", "javascript:a"]
    ),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"text": 1, "html": None, "value": []}),
)
READ = {
    "remark42/find.json": lambda told: remark42._without_lone_tombstones(
        remark42._said(told.items("comments"))
    ),
    "waline/comments.json": lambda told: waline._said(told.inner("data").items("data")),
    "webmention/mentions.json": lambda told: map(webmention._said, told.items("children")),
}
ANSWERS = {name: recorded(name) for name in READ}


def paths(value, above=()):
    """Every place in an answer."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, found in inner:
        yield (*above, key)
        yield from paths(found, (*above, key))


PLACES = [(name, path) for name, answer in ANSWERS.items() for path in paths(answer)]


@settings(deadline=None)
@given(st.sampled_from(PLACES), ANYTHING)
def test_any_value_anywhere(place, value):
    name, path = place
    answer = copy.deepcopy(ANSWERS[name])
    inner = answer
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    try:
        said = [one for one in READ[name](Json(answer, "It")) if one is not None]
    except Misshapen as why:
        said = []
        assert str(why).endswith(".")  # noqa: PT017 - both ways are right
    for one in said:
        written = cleaned(one, "isso", "isso", "/stories/x/", NOW)
        assert written is None or "javascript:" not in f"{written['url']}{written.get('place')}"
