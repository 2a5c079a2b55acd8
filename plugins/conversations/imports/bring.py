"""Writing an export's threads into content/conversations/ beside what is there; a second run adds nothing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.exports import CHUNK
from plugins.guard.files import alone_in, write_atomically
from plugins.stories import check_content

from ..cleaned import cleaned
from ..ledger import NAME, Ledger
from ..merge import Merged, merge, of_provider
from ..snapshot import MAX_BYTES
from ..staff import Staff
from ..written import FOLDER, ThreadUnwritable, Written, moment, read_written, text_of
from . import FORMATS
from .exported import Export, Exported
from .match import Stories
from .report import shown, summary, without_story
from .twice import not_twice

MAX_EXPORT = 500_000_000  # bytes


class ImportRefused(FirsthandError):
    """A file that is no export we can read; the words say why and what to do."""


def import_threads(
    content: Path,
    file: Path,
    kind: str,
    *,
    own: str,
    now: datetime.datetime,
    dry_run: bool,
    say: Callable[[str], None],
) -> bool:
    """Bring an export of `kind` ("disqus", "wordpress", or "" to find out) to the stories of `content`.

    `own` is the provider that a new file is of, "" where the site has none; `say` is told a line a
    thread. True where every thread that has a story could be written. Raises ImportRefused,
    ContentRefused, OSError.
    """
    kind, export = _read(file, kind)
    own = own or kind
    checked = check_content(content)
    stories = Stories(story for _, story, _ in checked.stories)
    staff = Staff(checked.people.values(), Ledger.read(content / FOLDER / NAME))
    by_story: dict[str, list[Exported]] = defaultdict(list)
    homeless: list[tuple[Exported, list[str]]] = []
    for thread in export.threads:
        found = stories.of(thread)
        if len(found) == 1:
            by_story[found[0]].append(thread)
        else:
            homeless.append((thread, found))
    new = changed = 0
    good = True
    for slug, threads in sorted(by_story.items()):
        try:
            with nullcontext() if dry_run else alone_in(content / FOLDER):
                document = read_written(path := content / FOLDER / f"{slug}.json", own)
                told = [one for thread in threads for one in _told(thread, kind, slug, staff, document, now)]
                ours = {one["id"] for one in of_provider(document, kind)}
                others = [one for one in document["comments"] if one["id"] not in ours]
                told, twice = not_twice(told, others)
                export.left_out["here already"] += twice
                merged = _write(path, document, told, kind, moment(now), dry_run)
        except ThreadUnwritable as error:
            say(f"stories/{slug}: {error}")
            good = False
            continue
        new, changed = new + merged.new, changed + merged.changed
        say(f"stories/{slug}: {merged}, from {', '.join(shown(thread) for thread in threads)}")
    for line in without_story(homeless):
        say(line)
    say(summary(export, by_story, new, changed, dry_run))
    return good


def _read(file: Path, kind: str) -> tuple[str, Export]:
    if kind and kind not in FORMATS:
        raise ImportRefused(f"{kind!r} is no export we know. Give --from {' or '.join(FORMATS)}.")
    try:
        if file.stat().st_size > MAX_EXPORT:
            raise ImportRefused(f"{file.name} has more than {MAX_EXPORT:,} bytes. Export less at a time.")
        with file.open("rb") as opened:
            head = opened.read(CHUNK)
            fits = [name for name, one in FORMATS.items() if one.known(head)]
            if fits and kind and kind not in fits:
                raise ImportRefused(f"{file.name} is an export of {fits[0]}. Give --from {fits[0]}.")
            if not fits:
                raise ImportRefused(
                    f"{file.name} is no export of {' or '.join(FORMATS)}. Give the XML file, unpacked."
                )
            return fits[0], FORMATS[fits[0]].read(_chunks(head, iter(lambda: opened.read(CHUNK), b"")))
    except ValueError as error:
        raise ImportRefused(f"{file.name} cannot be read: {error}.") from error
    except OSError as error:
        raise ImportRefused(f"{file.name} cannot be opened: {error.strerror}. Check the path.") from error


def _chunks(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _told(
    thread: Exported, kind: str, slug: str, staff: Staff, document: Written, now: datetime.datetime
) -> Iterator[Written]:
    base = thread.address if thread.address.startswith(("http://", "https://")) else f"/stories/{slug}/"
    for said in thread.said:
        written = cleaned(said, kind, str(document["provider"]), base, now)
        if written is not None:
            yield {**written, "staff": staff.proved(kind, slug, said)}


def _write(path: Path, document: Written, told: list[Written], kind: str, now: str, dry_run: bool) -> Merged:
    """Put what was told beside what is there. Raises ThreadUnwritable, OSError."""
    names = {one["id"] for one in told}
    before = [one for one in of_provider(document, kind) if one["id"] not in names]
    merged = merge(document, kind, [*told, *before], now)
    if merged.is_other:
        text = text_of({**document, "comments": merged.comments})
        if len(text.encode()) > MAX_BYTES:
            raise ThreadUnwritable(
                f"The thread would have more than {MAX_BYTES:,} bytes, and stays as it is."
            )
        if not dry_run:
            write_atomically(path, text)
    return merged
