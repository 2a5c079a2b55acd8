"""The same build on a real scheduler with two workers, one of which is killed half way.

The workers run in a copy of the checkout, in a folder of their own; a worker that opened a file of
the site, or of this checkout, would fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins import FirsthandError
from plugins.fastbuild.executor import WorkerDied, executor
from tests.fastbuild import jobs
from tests.fastbuild.living import Living, photos, stories, tree
from tests.fastbuild.living.site import assert_same

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261103
# What workers take from a checkout of their own.
OURS = ("plugins", "theme", "tests")
CALL = "import sys; from distributed.cli.{} import main; sys.exit(main())"
# What each phase of a build hands to workers, and how many parcels of it there must be at least.
PHASES = {"read_parcel": 4, "make": 10, "render_parcel": 4}

# Loaded by every worker, also by one that a nanny starts again.
CUT_OFF = """
import os, sys
def closed(event, words):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(words[0], (str, bytes, os.PathLike)):
        if os.path.abspath(os.fsdecode(words[0])).startswith({closed!r}):
            raise PermissionError("a worker has no disk in common with the build: " + os.fsdecode(words[0]))
sys.addaudithook(closed)
"""


class Cluster:
    """A scheduler, and two workers that can be killed."""

    def __init__(self, folder: Path, closed: Path) -> None:
        self.folder, self.running = folder, []
        checkout = folder / "checkout"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "plugins", checkout / "plugins", ignore=ignored)
        (checkout / "tests" / "fastbuild").mkdir(parents=True)
        for name in ("tests/__init__.py", "tests/fastbuild/__init__.py", "tests/fastbuild/jobs.py"):
            shutil.copyfile(ROOT / name, checkout / name)
        refused = tuple(
            f"{path}{os.sep}" for path in (closed, ROOT / "plugins", ROOT / "theme", ROOT / "tests")
        )
        (folder / "cut_off.py").write_text(CUT_OFF.format(closed=refused), "utf-8")
        own = [
            path
            for path in sys.path
            if path and Path(path) != ROOT and ROOT / "tests" not in Path(path).parents
        ]
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout), *own])}
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--scheduler-file", str(folder / "scheduler.json"))  # fmt: skip
        self.address = ""

    def _start(self, program: str, *words: str) -> None:
        with (self.folder / f"{program}-{len(self.running)}.log").open("wb") as log:
            self.running.append(
                subprocess.Popen(
                    [sys.executable, "-c", CALL.format(program), *words],
                    cwd=self.folder / "checkout",
                    env=self._environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def start(self, *words: str) -> None:
        """Start the workers with more words than usual, and wait until both are there."""
        file = self.folder / "scheduler.json"
        for _ in range(600):
            if file.exists() and file.read_text("utf-8").strip():
                break
            time.sleep(0.1)
        self.address = json.loads(file.read_text("utf-8"))["address"]
        for number in range(2):
            self._start("dask_worker", "--scheduler-file", str(file), "--no-dashboard", "--preload",
                        str(self.folder / "cut_off.py"), "--local-directory",
                        str(self.folder / f"worker{number}"), *words)  # fmt: skip
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            # Where they are, and that they are cut off, is what the rest stands on.
            found = client.run(_looked(), str(ROOT / "plugins" / "__init__.py"))
            wanted = str(self.folder / "checkout" / "plugins" / "__init__.py"), "PermissionError"
            assert list(found.values()) == [wanted] * 2

    def kill_one_at_work(self, client: Any) -> str:
        """SIGKILL for a worker that has something to do, without its nanny; says what it had."""
        pids = client.run(os.getpid)
        for _ in range(1000):
            had, address = max((len(keys), name) for name, keys in client.processing().items())
            if had:
                os.kill(pids[address], signal.SIGKILL)
                return f"killed process {pids[address]}, which had {had} jobs"
            time.sleep(0.005)
        raise AssertionError("No worker was at work.")

    def end(self) -> None:
        for process in reversed(self.running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _looked() -> Callable[[str], tuple[str | None, str]]:
    """To be run by a worker: where its plugins come from, and what becomes of opening a file."""

    def looked(path: str) -> tuple[str | None, str]:  # not of a module, which the workers have not
        import plugins

        try:
            Path(path).read_bytes()
        except OSError as error:
            return plugins.__file__, type(error).__name__
        return plugins.__file__, "read"

    return looked


@pytest.fixture
def cluster(
    tmp_path: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Cluster]]:
    """Starts it with words for the workers, and makes it what builds use."""
    made = Cluster(tmp_path, ground.site.root)

    def start(*words: str) -> Cluster:
        made.start(*words)
        monkeypatch.setenv("FIRSTHAND_SCHEDULER", made.address)
        return made

    try:
        yield start
    finally:
        made.end()


class Ground:
    """A site of some 150 stories with ten more photographs, and what a build of it on this machine makes."""

    def __init__(self, root: Path) -> None:
        self.site = site = Living(root)
        chance = random.Random(SEED)
        for number in range(150):
            path = site.content / "stories" / f"number-{number}" / "index.md"
            shutil.copytree(site.content / "stories" / "the-last-shift", path.parent)
            site.edit(path, title=f"Number {number}", date=f"2026-0{number % 3 + 1}-{number % 28 + 1:02}")
            if number < 10:
                (path.parent / "p.jpg").write_bytes(photos.picture(chance, "p.jpg", (700 + number, 500)))
                note = {"alt": "A field", "credit": "Nell Frost", "permission": "given"}
                site.edit(path, photos={"p.jpg": note}, cover="p.jpg")
        for _ in range(60):
            stories.body(site, chance)
        self.wanted = site.build_elsewhere()

    def build(self) -> dict[str, object]:
        """What a build in this process makes from nothing."""
        for folder in (self.site.output, self.site.cache):
            shutil.rmtree(folder, ignore_errors=True)
        outcome = self.site.build()
        assert outcome.report is not None, outcome.problem
        return tree(self.site.output)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("site"))


def _phase(words: tuple[Any, ...]) -> str:
    """Which of the PHASES a job belongs to, whatever it is wrapped in."""
    return next((name for word in words if (name := getattr(word, "__name__", "")) in PHASES), "")


@pytest.fixture
def sent(cluster: Callable[..., Cluster], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Counts what is sent; at the second job of a phase a worker is killed."""
    found = Sent()
    submit = distributed.cfexecutor.ClientExecutor.submit

    def counted(pool: Any, *words: Any, **more: Any) -> Any:
        future = submit(pool, *words, **more)
        phase = _phase(words)
        found.count[phase] += 1
        if phase == found.kill_in and found.count[phase] == 2 and found.cluster:
            found.killed.append(f"{phase}: {found.cluster.kill_one_at_work(pool._client)}")
        return future

    monkeypatch.setattr(distributed.cfexecutor.ClientExecutor, "submit", counted)
    return found


