"""`folder:`: a mirror that stays in its folder and touches nobody else's files."""

from pathlib import Path

import pytest

from plugins import FirsthandError
from plugins.publishing import SiteRefused, publish

from .made_site import URL, write

Said = list[str]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def send(output: Path, goal: Path) -> str:
    said: Said = []
    publish(output, f"folder:{goal}", URL, said.append)
    return said[-1]


def test_second_run_writes_nothing_and_gone_files_go(output: Path, tmp_path: Path) -> None:
    goal = tmp_path / "new" / "www"
    assert send(output, goal) == f"{goal}: {len(tree(output))} written, 0 removed."
    assert tree(goal).keys() - tree(output).keys() == {".firsthand-published"}
    times = {path: path.stat().st_mtime_ns for path in goal.rglob("*")}
    assert send(output, goal) == f"{goal}: 0 written, 0 removed."
    assert {path: path.stat().st_mtime_ns for path in goal.rglob("*")} == times

    (output / "theme/mark.svg").unlink()
    write(output, "theme/site.js", "'use strict'; // changed")
    write(output, "about.html", (output / "index.html").read_text())
    write(goal, "stories/withdrawn/deep/photo.jpg", "gone from the site")
    assert send(output, goal) == f"{goal}: 2 written, 2 removed."
    assert tree(goal).items() >= tree(output).items()
    assert not (goal / "stories/withdrawn").exists()
    assert not [path for path in goal.rglob(".*") if path.name != ".firsthand-published"]


def test_files_a_web_server_can_read(output: Path, tmp_path: Path) -> None:
    send(output, tmp_path / "www")
    assert all(
        path.stat().st_mode & 0o044 == 0o044 for path in (tmp_path / "www").rglob("*") if path.is_file()
    )


def test_folder_and_file_change_places(output: Path, tmp_path: Path) -> None:
    goal = tmp_path / "www"
    send(output, goal)
    write(output, "about/index.html", (output / "people/index.html").read_text())
    write(goal, "about", "a file")
    (goal / "robots.txt").unlink()
    write(goal, "robots.txt/nested/file", "a folder")
    send(output, goal)
    assert tree(goal).items() >= tree(output).items()


def test_foreign_folder_is_refused_and_untouched(output: Path, tmp_path: Path) -> None:
    write(tmp_path / "home", "letters.txt", "mine")
    with pytest.raises(FirsthandError, match=r"did not bring\. Choose an empty folder; or"):
        send(output, tmp_path / "home")
    assert tree(tmp_path / "home") == {"letters.txt": b"mine"}
    write(tmp_path / "home", ".firsthand-published", "")
    send(output, tmp_path / "home")
    assert not (tmp_path / "home/letters.txt").exists()


def test_links_in_the_folder_lead_nothing_outside(output: Path, tmp_path: Path) -> None:
    goal, outside = tmp_path / "www", tmp_path / "outside"
    send(output, goal)
    write(outside, "belt/index.html", "mine")
    for path in ("stories/belt/belt.jpg", "stories/belt/index.html"):
        (goal / path).unlink()
    (goal / "stories/belt").rmdir()
    (goal / "stories").rmdir()
    (goal / "stories").symlink_to(outside)
    (goal / "gone").symlink_to(outside)
    (goal / "robots.txt").unlink()
    (goal / "robots.txt").symlink_to(outside / "belt/index.html")
    send(output, goal)
    assert tree(outside) == {"belt/index.html": b"mine"}
    assert not (goal / "stories").is_symlink()
    assert not (goal / "gone").is_symlink()
    assert tree(goal).items() >= tree(output).items()


def test_the_hosts_own_folder_stays(output: Path, tmp_path: Path) -> None:
    send(output, tmp_path / "www")
    write(tmp_path / "www", ".well-known/acme-challenge/token", "a certificate's")
    send(output, tmp_path / "www")
    assert (tmp_path / "www/.well-known/acme-challenge/token").is_file()
    (tmp_path / "www/.well-known").rename(tmp_path / "certificates")
    (tmp_path / "www/.well-known").symlink_to(tmp_path / "certificates")
    send(output, tmp_path / "www")
    assert (tmp_path / "www/.well-known").is_symlink()
    write(output, ".well-known/security.txt", "Contact: mailto:a@example.org")
    send(output, tmp_path / "www")
    assert not (tmp_path / "certificates/security.txt").exists()
    assert (tmp_path / "www/.well-known/security.txt").is_file()


@pytest.mark.parametrize("place", [".", "deeper", ".."])
def test_folder_around_or_inside_the_output_is_refused(output: Path, place: str) -> None:
    before = tree(output.parent)
    with pytest.raises(FirsthandError, match="lie in each other"):
        send(output, output / place)
    assert tree(output.parent) == before


def test_file_in_the_place_of_the_folder(output: Path, tmp_path: Path) -> None:
    write(tmp_path, "www", "a file")
    with pytest.raises(FirsthandError, match=r"www is a file\. Publish to a folder"):
        send(output, tmp_path / "www")
    with pytest.raises(FirsthandError, match="Make it writable"):
        send(output, tmp_path / "www" / "below")


def test_nothing_leaves_while_something_is_wrong(output: Path, tmp_path: Path) -> None:
    write(output, "index.html", "<html lang='en'><title>Home</title>\n<a href='/no'>x</a>\n<p style=''>")
    with pytest.raises(SiteRefused) as refused:
        send(output, tmp_path / "www")
    assert [finding.line for finding in refused.value.findings] == [2, 3]
    assert str(refused.value).splitlines()[1] == (
        f"{output}/index.html:3: <p> has a style attribute. Use a class of the stylesheet."
    )
    assert not (tmp_path / "www").exists()
