"""A forge put together for a test: git's own server, an API that answers from memory, and faults at will."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from plugins.desk.forge import forge_of
from plugins.desk.forges.api import Api
from plugins.desk.forges.hosted import Hosted
from tests.conftest import Site

from .described import Described
from .smart_http import TOKEN, SmartHttp

Fault = Callable[[httpx.Request], httpx.Response | None]
Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Line(httpx.BaseTransport):
    """What lies between the desk and a forge: every request and answer is held against the description."""

    described: Described
    base: str
    inner: Answer
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    strict: bool = True

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(self.base)
        assert TOKEN not in str(request.url)
        assert any(TOKEN in value for value in request.headers.values())
        request.read()
        self.described.check_request(request, path)
        self.calls.append(f"{request.method} {path}")
        answer = None
        for fault in list(self.faults):
            answer = fault(request)
            if answer is not None:
                self.faults.remove(fault)
                break
        if answer is None:
            answer = self.inner(request)
            answer.read()
        if self.strict:
            self.described.check_answer(request.method, path, answer)
        return answer


def once(method: str, answer: Answer) -> Fault:
    """A fault for the next call of a method."""
    return lambda request: answer(request) if request.method == method else None


def env_of(kind: str, server: SmartHttp, **more: str) -> dict[str, str]:
    """What an engineer puts into the environment."""
    return {
        "FIRSTHAND_FORGE": kind,
        "FIRSTHAND_DESK_REPOSITORY": f"{server.url}/jo/desk",
        "FIRSTHAND_FORGE_TOKEN": TOKEN,
        **more,
    }


def hosted(kind: str, site: Site, server: SmartHttp, line: httpx.BaseTransport, **more: str) -> Hosted:
    """The forge as the settings make it, its calls led over a line of ours."""
    made = forge_of(site.root, {"PATH": str(site.content)}, env_of(kind, server, **more))
    assert isinstance(made, Hosted)
    api: Api = dataclasses.replace(made.pulls.api, transport=line)  # type: ignore[attr-defined]
    return dataclasses.replace(made, pulls=dataclasses.replace(made.pulls, api=api))  # type: ignore[type-var]
