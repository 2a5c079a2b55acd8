"""GitHub, and GitHub Enterprise Server.

The token needs `contents: write` and `pull_requests: write` on the one repository (a fine-grained token, or
an app's). Source of the calls: https://docs.github.com/en/rest/pulls/pulls and .../issues/comments
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .api import Api, Query
from .hosted import Hosted
from .place import Place
from .pulls import Pull, PullState, newest

VERSION = "2022-11-28"


@dataclass(frozen=True)
class GitHub:
    """The pull requests of one repository."""

    api: Api
    owner: str
    name: str

    @property
    def _repository(self) -> str:
        return f"/repos/{self.owner}/{self.name}"

    def find(self, branch: str, into: str) -> Pull | None:
        """A branch that GitHub does not know finds nothing; a head it cannot read finds everything."""
        query: Query = {"state": "all", "head": f"{self.owner}:{branch}", "per_page": 100}
        return newest(self._own(self.api.call("GET", f"{self._repository}/pulls", query=query)), branch)

    def create(self, title: str, words: str, branch: str, into: str) -> Pull:
        """GitHub refuses a second one for the same branch with 422."""
        body = {"title": title, "body": words, "head": branch, "base": into, "maintainer_can_modify": True}
        return _pull(self.api.call("POST", f"{self._repository}/pulls", body=body))

    def get(self, number: int) -> Pull:
        """One by its number."""
        return _pull(self.api.call("GET", f"{self._repository}/pulls/{number}"))

    def remarks(self, number: int) -> Iterable[str]:
        """Comments on a pull request are those of its issue."""
        found = self.api.pages(f"{self._repository}/issues/{number}/comments")
        return [str(remark.get("body") or "") for remark in found]

    def remark(self, number: int, words: str) -> None:
        """One comment."""
        self.api.call("POST", f"{self._repository}/issues/{number}/comments", body={"body": words})

    def shut(self, number: int) -> None:
        """Closed, not merged."""
        self.api.call("PATCH", f"{self._repository}/pulls/{number}", body={"state": "closed"})

    def waiting(self) -> Iterable[Pull]:
        """Of our own branches; a stranger's fork may have a branch of any name."""
        return self._own(self.api.pages(f"{self._repository}/pulls", {"state": "open"}))

    def _own(self, found: Iterable[Mapping[str, Any]]) -> list[Pull]:
        mine = f"{self.owner}/{self.name}".lower()
        return [
            _pull(pull)
            for pull in found
            if ((pull["head"].get("repo") or {}).get("full_name") or "").lower() == mine
        ]


def _pull(found: Mapping[str, Any]) -> Pull:
    merged = bool(found.get("merged_at"))
    state: PullState = "merged" if merged else "open" if found["state"] == "open" else "closed"
    return Pull(int(found["number"]), str(found["html_url"]), str(found["head"]["ref"]), state)


def forge(root: Path, settings: Mapping[str, Any], env: Mapping[str, str]) -> Hosted:
    """The forge at FIRSTHAND_DESK_REPOSITORY with FIRSTHAND_FORGE_TOKEN. Raises ForgeRefused."""
    place = Place.read(root, settings, env)
    base = "https://api.github.com" if place.host == "github.com" else f"{place.origin}/api/v3"
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {place.token}",
        "User-Agent": "Firsthand",
        "X-GitHub-Api-Version": VERSION,
    }
    owner, name = place.owner_and_name()
    return Hosted(place, GitHub(Api(place.api or base, headers), owner, name))
