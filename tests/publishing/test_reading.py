"""Whatever a file holds, the check says so and goes on."""

import contextlib
import io
from pathlib import Path
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins.publishing.page import candidates, read_page
from plugins.publishing.pictures import agrees, measure
from plugins.publishing.site import Site
from plugins.publishing.tree import read_tree

MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "!",
            "[",
            "]",
            "--",
            "<![if",
            "<!DOCTYPE",
            "<script>",
            "</script>",
            "<svg>",
            "<a href=",
            "&",
            "#x",
            "'",
        ]
    )
    | st.text(max_size=4)
).map("".join)


@given(MARKUP)
def test_any_text_can_be_read_as_a_page(text: str) -> None:
    assert read_page(text).problems


@given(MARKUP)
def test_any_text_is_xml_or_said_not_to_be(text: str) -> None:
    for data in (text.encode(errors="replace"), f"<a>{text}</a>".encode(errors="replace")):
        with contextlib.suppress(ExpatError):
            assert read_tree(data).name


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    made = {}
    for suffix in ("png", "jpeg", "gif", "webp"):
        data = io.BytesIO()
        Image.new("RGB", (9, 7), "teal").save(data, suffix)
        made[suffix] = data.getvalue()
    return made


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["png", "jpeg", "gif", "webp"]), st.integers(0, 400), st.binary(max_size=8))
def test_any_bytes_are_a_picture_or_said_not_to_be(
    pictures: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, suffix: str, at: int, other: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"broken.{suffix}"
    path.write_bytes(pictures[suffix][:at] + other + pictures[suffix][at + len(other) * 2 :])
    with contextlib.suppress(ValueError):
        assert measure(path)


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(1, 4000))
def test_a_size_scaled_and_rounded_agrees(width: int, height: int, shown: int) -> None:
    assert agrees((shown, max(1, round(shown * height / width))), (width, height))


@given(
    url=st.text(max_size=30),
    path=st.sampled_from(["index.html", "stories/x/index.html", "feeds/all.atom.xml"]),
)
def test_any_address_has_a_place(url: str, path: str, empty_site: Site) -> None:
    place = empty_site.place(path, url)
    assert not place.path.startswith(("/", ".."))


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(Path(tmp_path_factory.mktemp("output")), "https://stories.example.org/told")


@pytest.mark.parametrize(
    ("srcset", "urls"),
    [
        ("", []),
        ("a.jpg", ["a.jpg"]),
        ("a.jpg 1x, b.jpg 2x,", ["a.jpg", "b.jpg"]),
        (" a,b.jpg 480w,\n\tc.jpg 960w ", ["a,b.jpg", "c.jpg"]),
        ("data:image/gif;base64,R0 1x", ["data:image/gif;base64,R0"]),
    ],
)
def test_srcset(srcset: str, urls: list[str]) -> None:
    assert candidates(srcset) == urls
