"""A first site that is written by the workers who render it."""

from __future__ import annotations

import os
import shutil

from plugins.fastbuild import render
from plugins.fastbuild.first import beside, bring
from plugins.fastbuild.record import lay_of

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


def test_a_first_site_is_the_same_whoever_writes_it(site, monkeypatch):
    def built():
        return {path: (site.output / path).read_bytes() for path in site.files()}

    site.build()
    here = built()
    shutil.rmtree(site.output)
    monkeypatch.setattr(render, "PARCEL", 5)
    monkeypatch.setattr(render, "FEW", 5)
    assert site.build(full=True).written == len(here)
    assert built() == here
    again = site.build()
    assert (again.written, again.removed) == (0, 0)
