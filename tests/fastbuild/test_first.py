"""A first site that is written by the processes that render it, copies of the build's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import pytest

from plugins.fastbuild.first import beside, bring
from plugins.fastbuild.heirs import may_be_born
from plugins.fastbuild.record import lay_of
from tests.conftest import ROOT
from tests.fastbuild.living.process import HEIRS

INDEXED = b"<html><head><meta charset=utf-8></head></html>"
HIDDEN = b'<html><head><meta name="robots" content="noindex"></head></html>'


def test_a_page_lies_as_it_is_said_to_lie(tmp_path):
    brought = bring(str(tmp_path), "stories/a/index.html", INDEXED)
    file = tmp_path / "stories/a/index.html"
    assert file.read_bytes() == INDEXED
    assert brought == (lay_of(os.lstat(file)), True)


def test_what_is_not_to_be_indexed_is_told(tmp_path):
    assert not bring(str(tmp_path), "404/index.html", HIDDEN).listed
    assert not bring(str(tmp_path), "feeds/all.atom.xml", INDEXED).listed


def test_half_a_page_of_a_worker_that_died_is_written_anew(tmp_path):
    file = tmp_path / "stories/a/index.html"
    file.parent.mkdir(parents=True)
    file.write_bytes(INDEXED[:9])
    brought = bring(str(tmp_path), "stories/a/index.html", INDEXED)
    assert file.read_bytes() == INDEXED
    assert brought.lay == lay_of(os.lstat(file))
    assert [path.name for path in file.parent.iterdir()] == ["index.html"]


def test_no_two_builds_have_one_folder_and_what_is_left_goes(tmp_path):
    root = tmp_path / "output"
    left = beside(root)
    left.mkdir()
    (left / "index.html").write_bytes(INDEXED)
    other = tmp_path / ".outputs.first-1"
    other.mkdir()
    assert beside(root) != left
    assert not left.exists()
    assert other.exists()


# A build in a process that is alone with itself, as `./inv build` is; the tests' own has threads.
BUILD = (
    HEIRS
    + """
import os, sys
from pathlib import Path
from plugins.fastbuild.build import build_site

parent, bring = os.getpid(), heirs.bring

def brought(folder, path, data):
    if os.getpid() == parent:
        raise SystemExit("made by the build itself: " + path)
    if path == "people/ada-brook/index.html" and {dies}:
        os._exit(1)
    return bring(folder, path, data)

if __name__ == "__main__":
    heirs.bring = brought
    report = build_site(Path(sys.argv[1]), quiet=True)
    print(report.rendered, report.written, report.files)
"""
)


def build_alone(site, dies=False):
    return subprocess.run(
        [sys.executable, "-B", "-c", BUILD.format(dies=dies), str(site.root / "pelicanconf.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("dies", [False, True], ids=["all live", "one dies"])
def test_a_first_site_is_the_same_whoever_writes_it(site, dies):
    def built():
        return {path: (site.output / path).read_bytes() for path in site.files()}

    rendered = site.build().rendered
    here = built()
    shutil.rmtree(site.output)
    shutil.rmtree(site.root / ".cache", ignore_errors=True)
    said = build_alone(site, dies)
    assert said.stdout.split()[-3:] == [str(rendered), str(len(here)), str(len(here))], said.stderr
    assert built() == here
    again = site.build()
    assert (again.read, again.written, again.removed) == (0, 0, 0)


def test_what_is_wrong_with_a_template_is_told_by_the_build(site):
    (site.root / "mine").mkdir()
    (site.root / "mine/index.html").write_text("{% extends 'nowhere.html' %}")
    with (site.root / "pelicanconf.py").open("a") as conf:
        conf.write(f"THEME_TEMPLATES_OVERRIDES = [{str(site.root / 'mine')!r}]\n")
    said = build_alone(site)
    assert said.returncode == 1
    assert "BuildFailed: " in said.stderr
    assert "nowhere.html" in said.stderr
    assert not site.output.exists()


def test_a_process_with_other_threads_has_no_heirs():
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    assert not may_be_born()
    stop.set()
    other.join()
