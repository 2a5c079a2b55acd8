"""Asking somebody's server for JSON, politely: every way in which it goes wrong becomes a sentence.

A provider says how one story's thread is asked for, and hands that to `each`:

    def threads(self, wanted, reach):
        asking = Asking("Mastodon", reach)
        return each(wanted, asking, lambda story: self._thread(story, asking))

    async def _thread(self, story, asking):
        answer = await asking.ask(address, note=asking.note(story.slug))
        if answer.same:
            return Same(story.slug)
        said = tuple(_said(item) for item in answer.json.items("descendants"))
        answer.keep()  # once it was understood: it is asked for as "changed since?" the next time
        return Fetched(story.slug, said)

NoAnswer and Misshapen need no catching there: `each` makes Failed of them.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from plugins import FirsthandError
from plugins.guard.fetch_answer import FetchFailed, FetchRefused, Response, Validators

from .heard import Json, Misshapen
from .provider import Failed, Fetched, Reach, Same, Wanted

LIMIT = 10_000_000  # bytes of one answer
DEADLINE = 30.0  # seconds for one answer
AT_ONCE = 4  # stories asked about; the fetcher holds two connections to a host
LONGEST = 300.0  # seconds for one thread, however many requests it takes
PAGES = 200  # requests for one thread: whatever a server says, there is an end
_A_DAY = datetime.timedelta(days=1)  # nobody is obeyed who says to wait longer
_A_WHILE = datetime.timedelta(minutes=15)  # where we are told to wait, but not how long
_SHORT = 9  # digits: no time since 1970
_EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)


class NoAnswer(FirsthandError):
    """A thread that could not be had; the words are for an editor. `again`: when to ask, where told."""

    def __init__(self, why: str, again: datetime.datetime | None = None) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True)
class Answer:
    """What a server said; `json` is its whole answer, or nothing where it is the `same` as before."""

    response: Response
    json: Json
    asked: str
    note: MutableMapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Its HTTP status: 200, 304, or one of those asked to be let through."""
        return self.response.status

    @property
    def same(self) -> bool:
        """True where nothing has changed since `keep`."""
        return self.response.not_modified

    def keep(self) -> None:
        """Note what to ask with the next time, since this answer was understood and is all there is."""
        validators = self.response.validators
        said = {"asked": self.asked, "etag": validators.etag, "modified": validators.modified}
        for name, value in said.items():
            self.note.pop(name, None)
            if value and (validators.etag or validators.modified):
                self.note[name] = value


