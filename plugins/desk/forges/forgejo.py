"""Forgejo, and Gitea, whose API it kept.

The token needs `write:repository` and `write:issue`. Source of the calls: the description that every
Forgejo shows at /api/swagger (repository: repoListPullRequests and its neighbours).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .api import Api, NotThere
from .hosted import Hosted
from .place import Place
from .pulls import Pull, PullState


@dataclass(frozen=True)
class Forgejo:
    """The pull requests of one repository."""

    api: Api
    owner: str
    name: str

    @property
    def _repository(self) -> str:
        return f"/repos/{self.owner}/{self.name}"

    def find(self, branch: str, into: str) -> Pull | None:
        """By both branches, in every state: the list has no filter for a branch, and grows for ever."""
        try:
            return _pull(self.api.call("GET", f"{self._repository}/pulls/{quote(into, safe='')}/{branch}"))
        except NotThere:
            return None

    def create(self, title: str, words: str, branch: str, into: str) -> Pull:
        """Forgejo refuses a second one for the same branch with 409."""
        body = {"title": title, "body": words, "head": branch, "base": into}
        return _pull(self.api.call("POST", f"{self._repository}/pulls", body=body))

    def get(self, number: int) -> Pull:
        """One by its number."""
        return _pull(self.api.call("GET", f"{self._repository}/pulls/{number}"))

    def remarks(self, number: int) -> Iterable[str]:
        """Comments on a pull request are those of its issue; Forgejo gives them all at once."""
        found = self.api.call("GET", f"{self._repository}/issues/{number}/comments")
        return [str(remark.get("body") or "") for remark in found or []]

    def remark(self, number: int, words: str) -> None:
        """One comment."""
        self.api.call("POST", f"{self._repository}/issues/{number}/comments", body={"body": words})

    def shut(self, number: int) -> None:
        """Closed, not merged."""
        self.api.call("PATCH", f"{self._repository}/pulls/{number}", body={"state": "closed"})

    def waiting(self) -> Iterable[Pull]:
        """Of our own branches."""
        return self._own(self.api.pages(f"{self._repository}/pulls", {"state": "open"}, size="limit"))

    def _own(self, found: Iterable[Mapping[str, Any]]) -> list[Pull]:
        return [_pull(pull) for pull in found if pull["head"]["repo_id"] == pull["base"]["repo_id"]]


def _pull(found: Mapping[str, Any]) -> Pull:
    state: PullState = "merged" if found["merged"] else "open" if found["state"] == "open" else "closed"
    # `ref` becomes refs/pull/N/head when the branch is gone; `label` stays the branch's name.
    return Pull(int(found["number"]), str(found["html_url"]), str(found["head"]["label"]), state)


def forge(root: Path, settings: Mapping[str, Any], env: Mapping[str, str]) -> Hosted:
    """The forge at FIRSTHAND_DESK_REPOSITORY with FIRSTHAND_FORGE_TOKEN. Raises ForgeRefused."""
    place = Place.read(root, settings, env, user="firsthand")
    headers = {
        "Authorization": f"token {place.token}",
        "Accept": "application/json",
        "User-Agent": "Firsthand",
    }
    owner, name = place.owner_and_name()
    return Hosted(place, Forgejo(Api(place.api or f"{place.origin}/api/v1", headers), owner, name))
