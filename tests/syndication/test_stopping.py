"""A pull that ends in the middle, two at once, and one that only says what it would do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.database import URL
from plugins.syndication import CannotPull, pull
from plugins.syndication.bring import _alone
from plugins.syndication.shelf import MAKING

from .blog import FEEDS, Blog, forget, run, tree
from .conftest import Served

ROOT = Path(__file__).resolve().parents[2]
COUNT = 40
ITEM = (
    "<item><guid>{n}</guid><link>https://w.example/{n}</link><title>Story {n}</title>"
    "<description>The words of number {n}, long enough to be a story.</description></item>"
)
PULLING = """
import asyncio, signal, sys, time
from pathlib import Path
from plugins.syndication import pull

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
said = []

def say(line):
    said.append(line)
    print(line, flush=True)
    if line.startswith("  new") and len(said) == 8:
        until = time.monotonic() + 60
        while not asyncio.current_task().cancelling() and time.monotonic() < until:
            time.sleep(0.02)  # so that the signal comes now, on a busy machine too

if __name__ == "__main__":
    pull(Path(sys.argv[1]), source="walt-okafor", say=say)
"""


def feed(count: int = COUNT) -> bytes:
    items = "".join(ITEM.format(n=n) for n in range(count))
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


@pytest.fixture
def many(content: Path, served: Served) -> Path:
    served.pages["/many"] = (200, "text/xml", feed())
    (content / "sources.toml").write_text(f'[[source]]\nperson = "walt-okafor"\nfeed = "{served.url}/many"\n')
    return content


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_a_pull_may_end_anywhere(
    many: Path, tmp_path_factory: pytest.TempPathFactory, how: signal.Signals
) -> None:
    script = tmp_path_factory.mktemp("script") / "pulling.py"
    script.write_text(PULLING)
    path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, str(script), str(many)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if len(lines) == 8:  # seven stories
                process.send_signal(how)
    made = list((many / "stories").iterdir())
    assert 7 <= len(made) < COUNT
    assert all((story / "index.md").is_file() for story in made)
    if how == signal.SIGINT:
        assert process.returncode == 0
        assert "Stopped before the end: what was done is kept, and the next pull does the rest." in lines[-1]
    # A pull after that is not told to wait for the feed's next time: nothing of it counts as read.
    report, _ = run(many)
    assert (report.counts["same"], report.counts["new"]) == (len(made), COUNT - len(made))
    assert len(list((many / "stories").iterdir())) == COUNT
    assert run(many, source="walt-okafor")[0].counts == {"same": COUNT}


def test_a_story_that_was_put_there_though_the_database_was_not_told_is_found(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("plugins.syndication.handover.remember", fail)
        report, _ = run(many)
    assert report.stopped
    assert len(list((many / "stories").iterdir())) == 1
    report, _ = run(many)
    assert (report.counts["same"], report.counts["new"]) == (1, COUNT - 1)


def test_what_a_killed_pull_left_half_made_is_cleared_away(many: Path) -> None:
    half = many.parent / f"{MAKING}x" / "story-1"
    half.mkdir(parents=True)
    (half / "index.md").write_text("half a sto")
    report, _ = run(many)
    assert report.counts["new"] == COUNT
    assert not half.exists()


def test_two_pulls_at_once_would_tell_twice_so_the_second_is_refused(many: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from plugins.syndication import pull\n"
        "pull(Path(sys.argv[1]), source='walt-okafor')"
    )
    with _alone(many.parent):
        done = subprocess.run(
            [sys.executable, "-c", script, str(many)], capture_output=True, text=True, cwd=ROOT, check=False
        )
    assert "Another pull is under way. Wait until it is done." in done.stderr
    assert not list((many / "stories").iterdir())


def everything(root: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for path in sorted(root.rglob("*")):
        state = path.stat()
        body = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(root))] = (state.st_mtime_ns, state.st_size, body)
    return found


def test_a_dry_run_writes_nothing_at_all(blog: Blog) -> None:
    comments = (FEEDS / "comments.xml").read_bytes()
    blog.served.pages["/comments/5"] = (200, "application/atom+xml", comments)
    root = blog.content.parent
    before = everything(root)
    counts, said = blog.pull(dry_run=True)
    assert counts == {"new": 5}
    assert said[-1].endswith("Nothing was written: this was a dry run.")
    assert "  walt-okafor would leave you 5 new stories to read." in said
    assert everything(root) == before
    # And again where there is something to remember, to change and to ask.
    blog.pull()
    blog.edit(("until it stopped", "until the morning it stopped"))
    blog.without(3)
    before = everything(root)
    counts, said = blog.pull(dry_run=True)
    assert counts == {"same": 3, "changed": 1, "gone": 1}
    assert everything(root) == before
    assert blog.pull()[0] == counts


def test_a_dry_run_leaves_a_database_that_is_named_as_it_was(
    blog: Blog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("elsewhere") / "own.sqlite"
    monkeypatch.setenv(URL, f"sqlite:///{file}")
    blog.pull()
    before = tree(file.parent)
    blog.edit(("until it stopped", "until the morning it stopped"))
    assert blog.pull(dry_run=True)[0] == {"same": 4, "changed": 1}
    assert tree(file.parent) == before
    assert blog.pull()[0] == {"same": 4, "changed": 1}


def test_a_damaged_database_is_said_and_no_story_is_touched(blog: Blog) -> None:
    blog.pull()
    before = tree(blog.content)
    forget(blog.content)
    (blog.content.parent / "var" / "firsthand.sqlite").write_bytes(b"no database at all, but bytes" * 200)
    with pytest.raises(Exception, match=r"firsthand\.sqlite: the database is damaged"):
        pull(blog.content, say=lambda _: None)
    assert tree(blog.content) == before


def test_a_person_nobody_named_is_refused_before_anything_is_made(content: Path) -> None:
    with pytest.raises(CannotPull):
        pull(content, source="nobody")
    assert not (content.parent / "var").exists()
