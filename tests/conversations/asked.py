"""Asking a provider about stories, as `./inv conversations` does, and answers as its server gives them."""

import asyncio
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.conversations.provider import Failed, Fetched, Provider, Reach, Said, Same, Wanted
from plugins.guard.fetch import Fetcher, Response

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
RECORDED = Path(__file__).parent / "recorded"
Notes = dict[str, dict[str, str]]
Outcome = Fetched | Same | Failed

# What each provider's texts are tried with; none may run, and none may reach another field.
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    "</article></li></ol><svg onload=alert(1)>",
    "a\ud800b\u202ec\x00d",
    "",
]


def recorded(name: str) -> Any:
    """An answer from recorded/, such as "mastodon/context.json"."""
    return json.loads((RECORDED / name).read_text("utf-8"))


def outcomes(
    provider: Provider,
    *wanted: Wanted,
    notes: Notes | None = None,
    environ: Mapping[str, str] | None = None,
    now: datetime.datetime = NOW,
) -> list[Outcome]:
    """What it says of each story."""

    async def ask() -> list[Outcome]:
        async with Fetcher() as fetcher:
            reach = Reach(fetcher, now, {} if notes is None else notes, environ or {})
            return [outcome async for outcome in provider.threads(wanted, reach)]

    return asyncio.run(ask())


def fetched(provider: Provider, wanted: Wanted, **reach: Any) -> dict[str, Said]:
    """The thread of one story that can be had, by id."""
    (outcome,) = outcomes(provider, wanted, **reach)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.slug == wanted.slug
    return {said.id: said for said in outcome.said}


def failure(provider: Provider, wanted: Wanted, **reach: Any) -> str:
    """Why the thread of one story cannot be had."""
    (outcome,) = outcomes(provider, wanted, **reach)
    assert isinstance(outcome, Failed), outcome
    assert outcome.slug == wanted.slug
    return outcome.why


class Told:
    """In the place of a fetcher: answers each question with the same bytes, and no network."""

    def __init__(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.body, self.status, self.asked = body, status, list[str]()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def fetch(self, url: str, **_: object) -> Response:
        self.asked.append(url)
        return Response(url, self.status, self.headers, self.body)


def told(provider: Provider, wanted: Sequence[Wanted], fetcher: Any, **reach: Any) -> list[Outcome]:
    """What it says of each story, asking `fetcher`."""

    async def ask() -> list[Outcome]:
        notes, environ = reach.get("notes", {}), reach.get("environ", {})
        asked = Reach(fetcher, reach.get("now", NOW), notes, environ)
        return [outcome async for outcome in provider.threads(wanted, asked)]

    return asyncio.run(ask())
