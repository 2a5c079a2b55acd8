"""The ledger: what staff did here, to be believed later, and nothing else."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.conversations.ledger import Entry, Ledger, sha256_of
from plugins.guard.finding import ContentRefused

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CREATED = 1_790_000_000.123456
WORDS = "We open at six.\n\nCome by."


def reply(**changes):
    fields = {"provider": "isso", "story": "the-line", "id": "12", "created": CREATED, "by": "mara-lind"}
    return Entry(**{"kind": "reply", **fields, "at": AT, "sha256": sha256_of(WORDS), **changes})


def needless(**changes):
    fields = {"provider": "isso", "story": "the-line", "id": "13", "created": CREATED, "by": "mara-lind"}
    return Entry(**{"kind": "no reply needed", **fields, "at": AT, "reason": "Only thanks.", **changes})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "content" / "conversations" / "ledger.jsonl"


def test_what_is_appended_is_read_again(path):
    written = Ledger.read(path)
    written.append(reply())
    written.append(needless())
    for ledger in (written, Ledger.read(path)):
        assert ledger.who_wrote("isso", "the-line", "12", CREATED, sha256_of(WORDS)) == "mara-lind"
        assert ledger.settled("isso", "the-line", "13", int(CREATED)) == needless()
    assert json.loads(path.read_text().splitlines()[0]) == {
        "kind": "reply",
        "provider": "isso",
        "story": "the-line",
        "id": "12",
        "created": CREATED,
        "by": "mara-lind",
        "at": "2026-11-20T09:30:00Z",
        "sha256": sha256_of(WORDS),
    }


@pytest.mark.parametrize(
    ("provider", "story", "id", "created", "text"),
    [
        ("waline", "the-line", "12", CREATED, WORDS),
        ("isso", "another", "12", CREATED, WORDS),
        ("isso", "the-line", "13", CREATED, WORDS),
        ("isso", "the-line", "12", CREATED + 0.5, WORDS),  # the id, given to the next comment
        ("isso", "the-line", "12", CREATED, WORDS + " "),  # edited since
    ],
)
def test_a_comment_that_differs_in_anything_is_nobodys(path, provider, story, id, created, text):
    ledger = Ledger(path, (reply(),))
    assert ledger.who_wrote(provider, story, id, created, sha256_of(text)) is None


def test_a_comment_that_has_the_id_of_a_settled_one_is_not_settled(path):
    ledger = Ledger(path, (needless(),))
    assert ledger.settled("isso", "the-line", "13", CREATED)
    assert not ledger.settled("isso", "the-line", "13", CREATED + 60)
    assert not ledger.settled("isso", "the-line", "12", CREATED)
    assert ledger.who_wrote("isso", "the-line", "13", CREATED, "") is None


def test_a_line_without_its_end_stays_a_line(path):
    path.parent.mkdir(parents=True)
    path.write_text(reply().line())
    Ledger.read(path).append(needless())
    assert path.read_text() == f"{reply().line()}\n{needless().line()}\n"


def test_two_who_write_at_once_lose_nothing(path):
    path.parent.mkdir(parents=True)

    def write(number):
        Ledger(path).append(reply(id=str(number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {json.loads(line)["id"] for line in path.read_text().splitlines()} == {str(n) for n in range(12)}


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< HEAD",
        "[]",
        '{"kind": "badge"}',
        '{"kind": ["reply"]}',
        reply().line().replace("mara-lind", "Mara Lind"),
        reply().line().replace(str(CREATED), "NaN"),
        reply().line().replace(str(CREATED), "1" + "0" * 400),
        reply().line().replace("2026-11-20", "2026-13-20"),
        needless().line().replace("Only thanks.", ""),
    ],
)
def test_a_wrong_line_is_named_with_its_number(path, line):
    path.parent.mkdir(parents=True)
    path.write_text(f"{reply().line()}\n\n{line}\n")
    with pytest.raises(ContentRefused) as refused:
        Ledger.read(path)
    assert [(found.path, found.line) for found in refused.value.findings] == [
        ("content/conversations/ledger.jsonl", 3)
    ]


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.dictionaries(st.sampled_from(sorted(reply().__dict__)), inner),
        max_leaves=9,
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_file_is_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "ledger.jsonl"
    path.write_bytes(data)
    try:
        ledger = Ledger.read(path)
    except ContentRefused:
        return
    assert ledger.who_wrote("isso", "the-line", "12", CREATED, sha256_of(WORDS)) is None


def test_a_link_is_not_followed(path, tmp_path):
    path.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").write_text(reply().line())
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ContentRefused, match="symbolic link"):
        Ledger.read(path)


def test_a_time_beyond_the_calendar_is_refused(path):
    path.parent.mkdir(parents=True)
    path.write_text(reply().line().replace("2026-11-20T09:30:00Z", "0001-01-01T00:00:00+14:00") + "\n")
    with pytest.raises(ContentRefused, match="`at` is '0001-01-01T00:00:00"):
        Ledger.read(path)
