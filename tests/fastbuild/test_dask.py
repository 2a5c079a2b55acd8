"""The same work on a real scheduler with two workers, one of which is killed half way."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from plugins.fastbuild.executor import executor
from tests.fastbuild import jobs

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).resolve().parents[2]
CALL = "import sys; from distributed.cli.{} import main; sys.exit(main())"


def started(program: str, *words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    command = [sys.executable, "-c", CALL.format(program), *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def cluster(tmp_path, monkeypatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    file = tmp_path / "scheduler.json"
    running = [started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                       "--scheduler-file", str(file))]  # fmt: skip
    try:
        for _ in range(600):
            if file.exists() and file.read_text().strip():
                break
            time.sleep(0.1)
        monkeypatch.setenv("FIRSTHAND_SCHEDULER", json.loads(file.read_text())["address"])
        running += [
            started("dask_worker", "--scheduler-file", str(file), "--no-nanny", "--nthreads", "1",
                    "--no-dashboard", "--local-directory", str(tmp_path / f"worker{number}"))
            for number in range(2)
        ]  # fmt: skip
        yield running[1:]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def test_a_killed_worker_loses_nothing(cluster):
    items = [b"%d" % number for number in range(150)]
    with executor() as pool:
        futures = [pool.submit(jobs.slow, item) for item in items]
        futures[10].result(60)
        cluster[0].send_signal(signal.SIGKILL)
        assert [future.result(60) for future in futures] == items


def test_a_site_built_there_is_the_same(cluster, site, monkeypatch):
    for number in range(5):
        picture = io.BytesIO()
        Image.effect_noise((500 + number, 400), 40).convert("RGB").save(picture, "JPEG")
        site.write(f"stories/a-test/p{number}.jpg", picture.getvalue())
    notes = ", ".join(f"p{number}.jpg: {{alt: A field, credit: Ruth Keel}}" for number in range(5))
    site.story(photos=f"{{{notes}}}")
    site.build()
    there = {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()}
    monkeypatch.delenv("FIRSTHAND_SCHEDULER")
    for folder in (site.output, site.root / "cache"):
        shutil.rmtree(folder)
    site.build()
    assert {path: path.read_bytes() for path in site.output.rglob("*") if path.is_file()} == there
