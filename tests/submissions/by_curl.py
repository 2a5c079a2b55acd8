"""Every hostile story by curl, through a receiver that runs: what it answers, and what its branch holds.

`python -m tests.submissions.by_curl`
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from .crowd import PATIENCE, Receiver, branches, git, made_site
from .teller import GOOD
from .test_hostile_stories import CASES, SECRET, Case

_FAULT = re.compile(r'<li><a href="#([\w-]+)">(.*?)</a>')
_DRAFT = re.compile(r'name="draft" value="([^"]+)"')
_TOKEN = re.compile(r"/submit/s/([A-Za-z0-9_-]{43})")


def curl(*words: str) -> tuple[int, str]:
    """The status after every redirect, and the page."""
    command = ["curl", "-s", "-L", "--post301", "-w", "\n%{http_code}", *words]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")
    page, _, status = said.rpartition("\n")
    return int(status), page


def fields(case: Case, folder: Path) -> Iterator[str]:
    """The form as curl sends it; what is long or odd goes through files."""
    for number, (name, value) in enumerate({**GOOD, **case.given}.items()):
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            file = folder / f"{number}-{place}"
            if isinstance(one, tuple):
                one[0].seek(0)
                file.write_bytes(one[0].read())
                quoted = one[1].replace("\\", "\\\\").replace('"', '\\"')
                yield from ("-F", f'{name}=@{file};filename="{quoted}"')
            else:
                file.write_text(str(one), "utf-8")
                yield from ("-F", f"{name}=<{file}")


def tell(url: str, case: Case) -> tuple[bool, str]:
    """Whether it came to a receipt, and what was answered."""
    with tempfile.TemporaryDirectory() as folder:
        status, page = curl(*fields(case, Path(folder)), f"{url}/submit/")
    assert SECRET not in page
    if faults := _FAULT.findall(page):
        return False, f"{status} {'; '.join(f'{field}: {unescape(words)}' for field, words in faults)}"
    draft = _DRAFT.search(page)
    assert draft, page
    sent, page = curl("-d", f"draft={draft[1]}", "-d", "do=send", f"{url}/submit/confirm")
    shown = bool(_TOKEN.search(page))
    return shown, f"{status} previewed, {sent} {'with a receipt' if shown else page}"


def held(root: Path) -> list[str]:
    """Each branch's files; fails where it changes anything but one story's folder."""
    found = []
    for name in git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/story/").split():
        rows = [row.split() for row in git(root, "diff-tree", "-r", "main", name).splitlines()]
        folders = {row[5].rpartition("/")[0] for row in rows}
        assert len(folders) == 1, rows
        assert re.fullmatch(r"content/stories/[a-z0-9]+(-[a-z0-9]+)*", *folders), rows
        assert {(row[1], row[4]) for row in rows} == {("100644", "A")}, rows
        assert SECRET not in git(root, "show", name)
        found.append(f"{name}: {' '.join(row[5] for row in rows)}")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = made_site(Path(folder))
        (root / "secret.env").write_text(SECRET)
        receiver, receipts = Receiver(root), 0
        try:
            receiver.ready()
            for name, case in CASES.items():
                shown, said = tell(receiver.url, case)
                assert shown is not bool(case.refused), said
                receipts += shown
                print(f"{name}: {said}", flush=True)
            for kind in ("application/x-www-form-urlencoded", "application/json"):
                status, _ = curl("-H", f"Content-Type: {kind}", "-d", "x=1", f"{receiver.url}/submit/")
                print(f"a form as {kind}: {status}")
            until = time.monotonic() + PATIENCE
            while len(branches(root)) < receipts and time.monotonic() < until:
                time.sleep(0.5)
        finally:
            receiver.end()
        print("\n".join(held(root)))
        print(f"{len(CASES)} stories, {receipts} receipts, {len(held(root))} branches of one folder each.")


if __name__ == "__main__":
    main()
