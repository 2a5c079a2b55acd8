"""From the outbox to the desk: a proposal of every submission, handed over once, however often killed.

What a proposal is called is decided before the desk hears of it and kept; asked again after a kill,
the desk finds what it has already.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from plugins import FirsthandError
from plugins.desk.forge import ForgeDown
from plugins.desk.proposal import Origin, Proposal, ProposalLink, ProposalRefused

from .compose import checks, credited, named, story_files, summary_of
from .outbox import Outbox, Waiting

logger = logging.getLogger(__name__)

FIRST_WAIT = 15.0  # seconds until the second try; twice that until the third, and so on
LONGEST_WAIT = 3600.0
EVERY = 2.0  # seconds between two looks into the outbox
LOCK = "delivery.lock"
# Their folders would stand where pages of the archive stand.
RESERVED = frozenset({"index", "page"})


class Desk(Protocol):
    """Where proposals go: plugins.desk.desk.Desk. Everything raises ForgeDown and ForgeRefused."""

    def propose(self, proposal: Proposal) -> ProposalLink:
        """Keep it. Asked twice, it opens once."""

    def history(self, id: str) -> Sequence[object]:
        """What happened to a proposal; nothing, where the desk has not got it."""

    def withdrawn_by_teller(self, id: str) -> object:
        """The storyteller takes it back: a proposal ends, a live story leaves. Twice is as once."""


def deliver(outbox: Outbox, desk: Desk, content: Path, stop: Callable[[], bool] = lambda: False) -> int:
    """Hand what waits to the desk, oldest first; how many it took.

    A forge that is down ends the round, and everything that waits is tried later. What is refused is
    tried again each hour, and stays kept and told of until a person has looked. Raises DatabaseUnusable.
    """
    done = 0
    for waiting in outbox.pending(outbox.clock()):
        if stop():
            break
        try:
            proposal = _proposal(outbox, waiting, content)
            if proposal is not None:
                if waiting.replaced:
                    take_back(desk, waiting.replaced)
                outbox.delivered(waiting.id, desk.propose(proposal))
                done += 1
        except ForgeDown as error:
            wait = error.retry_after if error.retry_after is not None else back_off(waiting.attempts)
            outbox.failed(waiting.id, str(error), outbox.clock() + wait, all_of_them=True)
            logger.warning("Stories wait, as the forge is down (%s). Tried again in %.0f s.", error, wait)
            break
        except FirsthandError as error:
            outbox.failed(waiting.id, str(error), outbox.clock() + LONGEST_WAIT)
            logger.error("%s was not taken: %s It is kept, and tried again in an hour.", waiting.id, error)
        except Exception as error:  # one story must never hold up the others
            wait = back_off(waiting.attempts)
            outbox.failed(waiting.id, f"{type(error).__name__}: {error}", outbox.clock() + wait)
            logger.exception("%s could not be handed over. Tried again in %.0f s.", waiting.id, wait)
    return done


def take_back(desk: Desk, proposal: str) -> None:
    """End a proposal that the desk may never have heard of. Raises what the desk raises."""
    try:
        desk.withdrawn_by_teller(proposal)
    except ProposalRefused:
        if desk.history(proposal):
            raise


def back_off(attempts: int) -> float:
    """Seconds to wait after so many failed tries before this one."""
    return min(FIRST_WAIT * 2.0 ** min(attempts, 20), LONGEST_WAIT)


def _proposal(outbox: Outbox, waiting: Waiting, content: Path) -> Proposal | None:
    """The same proposal at every try; None where the storyteller took it back meanwhile."""
    submission = outbox.read(waiting.id)
    if submission is None:
        return None
    stories = {path.name for path in content.glob("stories/*")} | RESERVED
    people = {path.stem for path in content.glob("people/*.md")}
    names = outbox.name(
        waiting.id, lambda slugs, authors: named(submission, stories | slugs, people | authors)
    )
    receipt = outbox.receipt_of(waiting)
    story = story_files(submission, receipt, names)
    name = credited(submission)
    return Proposal(
        id=waiting.proposal,
        story=story,
        origin=Origin("form", name, receipt.id, receipt.at),
        summary=summary_of(submission),
        checks=checks(story, names, name),
    )


class Worker:
    """Delivers in a thread until it is stopped. One process of a site delivers at a time."""

    def __init__(
        self, outbox: Outbox, desk: Desk, root: Path, *, and_then: Callable[[], None] = lambda: None
    ) -> None:
        self._outbox, self._desk, self._root, self._and_then = outbox, desk, root, and_then
        self._ending, self._wanted = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> Worker:
        """Begin, with what an earlier process left."""
        self._thread.start()
        return self

    def wake(self) -> None:
        """Look now: something was just received."""
        self._wanted.set()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the story that is on its way, at most `timeout` seconds from now."""
        self._ending.set()
        self._wanted.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with alone(self._root) as mine:
                    if mine:
                        deliver(self._outbox, self._desk, self._root / "content", self._ending.is_set)
                        self._and_then()
            except Exception:  # the next round may find the disk, or the database, as it should be
                logger.exception("The outbox could not be looked through. Tried again soon.")
            self._wanted.wait(EVERY)
            self._wanted.clear()


@contextmanager
def alone(root: Path) -> Iterator[bool]:
    """False where another process of this site delivers now. The lock ends with its process."""
    folder = root / "var"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:  # a disk without locks; the desk still opens once what it is asked twice
            pass
        yield True
