"""The words that name a target: what is read, and what is refused before anything runs."""

from pathlib import Path

import pytest

from plugins import FirsthandError
from plugins.publishing import publish
from plugins.publishing.targets import TARGETS, find_target
from plugins.publishing.targets.rsync import Rsync

from .made_site import URL


@pytest.mark.parametrize(
    "target",
    [
        "", "somewhere", "/var/www", "ftp:host", "--rsh=sh", "folder:", "folder: ", "folder:a\0b",
        "rsync:", "rsync:--rsh=touch /tmp/x", "rsync:-e sh@host:/www", "rsync:-oProxyCommand=x:/www",
        "rsync:a@-oProxyCommand=x:/www", "rsync:-a@host:/www", "rsync:host", "rsync:relative/path",
        "rsync:host:", "rsync:host:/", "rsync:host:~", "rsync:host:~/", "rsync:host:./", "rsync:/",
        "rsync:host:/..", "rsync:host:www/../..", "rsync:host:-x", "rsync:host:/a b", "rsync:host:/$(id)",
        "rsync:host:/`id`", "rsync:host:/x;id", "rsync:host::module", "rsync:rsync://host/module",
        "rsync:host:/www\nx", "pages:", "pages:--force", "pages:-f", "pages:a..b",
        "pages:a b", "pages:/x", "pages:x/", "pages:x.lock", "pages:origin/-f", "pages:a:b", "pages:@{0}",
    ],
)  # fmt: skip
def test_wrong_target_is_refused_before_the_check(target: str, tmp_path: Path) -> None:
    with pytest.raises(FirsthandError) as refused:
        publish(tmp_path / "missing", target, URL, print)
    assert "missing" not in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "target",
    [
        "folder:/var/www/site", "folder:~/site", "folder:C", "rsync:mara@stories.example.org:/var/www/site/",
        "rsync:host:www", "rsync:host:~/www", "rsync:me@[2001:db8::1]:/www", "rsync:/mnt/disk/www",
        "pages:gh-pages", "pages:origin/gh-pages", " pages:site ",
    ],
)  # fmt: skip
def test_good_target_is_read(target: str) -> None:
    assert find_target(target)


def test_every_target_is_named_to_who_asks() -> None:
    with pytest.raises(FirsthandError, match=r"Begin it with one of folder:, rsync:, pages:\."):
        find_target("ftp:x")
    assert set(TARGETS) == {"folder", "rsync", "pages"}


def test_rsync_place_always_ends_in_a_slash() -> None:
    assert Rsync.read("host:/www") == Rsync.read("host:/www/") == Rsync("host:/www/")


@pytest.mark.parametrize("url", ["", "http://localhost:8000", "http://127.0.0.1"])
def test_site_needs_an_address_readers_reach(output: Path, tmp_path: Path, url: str) -> None:
    with pytest.raises(FirsthandError, match="Set FIRSTHAND_SITEURL"):
        publish(output, f"folder:{tmp_path / 'www'}", url, print)


def test_missing_output(tmp_path: Path) -> None:
    with pytest.raises(FirsthandError, match="Build the site first"):
        publish(tmp_path / "output", f"folder:{tmp_path / 'www'}", URL, print)
