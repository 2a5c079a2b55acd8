"""The exports that Isso and Pelican try their own importers with: nobody wrote them for us."""

from importlib.metadata import files

import pytest

from plugins.conversations.imports import FORMATS
from plugins.guard.exports import pieces


def theirs(package: str, name: str) -> bytes:
    found = [file.locate() for file in files(package) or () if str(file).endswith(name)]
    if not found:
        pytest.skip(f"{package} came without its tests")
    return found[0].read_bytes()


@pytest.mark.parametrize(
    ("package", "name", "kind", "parents", "left_out"),
    [
        ("isso", "tests/disqus.xml", "disqus", ["4", "4 < 5", "11", "8"], {"deleted": 1, "in no thread": 1}),
        (
            "isso",
            "tests/wordpress.xml",
            "wordpress",
            ["2", "6", "6 < 7", "7 < 8", "7 < 9", "10", "11", "11"],
            {},
        ),
        ("pelican", "content/wordpressexport.xml", "wordpress", ["116", "116 < 117", "122"], {"deleted": 1}),
    ],
)
def test_what_is_in_them(package, name, kind, parents, left_out):
    data = theirs(package, name)
    assert [one for one, export in FORMATS.items() if export.known(data)] == [kind]
    export = FORMATS[kind].read(pieces(data))
    said = [one for thread in export.threads for one in thread.said]
    assert [f"{one.parent} < {one.id}" if one.parent else one.id for one in said] == parents
    assert export.left_out == left_out