@dataclass
class Asking:
    """One run's questions to one comment system, by the `name` that an editor knows."""

    name: str
    reach: Reach
    _busy: dict[str, NoAnswer] = field(default_factory=dict)

    def note(self, slug: str) -> dict[str, str]:
        """What may be noted of a thread for the next run."""
        return self.reach.notes.setdefault(slug, {})

    async def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        question: object = None,
        note: MutableMapping[str, str] | None = None,
        through: Sequence[int] = (),
        advice: str = "",
        limit: int | None = None,
        deadline: float | None = None,
    ) -> Answer:
        """Read JSON from an address; with a `question`, that is posted as JSON.

        `headers` may carry a token. With a `note`, the server may answer that nothing has changed.
        Statuses in `through` are answers too, their JSON empty where there is none. `advice` says what
        an editor can do where the server refuses (401, 403). A server that said "later" is not asked
        again in this run. At most `limit` bytes (10 million) within `deadline` seconds (30). Raises
        NoAnswer and Misshapen.
        """
        place = _origin(url)
        if place in self._busy:
            raise self._busy[place]
        note = {} if note is None else note
        known = Validators(note.get("etag"), note.get("modified")) if note.get("asked") == url else None
        try:
            response = await self.reach.fetcher.fetch(
                url,
                limit=limit or LIMIT,
                deadline=deadline or DEADLINE,
                validators=known,
                accept="application/json",
                headers=headers,
                body=None if question is None else json.dumps(question).encode(),
            )
        except (FetchRefused, FetchFailed) as error:
            raise NoAnswer(str(error)) from error
        if response.not_modified and known:
            return Answer(response, Json({}, self.name), url, note)
        if response.status != 200 and response.status not in through:
            problem = self._problem(response, advice)
            if problem.again:
                self._busy[place] = problem
            raise problem
        if self._spent(response) and (again := self._when(response)):
            self._busy[place] = self.until(again)  # this was the last question that it allows
        try:
            told = Json.read(response.body, self.name)
        except Misshapen:
            if response.status == 200:
                raise
            told = Json({}, self.name)
        return Answer(response, told, url, note)

    def later(self, url: str, response: Response) -> NoAnswer:
        """For a server that says in its own way that it was asked too often; it is left alone."""
        again = self._when(response) or self.reach.now + _A_WHILE
        self._busy[_origin(url)] = problem = self.until(again)
        return problem

    def _problem(self, response: Response, advice: str) -> NoAnswer:
        status, again = response.status, self._when(response)
        if status == 429 or (status == 403 and again):
            return self.until(again or self.reach.now + _A_WHILE)
        if status in (401, 403):
            return NoAnswer(f"{self.name} does not let us read it ({status}). {advice}".strip())
        if status in (404, 410):
            return NoAnswer(
                f"{self.name} has no such thread, or shows it to nobody ({status}). Look at the story's"
                " `conversation`; what was fetched before stays."
            )
        if 300 <= status < 400:
            return NoAnswer(f"{self.name} sends us on ({status}). Write the address it leads to.")
        if status >= 500:
            return NoAnswer(f"{self.name} is out of order ({status}). Try later.", again)
        return NoAnswer(f"{self.name} answered {status}, which we do not understand.")

    def until(self, again: datetime.datetime) -> NoAnswer:
        """For an editor: not before this time."""
        when = again.astimezone(datetime.UTC)
        return NoAnswer(f"{self.name} has been asked often enough. Try after {when:%H:%M} UTC.", again)

    def _when(self, response: Response) -> datetime.datetime | None:
        """When it may be asked again, where it says so; at most a day from now.

        Sources: RFC 9110, section 10.2.3 (Retry-After); where nothing remains, the X-RateLimit headers
        of GitHub (seconds since 1970) and of Mastodon (a time), and RateLimit (since 1970 at Bluesky,
        from now in the draft draft-ietf-httpapi-ratelimit-headers).
        """
        now = self.reach.now
        found = _time(response.headers.get("retry-after", ""), now) or self._spent(response)
        return None if found is None else min(max(found, now), now + _A_DAY)

    def _spent(self, response: Response) -> datetime.datetime | None:
        for name in ("x-ratelimit", "ratelimit"):
            if response.headers.get(f"{name}-remaining", "").strip() == "0":
                said = response.headers.get(f"{name}-reset", "").strip()
                return _time(said, _EPOCH if len(said) > _SHORT else self.reach.now)
        return None


async def each(
    wanted: Sequence[Wanted], asking: Asking, one: Callable[[Wanted], Awaitable[Fetched | Same]]
) -> AsyncIterator[Fetched | Same | Failed]:
    """One outcome for each story, a few at a time; who was not asked the longest comes first.

    So that a server which allows few questions a run is through with all of them in some runs.
    """
    import asyncio  # slow to load, and builds load this module

    read, notes = "read", asking.reach.notes

    async def outcome(story: Wanted) -> Fetched | Same | Failed:
        try:
            async with asyncio.timeout(LONGEST):
                found = await one(story)
        except (NoAnswer, Misshapen) as error:
            return Failed(story.slug, str(error))
        except TimeoutError:
            return Failed(
                story.slug, f"{asking.name} took longer than {LONGEST:g} seconds for one thread. Try later."
            )
        asking.note(story.slug)[read] = asking.reach.now.astimezone(datetime.UTC).isoformat()
        return found

    ahead = iter(sorted(wanted, key=lambda story: notes.get(story.slug, {}).get(read, "")))
    running: set[asyncio.Task[Fetched | Same | Failed]] = set()
    try:
        while True:
            while len(running) < AT_ONCE and (story := next(ahead, None)):
                running.add(asyncio.create_task(outcome(story)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # no address; the fetcher says so
    return f"{parts.scheme}://{parts.netloc}".lower()


def _time(said: str, since: datetime.datetime) -> datetime.datetime | None:
    """Seconds after `since`, or a time as HTTP or ISO 8601 write it."""
    said = said.strip()
    try:
        if said.isdecimal() and said.isascii():
            return since + datetime.timedelta(seconds=min(int(said[:12]), 4_000_000_000))
        iso = said[:4].isdecimal()
        found = datetime.datetime.fromisoformat(said) if iso else parsedate_to_datetime(said)
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None
