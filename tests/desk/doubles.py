"""Forges that answer from memory in the shapes of their published descriptions, and say no as they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx

from .described import Described, described


@dataclass
class Asked:
    """A pull request as a forge remembers it."""

    number: int
    title: str
    words: str
    branch: str
    into: str
    state: str = "open"  # open, closed, merged
    fork: bool = False
    remarks: list[str] = field(default_factory=list)


class Double:
    """What every forge does; a subclass knows how one of them words it."""

    name = ""
    base = ""
    error = "message"

    def __init__(self) -> None:
        self.described: Described = described(self.name)
        self.pulls: list[Asked] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(self.base)
        template, _, found = self.described.operation(request.method, path)
        body = json.loads(request.content) if request.content else {}
        query = dict(request.url.params)
        kind = self.kinds()[request.method, template]
        return getattr(self, kind)(
            request.method, path, {k: unquote(v) for k, v in found.items()}, query, body
        )

    def kinds(self) -> dict[tuple[str, str], str]:
        raise NotImplementedError

    def shown(self, pull: Asked, example: Any) -> dict[str, Any]:
        raise NotImplementedError

    def branch_and_into(self, body: dict[str, Any]) -> tuple[str, str]:
        return body["head"], body["base"]

    def words(self, body: dict[str, Any]) -> str:
        return body.get("body", "")

    def open_word(self) -> str:
        return "open"

    def of_branch(self, query: dict[str, str]) -> str | None:
        return None

    def list_pulls(self, method: str, path: str, _: Any, query: dict[str, str], body: Any) -> httpx.Response:
        example = self.described.answer(method, path, 200)
        states = {
            self.open_word(): {"open"},
            "closed": {"closed", "merged"},
            "all": {"open", "closed", "merged"},
        }
        wanted = [pull for pull in self.pulls if pull.state in states[query.get("state", self.open_word())]]
        if (branch := self.of_branch(query)) is not None:
            wanted = [pull for pull in wanted if pull.branch == branch]
        return httpx.Response(200, json=[self.shown(p, example) for p in paged(wanted[::-1], query)])

    def create_pull(self, method: str, path: str, _: Any, query: Any, body: dict[str, Any]) -> httpx.Response:
        branch, into = self.branch_and_into(body)
        if any(pull.branch == branch and pull.state == "open" for pull in self.pulls):
            return self.already(branch)
        pull = Asked(len(self.pulls) + 1, body["title"], self.words(body), branch, into)
        self.pulls.append(pull)
        return httpx.Response(201, json=self.shown(pull, self.described.answer(method, path, 201)))

    def already(self, branch: str) -> httpx.Response:
        return httpx.Response(409, json={self.error: f"pull request already exists for {branch}", "url": ""})

    def find(self, found: dict[str, str]) -> Asked | None:
        number = next(
            value for name, value in found.items() if name in ("pull_number", "issue_number", "index", "iid")
        )
        return next((pull for pull in self.pulls if pull.number == int(number)), None)

    def not_there(self) -> httpx.Response:
        return httpx.Response(404, json={"message": "404 Not found"})

    def get_pull(
        self, method: str, path: str, found: dict[str, str], query: Any, body: Any
    ) -> httpx.Response:
        if pull := self.find(found):
            return httpx.Response(200, json=self.shown(pull, self.described.answer(method, path, 200)))
        return self.not_there()

    def edit_pull(
        self, method: str, path: str, found: dict[str, str], query: Any, body: Any
    ) -> httpx.Response:
        pull = self.find(found)
        if pull is None:
            return self.not_there()
        if body.get("state") == "closed" or body.get("state_event") == "close":
            pull.state = "closed"
        status = 201 if self.name == "forgejo" else 200
        return httpx.Response(status, json=self.shown(pull, self.described.answer(method, path, status)))

    def list_remarks(
        self, method: str, path: str, found: dict[str, str], query: Any, body: Any
    ) -> httpx.Response:
        pull = self.find(found)
        if pull is None:
            return self.not_there()
        example = self.described.answer(method, path, 200)
        return httpx.Response(200, json=[{**example, "body": words} for words in paged(pull.remarks, query)])

    def add_remark(
        self, method: str, path: str, found: dict[str, str], query: Any, body: Any
    ) -> httpx.Response:
        pull = self.find(found)
        if pull is None:
            return self.not_there()
        pull.remarks.append(body["body"])
        return httpx.Response(201, json={**self.described.answer(method, path, 201), "body": body["body"]})


def paged(found: list[Any], query: dict[str, str]) -> list[Any]:
    """A page of a list; forges give fewer than asked for, as Forgejo does."""
    size = min(int(query.get("per_page", query.get("limit", 30))), 50)
    start = (int(query.get("page", 1)) - 1) * size
    return found[start : start + size] if "page" in query or "per_page" in query else found


_PULLS, _REMARKS = "/repos/{owner}/{repo}/pulls", "/repos/{owner}/{repo}/issues"


class GitHubDouble(Double):
    name, base = "github", "/api/v3"

    def kinds(self) -> dict[tuple[str, str], str]:
        return {
            ("GET", _PULLS): "list_pulls",
            ("POST", _PULLS): "create_pull",
            ("GET", f"{_PULLS}/{{pull_number}}"): "get_pull",
            ("PATCH", f"{_PULLS}/{{pull_number}}"): "edit_pull",
            ("GET", f"{_REMARKS}/{{issue_number}}/comments"): "list_remarks",
            ("POST", f"{_REMARKS}/{{issue_number}}/comments"): "add_remark",
        }

    def of_branch(self, query: dict[str, str]) -> str | None:
        owner, colon, branch = query.get("head", "").partition(":")
        return branch if colon and owner == "jo" else None  # what it cannot read it passes over

    def shown(self, pull: Asked, example: Any) -> dict[str, Any]:
        repository = {**example["head"]["repo"], "full_name": "stranger/desk" if pull.fork else "jo/desk"}
        return {
            **example,
            "number": pull.number,
            "title": pull.title,
            "body": pull.words,
            "state": "open" if pull.state == "open" else "closed",
            "merged_at": "2026-11-22T10:00:00Z" if pull.state == "merged" else None,
            "html_url": f"https://github.example/jo/desk/pull/{pull.number}",
            "head": {**example["head"], "ref": pull.branch, "repo": repository},
            "base": {**example["base"], "ref": pull.into},
        }

    def already(self, branch: str) -> httpx.Response:
        said = f"A pull request already exists for jo:{branch}."
        error = {"resource": "PullRequest", "code": "custom", "message": said}
        words = {
            "message": "Validation Failed",
            "errors": [error],
            "documentation_url": "https://docs.github.com/",
        }
        return httpx.Response(422, json=words)

    def not_there(self) -> httpx.Response:
        return httpx.Response(404, json={"message": "Not Found", "documentation_url": "", "status": "404"})


class ForgejoDouble(Double):
    name, base = "forgejo", "/api/v1"

    def kinds(self) -> dict[tuple[str, str], str]:
        return {
            ("GET", _PULLS): "list_pulls",
            ("POST", _PULLS): "create_pull",
            ("GET", f"{_PULLS}/{{base}}/{{head}}"): "find_pull",
            ("GET", f"{_PULLS}/{{index}}"): "get_pull",
            ("PATCH", f"{_PULLS}/{{index}}"): "edit_pull",
            ("GET", f"{_REMARKS}/{{index}}/comments"): "list_remarks",
            ("POST", f"{_REMARKS}/{{index}}/comments"): "add_remark",
        }

    def find_pull(
        self, method: str, path: str, found: dict[str, str], query: Any, body: Any
    ) -> httpx.Response:
        for pull in self.pulls:
            if (pull.branch, pull.into, pull.fork) == (found["head"], found["base"], False):
                return httpx.Response(200, json=self.shown(pull, self.described.answer(method, path, 200)))
        return self.not_there()

    def shown(self, pull: Asked, example: Any) -> dict[str, Any]:
        gone = pull.state == "merged"  # the branch is taken away with the merge
        return {
            "number": pull.number,
            "title": pull.title,
            "body": pull.words,
            "state": "open" if pull.state == "open" else "closed",
            "merged": pull.state == "merged",
            "html_url": f"https://forgejo.example/jo/desk/pulls/{pull.number}",
            "head": {
                "label": pull.branch,
                "ref": f"refs/pull/{pull.number}/head" if gone else pull.branch,
                "repo_id": 9 if pull.fork else 4,
            },
            "base": {"label": pull.into, "ref": pull.into, "repo_id": 4},
        }


_REQUESTS = "/projects/{id}/merge_requests"


class GitLabDouble(Double):
    name, base = "gitlab", "/api/v4"

    def kinds(self) -> dict[tuple[str, str], str]:
        return {
            ("GET", _REQUESTS): "list_pulls",
            ("POST", _REQUESTS): "create_pull",
            ("GET", f"{_REQUESTS}/{{iid}}"): "get_pull",
            ("PUT", f"{_REQUESTS}/{{iid}}"): "edit_pull",
            ("GET", f"{_REQUESTS}/{{iid}}/notes"): "list_remarks",
            ("POST", f"{_REQUESTS}/{{iid}}/notes"): "add_remark",
        }

    def branch_and_into(self, body: dict[str, Any]) -> tuple[str, str]:
        return body["source_branch"], body["target_branch"]

    def words(self, body: dict[str, Any]) -> str:
        return body.get("description", "")

    def open_word(self) -> str:
        return "opened"

    def of_branch(self, query: dict[str, str]) -> str | None:
        return query.get("source_branch")

    def shown(self, pull: Asked, example: Any) -> dict[str, Any]:
        return {
            **example,
            "iid": pull.number,
            "id": 5000 + pull.number,
            "title": pull.title,
            "description": pull.words,
            "state": "opened" if pull.state == "open" else pull.state,
            "web_url": f"https://gitlab.example/jo/desk/-/merge_requests/{pull.number}",
            "source_branch": pull.branch,
            "target_branch": pull.into,
            "source_project_id": 9 if pull.fork else 4,
            "target_project_id": 4,
        }

    def already(self, branch: str) -> httpx.Response:
        said = ["Another open merge request already exists for this source branch: !1"]
        return httpx.Response(409, json={"message": said})


DOUBLES: dict[str, Callable[[], Double]] = {
    "github": GitHubDouble,
    "gitlab": GitLabDouble,
    "forgejo": ForgejoDouble,
}
