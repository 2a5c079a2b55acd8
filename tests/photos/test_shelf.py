"""What is kept of photographs: nothing is read twice, nothing old stays for ever, and nothing is trusted."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins.guard import seen
from plugins.photos import published
from plugins.photos.derivatives import Made, Version
from plugins.photos.shelf import DAY, FORMAT, INDEX, KEPT_DAYS, Shelf

from .test_clean_photo import picture, saved
from .test_derivatives import field

NOW = 20_000 * DAY + 5.0
MADE = Made(3, (Version(".avif", 40, b"avif"), Version(".jpg", 40, b"the jpeg", True)))


@pytest.fixture(autouse=True)
def _exact_clock(monkeypatch):
    """Files of tests are younger than a file has to be before it is trusted."""
    monkeypatch.setattr(seen, "TICK", 0)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(saved(picture(), "JPEG"))
    return path


def shelf(tmp_path: Path, days: float = 0, **options) -> Shelf:
    return Shelf(tmp_path / "photos", now=NOW + days * DAY, **options)


def filled(tmp_path: Path, source: Path, days: float = 0) -> str:
    at = shelf(tmp_path, days)
    key, _ = at.read(source, False)
    at.keep(key, MADE)
    at.close()
    return key


def test_what_is_kept_is_found_again_without_reading_the_source(tmp_path, source):
    key = filled(tmp_path, source)
    at = shelf(tmp_path)
    assert at.key(source, False) == key
    kept = at.find(key)
    assert (kept.placeholder, [version[:3] for version in kept.versions]) == (
        3,
        [(".avif", 40, False), (".jpg", 40, True)],
    )
    assert [at.data(kept, 0), at.data(kept, 1)] == [b"avif", b"the jpeg"]


def test_a_face_is_kept_beside_the_same_photograph(tmp_path, source):
    filled(tmp_path, source)
    at = shelf(tmp_path)
    assert at.find(at.key(source, True)) is None


def test_another_way_of_making_them_is_another_key(tmp_path, source, monkeypatch):
    filled(tmp_path, source)
    monkeypatch.setattr("plugins.photos.shelf.VERSION", "another")
    at = shelf(tmp_path)
    assert at.find(at.key(source, False)) is None


def test_a_source_of_the_same_size_and_time_is_read_again(tmp_path, source):
    filled(tmp_path, source)
    before = source.stat()
    source.write_bytes(source.read_bytes()[:-1] + b"x")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert shelf(tmp_path).key(source, False) is None


def test_a_source_that_is_gone_has_no_key(tmp_path, source):
    filled(tmp_path, source)
    source.unlink()
    assert shelf(tmp_path).key(source, False) is None


def test_a_full_build_takes_nothing_that_was_there_before(tmp_path, source):
    key = filled(tmp_path, source)
    at = shelf(tmp_path, full=True)
    assert at.key(source, False) is None
    assert at.find(key) is None


def test_without_its_index_a_shelf_knows_what_lies_on_it(tmp_path, source):
    key = filled(tmp_path, source)
    kept = shelf(tmp_path).find(key)
    (tmp_path / "photos" / INDEX).unlink()
    at = shelf(tmp_path)
    assert at.key(source, False) is None
    assert at.read(source, False)[0] == key
    assert at.find(key) == kept


@pytest.mark.parametrize("harm", [lambda raw: raw[:-1], lambda raw: b"", lambda raw: b"[2" + raw, None])
def test_what_a_disk_lost_is_not_shown(tmp_path, source, harm):
    key = filled(tmp_path, source)
    file = tmp_path / "photos" / f"{key}.made"
    file.write_bytes(harm(file.read_bytes())) if harm else file.unlink()
    listed = shelf(tmp_path)
    assert listed.data(listed.find(key), 1) is None
    (tmp_path / "photos" / INDEX).unlink()
    assert shelf(tmp_path).find(key) is None


def test_what_a_disk_altered_is_not_shown_either(tmp_path, source):
    key = filled(tmp_path, source)
    file, index = tmp_path / "photos" / f"{key}.made", tmp_path / "photos" / INDEX
    kept = shelf(tmp_path).find(key)
    whole, listed = file.read_bytes(), index.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        found = [shelf(tmp_path).data(kept, number) for number in (0, 1)]
        assert None in found
        assert set(found) <= {None, *(version.data for version in MADE.versions)}
    file.write_bytes(whole)
    for at in range(len(listed)):
        index.write_bytes(listed[:at] + bytes([listed[at] ^ 1]) + listed[at + 1 :])
        assert shelf(tmp_path).key(source, False) is None
        assert shelf(tmp_path).find(key) == kept


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda some: st.lists(some, max_size=5) | st.dictionaries(st.text(max_size=3), some, max_size=3),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | VALUES | st.tuples(VALUES, VALUES, VALUES, VALUES))
def test_an_index_that_makes_no_sense_counts_as_none(tmp_path, source, found):
    key = filled(tmp_path, source)
    if isinstance(found, tuple):
        pruned, shapes, file, made = found
        found = [FORMAT, pruned, shapes, {str(source): file}, {key: made}]
    line = found if isinstance(found, bytes) else json.dumps(found).encode()
    seal = hashlib.blake2b(line, digest_size=16).hexdigest()
    (tmp_path / "photos" / INDEX).write_bytes(f"{seal} ".encode() + line)
    at = shelf(tmp_path)
    assert at.key(source, False) in (None, key)
    again, _ = at.read(source, False)
    assert again == key
    at.keep(key, MADE)
    at.close()
    assert at.data(at.find(key), 1) == b"the jpeg"


def test_what_nobody_uses_goes_after_thirty_days_and_what_is_used_stays(tmp_path, source):
    other = tmp_path / "y.jpg"
    other.write_bytes(saved(field(60, 40), "JPEG"))
    kept, gone = filled(tmp_path, source), filled(tmp_path, other)
    folder = tmp_path / "photos"
    (folder / ".writing-abc").write_bytes(b"a build that was killed")
    (folder / "old").mkdir()
    (folder / "old" / "clean").write_bytes(b"as it was kept once")
    for path in folder.rglob("*"):
        os.utime(path, (NOW, NOW))
    for day in (1, 20, KEPT_DAYS, KEPT_DAYS + 1):
        at = shelf(tmp_path, day)
        assert at.find(at.key(source, False))
        at.close()
        assert (folder / f"{gone}.made").exists() == (day <= KEPT_DAYS)
    assert {path.name for path in folder.iterdir()} == {INDEX, f"{kept}.made"}
    assert str(other) not in (folder / INDEX).read_text()


def test_the_index_is_written_only_if_something_is_new(tmp_path, source):
    filled(tmp_path, source)
    before = (tmp_path / "photos" / INDEX).stat()
    at = shelf(tmp_path)
    at.find(at.key(source, False))
    at.close()
    assert (tmp_path / "photos" / INDEX).stat() == before


# From here on whole sites.

_opened: list[str] | None = None


def _hear(event: str, values: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(values[0]))


sys.addaudithook(_hear)


def of_photographs(site):
    files = [path for path in site.output.rglob("*") if path.suffix in (".jpg", ".png", ".avif")]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in files}


def with_two(site):
    site.write("stories/a-test/a.jpg", saved(field(1000, 600), "JPEG"))
    site.write("stories/a-test/b.jpg", saved(field(500, 300), "JPEG"))
    site.story(photos="{a.jpg: {alt: A, credit: B}, b.jpg: {alt: A, credit: B}}", cover="b.jpg")
    return site


def test_a_build_in_which_nothing_changed_opens_no_photograph(site, monkeypatch):
    with_two(site).build()
    before = of_photographs(site)
    monkeypatch.setattr(published, "make_all", lambda jobs: iter(list(jobs) and [1 / 0]))
    global _opened
    _opened = []
    try:
        report = site.build()
    finally:
        opened, _opened = _opened, None
    assert [path for path in opened if path.endswith((".jpg", ".png", ".avif", ".made"))] == []
    assert any(path.endswith(INDEX) for path in opened)
    assert (report.written, report.removed) == (0, 0)
    assert of_photographs(site) == before


def test_whatever_became_of_the_site_s_files_the_next_build_makes_it_right(site):
    with_two(site).build()
    before = of_photographs(site)
    folder = site.output / "stories/a-test"
    (folder / "a.480.avif").unlink()
    (folder / "a.jpg").write_bytes(b"x" * (folder / "a.jpg").stat().st_size)
    (folder / "b.jpg").unlink()
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    kept = [path for path in (site.root / "cache/photos").iterdir() if path.suffix == ".made"]
    kept[0].unlink()
    kept[1].write_bytes(kept[1].read_bytes()[:200])
    site.build()
    assert {path: raw for path, (raw, *_) in of_photographs(site).items()} == {
        path: raw for path, (raw, *_) in before.items()
    }
    assert not (folder / "b.jpg").is_symlink()


def test_the_same_photograph_in_two_places_is_made_once(site):
    site.build()
    before = len(list((site.root / "cache/photos").glob("*.made")))
    for name in ("a", "b"):
        site.write(f"stories/{name}-test/p.jpg", saved(Image.new("RGB", (600, 400)), "JPEG"))
        site.story(f"{name}-test", title=f"Test {name}", photos="{p.jpg: {alt: A, credit: B}}")
    site.build()
    assert len(list((site.root / "cache/photos").glob("*.made"))) == before + 1
    for name in ("a", "b"):
        assert {path.name for path in (site.output / f"stories/{name}-test").glob("p.*")} == {
            "p.jpg",
            "p.480.jpg",
            "p.480.avif",
            "p.600.avif",
        }


def test_an_edited_photograph_is_made_anew_and_its_pages_with_it(site):
    with_two(site).build()
    site.write("stories/a-test/b.jpg", saved(field(700, 300), "JPEG"))
    site.build()
    assert 'width="700" height="300"' in site.page("stories/a-test/")
    files = {path.name for path in (site.output / "stories/a-test").glob("b.*")}
    assert files == {"b.jpg", "b.480.jpg", "b.480.avif", "b.700.avif"}


BUILD = """
import sys
from pathlib import Path
from plugins.fastbuild.build import build_site
build_site(Path(sys.argv[1]), quiet=True)
"""


@pytest.mark.slow
def test_a_build_that_is_killed_at_any_point_is_finished_by_the_next(site):
    names = [f"p{number}.jpg" for number in range(6)]
    for number, name in enumerate(names):
        site.write(f"stories/a-test/{name}", saved(field(800 + number, 500), "JPEG"))
    site.story(photos="{" + ", ".join(f"{name}: {{alt: A, credit: B}}" for name in names) + "}")
    root = Path(__file__).parents[2]
    for wait in (0.9, 1.3, 1.7, 2.1):
        build = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(site.root / "pelicanconf.py")],
            cwd=root,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
    site.build()
    got = {path: raw for path, (raw, *_) in of_photographs(site).items()}
    site.build(OUTPUT_PATH=str(site.root / "other"), CACHE_PATH=str(site.root / "other-cache"))
    site.output = site.root / "other"
    want = {path: raw for path, (raw, *_) in of_photographs(site).items()}
    assert {path.relative_to(site.root / "output"): raw for path, raw in got.items()} == {
        path.relative_to(site.root / "other"): raw for path, raw in want.items()
    }
    assert not list((site.root / "output").rglob(".writing-*"))