class Sent:
    """How many jobs of each phase went to the scheduler, and who was killed meanwhile."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.killed: list[str] = []
        self.kill_in, self.cluster = "", None


def test_a_killed_worker_loses_nothing(cluster):
    running = cluster("--no-nanny", "--nthreads", "1")
    items = [b"%d" % number for number in range(150)]
    with executor() as pool:
        futures = [pool.submit(jobs.slow, item) for item in items]
        futures[10].result(60)
        running.running[1].send_signal(signal.SIGKILL)
        assert [future.result(60) for future in futures] == items


def test_a_job_that_ends_every_worker_is_told_as_on_this_machine(cluster):
    cluster("--nanny", "--nthreads", "1")
    with executor() as pool:
        died, good = pool.submit(jobs.die, b""), pool.submit(jobs.slow, b"a")
        assert good.result(60) == b"a"
        with pytest.raises(WorkerDied, match="twice"):
            died.result(60)


def test_an_error_there_is_its_own_jobs_and_what_waits_can_be_cancelled(cluster):
    cluster("--no-nanny", "--nthreads", "1")
    with executor() as pool:
        with pytest.raises(ValueError, match="wrong"):
            pool.submit(jobs.wrong, b"").result(60)
        futures = [pool.submit(jobs.slow, b"a") for _ in range(200)]
        assert futures[-1].cancel()
        assert futures[0].result(60) == b"a"


def test_a_lost_scheduler_is_said_plainly(cluster):
    running = cluster("--no-nanny", "--nthreads", "1")
    with executor() as pool:
        futures = [pool.submit(jobs.slow, b"a") for _ in range(2000)]
        futures[0].result(60)
        running.running[0].kill()
        with pytest.raises(FirsthandError, match="scheduler was lost"):
            futures[-1].result(120)


@pytest.mark.parametrize("nanny", [False, True], ids=["no nanny", "nanny"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_site_built_there_is_the_same_though_a_worker_is_killed(cluster, sent, ground, phase, nanny):
    sent.cluster = cluster("--nanny" if nanny else "--no-nanny", "--nthreads", "1")
    sent.kill_in = phase
    made = ground.build()
    print(f"\n{sent.killed}; sent {dict(sent.count)}; {len(made)} files")
    assert len(sent.killed) == 1
    assert all(sent.count[name] >= least for name, least in PHASES.items())
    assert_same(made, ground.wanted)


def test_workers_with_several_threads_make_the_same(cluster, sent, ground):
    cluster("--nanny", "--nthreads", "4")
    made = ground.build()
    print(f"\nsent {dict(sent.count)}; {len(made)} files")
    assert_same(made, ground.wanted)
