"""A branch pushed over HTTPS with the git command.

The token travels as a header that git takes from its environment: it stands in no command's words, in no
address, in no file and in no message. Nothing here asks a person anything, and nothing here waits for ever.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from plugins.guard.text import one_line

from .forge import ForgeDown, ForgeRefused
from .gitsaid import BranchTaken, told

__all__ = ["BranchTaken", "Remote", "check_address", "init_bare"]

PATIENCE = 120.0  # seconds that one git command may take
LONG = 3600.0  # seconds for a fetch: the first brings the whole site. What stalls is ended long before.
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
# What git needs of our own environment; its traces, its askpass and its other settings stay behind.
_KEPT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")
_PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")
_CONFIG = {
    "credential.helper": "",  # an empty one clears whatever the system's configuration names
    "core.hooksPath": "/dev/null",
    "http.followRedirects": "false",  # a token goes where it was meant to go, or nowhere
    "http.lowSpeedLimit": "1000",  # bytes a second
    "http.lowSpeedTime": "30",  # seconds
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True)
class Remote:
    """A repository that git reaches over HTTPS, and the token it takes.

    Raises ForgeRefused for any other address, and for one that carries credentials.
    """

    url: str
    token: str = field(repr=False)
    user: str = "x-access-token"
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        check_address(self.url)
        if not self.token or not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise ForgeRefused("The forge's token is missing or not one. Copy it whole into the environment.")

    def heads(self, *branches: str) -> tuple[str, dict[str, str]]:
        """The name of the main branch, and the commits of it and of those branches that are there."""
        names = [f"refs/heads/{branch}" for branch in branches]
        said = self._git("ls-remote", "--symref", "--", self.url, "HEAD", *names)
        main, found = "", {}
        for line in said.splitlines():
            what, _, name = line.partition("\t")
            if what.startswith("ref: refs/heads/") and name == "HEAD":
                main = what.removeprefix("ref: refs/heads/")
            elif name.startswith("refs/heads/") and _HEX.fullmatch(what):
                found[name.removeprefix("refs/heads/")] = what
            elif name == "HEAD" and main and _HEX.fullmatch(what):
                found[main] = what
        if main not in found:
            raise ForgeRefused(
                f"{self.url} holds no main branch yet. Push the site's repository to it once, then try again."
            )
        return main, found

    def fetch(self, repository: Path, branch: str) -> str:
        """Bring a branch into a bare repository, as it is there; the name of its newest commit."""
        ref = f"refs/heads/{branch}"
        self._git(
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--",
            self.url,
            f"+{ref}:{ref}",
            repository=repository,
            patience=max(self.patience, LONG),
        )
        return self._git("rev-parse", "--verify", ref, repository=repository).strip()

    def push(self, repository: Path, commit: str, branch: str) -> None:
        """Make a branch. Nothing that is there is overwritten: BranchTaken, where it holds another commit."""
        ref = f"refs/heads/{branch}"
        # An empty lease: the branch must not be there yet, whatever happens between a look and the push.
        words = ["--porcelain", "--quiet", "--no-verify", f"--force-with-lease={ref}:"]
        self._git("push", *words, "--", self.url, f"{commit}:{ref}", repository=repository)

    def remove(self, repository: Path, branch: str) -> None:
        """Take a branch away; one that is gone already is as good."""
        if branch in self.heads(branch)[1]:
            self._git(
                "push",
                "--porcelain",
                "--quiet",
                "--",
                self.url,
                f":refs/heads/{branch}",
                repository=repository,
            )

    def _git(self, *words: str, repository: Path | None = None, patience: float | None = None) -> str:
        patience = patience or self.patience
        where = [f"--git-dir={repository}"] if repository else []
        with subprocess.Popen(
            ["git", *where, *words],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # its helpers are ended with it
        ) as git:
            try:
                out, err = git.communicate(timeout=patience)
            except subprocess.TimeoutExpired as error:
                os.killpg(git.pid, signal.SIGKILL)
                git.communicate()
                raise ForgeDown(f"{self.url} did not answer git in {patience:.0f} seconds.") from error
        if git.returncode:
            raise told(self.url, self._without_token(f"{out}\n{err}"))
        return out

    def _environment(self) -> dict[str, str]:
        # actions/checkout does the same: https://git-scm.com/docs/git-config, http.<url>.extraHeader
        config = {**_CONFIG, f"http.{self.url}.extraHeader": f"Authorization: Basic {self._basic()}"}
        numbered: dict[str, str] = {"GIT_CONFIG_COUNT": str(len(config))}
        for number, (key, value) in enumerate(config.items()):
            numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return {
            **{name: os.environ[name] for name in (*_KEPT, *_PROXIES) if name in os.environ},
            **numbered,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_ALLOW_PROTOCOL": urlsplit(self.url).scheme,
            "LC_ALL": "C",
        }

    def _basic(self) -> str:
        return base64.b64encode(f"{self.user}:{self.token}".encode()).decode()

    def _without_token(self, text: str) -> str:
        return text.replace(self._basic(), "[token]").replace(self.token, "[token]")


def init_bare(folder: Path) -> None:
    """Make an empty repository without a working tree; one that is there stays as it is."""
    words = ["git", "init", "--quiet", "--bare", "--template=", "--", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise ForgeRefused(f"{folder} cannot hold what is pushed: {one_line(done.stderr)[:200]}")


def check_address(url: str) -> str:
    """The address itself. Raises ForgeRefused for one a token must not be sent to."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in _HERE  # tests, and a forge on this machine
        good = (parts.scheme == "https" or plain) and bool(parts.hostname) and parts.path.strip("/") != ""
        good = good and "@" not in parts.netloc and not (parts.query or parts.fragment or parts.port == 0)
    except ValueError:
        good = False
    if not good or not url.isascii() or not url.isprintable() or " " in url:
        shown = re.sub(r"//[^/]*@", "//", one_line(url))[:120]  # never a password that stands in it
        raise ForgeRefused(
            f"{shown!r} is no repository's address. Write it as https://HOST/OWNER/NAME, without a password."
        )
    return url
