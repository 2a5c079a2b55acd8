"""GitLab: what others call a pull request is a merge request here.

The token is a project's, with the role Developer and the scopes `api` and `write_repository`.
Source of the calls: https://docs.gitlab.com/api/merge_requests/ and https://docs.gitlab.com/api/notes/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..forge import ForgeDown
from .api import Api, Query
from .hosted import Hosted
from .place import Place
from .pulls import Pull, PullState, newest

_STATES: Mapping[str, PullState] = {
    "opened": "open",
    "locked": "open",
    "merged": "merged",
    "closed": "closed",
}


@dataclass(frozen=True)
class GitLab:
    """The merge requests of one project; `path` is its whole path with its groups."""

    api: Api
    path: str

    @property
    def _requests(self) -> str:
        return f"/projects/{quote(self.path, safe='')}/merge_requests"

    def find(self, branch: str, into: str) -> Pull | None:
        """In every state."""
        query: Query = {"source_branch": branch, "state": "all", "per_page": 100}
        return newest(_own(self.api.call("GET", self._requests, query=query)), branch)

    def create(self, title: str, words: str, branch: str, into: str) -> Pull:
        """GitLab refuses a second one for the same branch with 409."""
        body = {"title": title, "description": words, "source_branch": branch, "target_branch": into}
        return _pull(self.api.call("POST", self._requests, body={**body, "remove_source_branch": True}))

    def get(self, number: int) -> Pull:
        """One by its number within the project."""
        return _pull(self.api.call("GET", f"{self._requests}/{number}"))

    def remarks(self, number: int) -> Iterable[str]:
        """Notes, without those that GitLab writes itself."""
        found = self.api.pages(f"{self._requests}/{number}/notes", {"sort": "asc"})
        return [str(note.get("body") or "") for note in found if not note.get("system")]

    def remark(self, number: int, words: str) -> None:
        """One note."""
        self.api.call("POST", f"{self._requests}/{number}/notes", body={"body": words})

    def shut(self, number: int) -> None:
        """Closed, not merged."""
        self.api.call("PUT", f"{self._requests}/{number}", body={"state_event": "close"})

    def waiting(self) -> Iterable[Pull]:
        """Of our own branches."""
        return _own(self.api.pages(self._requests, {"state": "opened"}))


def _own(found: Iterable[Mapping[str, Any]]) -> list[Pull]:
    return [_pull(pull) for pull in found if pull["source_project_id"] == pull["target_project_id"]]


def _pull(found: Mapping[str, Any]) -> Pull:
    state = _STATES.get(found["state"])
    if state is None:
        raise ForgeDown(f"GitLab says {found['state']!r} of a merge request, which is no state we know.")
    return Pull(int(found["iid"]), str(found["web_url"]), str(found["source_branch"]), state)


def forge(root: Path, settings: Mapping[str, Any], env: Mapping[str, str]) -> Hosted:
    """The forge at FIRSTHAND_DESK_REPOSITORY with FIRSTHAND_FORGE_TOKEN. Raises ForgeRefused."""
    place = Place.read(root, settings, env, user="oauth2")
    headers = {"PRIVATE-TOKEN": place.token, "User-Agent": "Firsthand"}
    return Hosted(place, GitLab(Api(place.api or f"{place.origin}/api/v4", headers), place.path))
