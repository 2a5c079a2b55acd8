"""What stops a build is told in one line: where, what is wrong, and what to do."""

from __future__ import annotations

import errno
import shutil
import subprocess

import pytest

from plugins.fastbuild.build import BuildFailed
from plugins.fastbuild.failure import told_plainly
from tests.conftest import ROOT


@pytest.fixture
def themed(site):
    """The small site with a theme of its own; `themed(name, text)` builds it with this template added to."""
    shutil.copytree(ROOT / "theme", site.root / "theme", ignore=shutil.ignore_patterns("*.woff2"))
    site.story()

    def build(name, text):
        path = site.root / "theme" / "templates" / name
        lines = path.read_text("utf-8").count("\n") if path.exists() else 0
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
        site.build(THEME=str(site.root / "theme"))
        return lines + 1

    return build


def refused(themed, site, name, text):
    """What the build says; the line is the template's last."""
    with pytest.raises(BuildFailed) as caught:
        themed(name, text)
    said = str(caught.value)
    assert "\n" not in said
    path = site.root / "theme" / "templates" / name
    place = f"{path}:{path.read_text('utf-8').count(chr(10)) + 1}: "
    assert said.startswith(place)
    return said.removeprefix(place)


@pytest.mark.parametrize("name", ["base.html", "article.html", "page.html"])
def test_a_syntax_error(themed, site, name):
    said = refused(themed, site, name, "{% if %}")
    assert said == "Expected an expression, got 'end of statement block'. Mend it there."


@pytest.mark.parametrize("shows", ["{{ nowhere.name }}", "{% if page is defined %}{{ nowhere }}{% endif %}"])
def test_an_undefined_name(themed, site, shows):
    said = refused(themed, site, "base.html", shows)
    assert said == "'nowhere' is undefined. Correct the name there; a page is given what its template shows."


def test_an_unknown_filter(themed, site):
    assert refused(themed, site, "base.html", "{{ SITENAME|louder }}") == (
        "No filter named 'louder'. Mend it there."
    )


def test_a_missing_template(themed, site):
    said = refused(themed, site, "base.html", "{% include 'none.html' %}")
    assert said == "There is no template none.html. Correct the name, or put it into templates/."


def test_what_python_says_of_a_template(themed, site):
    said = refused(themed, site, "base.html", "{{ 1 + SITENAME }}")
    assert said == "unsupported operand type(s) for +: 'int' and 'str'. Mend it there."


def test_a_mended_template_builds(themed, site):
    with pytest.raises(BuildFailed):
        themed("base.html", "{% if %}")
    path = site.root / "theme" / "templates" / "base.html"
    path.write_text(path.read_text("utf-8").removesuffix("{% if %}"), "utf-8")
    assert themed("base.html", "") > 1
    assert "A test" in site.page("stories/a-test/")


def test_what_an_editor_links_to_nowhere_meanwhile_stops_nothing(themed, site):
    theme = site.root / "theme"
    for name in ("templates/.#base.html", "translations/.#en.toml", "static/.#site.css"):
        (theme / name).symlink_to("somebody@nowhere.1")
    themed("base.html", "<!-- again -->")
    assert "<!-- again -->" in site.page("")


def test_a_theme_without_a_template_that_is_needed(site):
    shutil.copytree(ROOT / "theme", site.root / "theme", ignore=shutil.ignore_patterns("*.woff2"))
    (site.root / "theme" / "templates" / "person.html").unlink()
    with pytest.raises(BuildFailed, match=r"no template person\.html"):
        site.build(THEME=str(site.root / "theme"))


def test_a_folder_where_the_build_keeps_a_file(site):
    site.build()
    kept = site.root / "cache" / "read"
    kept.unlink()
    kept.mkdir()
    with pytest.raises(BuildFailed, match=r"cache/read: .*Remove the folder.*build again\."):
        site.build()


def test_a_file_where_the_build_keeps_its_files(site):
    shutil.rmtree(site.root / "cache", ignore_errors=True)
    (site.root / "cache").touch()
    with pytest.raises(BuildFailed, match=r"cache: .*build again\."):
        site.build()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device. Make room on the disk"),
        (PermissionError(errno.EACCES, "Permission denied", "output"), "output: Permission denied. Give the"),
        (RuntimeError("Warning or error encountered"), "The build stopped at the error above"),
    ],
)
def test_the_disk_and_pelican(error, said):
    with pytest.raises(BuildFailed, match=said) as caught, told_plainly():
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [RuntimeError("other"), KeyError("x"), OSError("without a number")])
def test_a_fault_of_the_code_stays_what_it_is(error):
    with pytest.raises(type(error)) as caught, told_plainly():
        raise error
    assert caught.value is error


def test_on_a_full_disk_a_build_says_so_and_the_next_one_is_right(site, tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(room)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("Only the superuser can mount a small disk.")
    site.build()
    wanted = {path: (site.output / path).read_bytes() for path in site.files()}
    try:
        places = {"OUTPUT_PATH": str(room / "output"), "CACHE_PATH": str(room / "cache")}
        with pytest.raises(BuildFailed, match="Make room"):
            site.build(**places)
        subprocess.run(["mount", "-o", "remount,size=40m", str(room)], check=True)
        site.build(**places)
        assert {path: (room / "output" / path).read_bytes() for path in wanted} == wanted
    finally:
        subprocess.run(["umount", str(room)], check=True)
