"""Where a forge's repository is, and what opens it: the settings of a forge on the web."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from ..forge import ForgeRefused
from ..push import check_address

REPOSITORY, TOKEN, API = "FIRSTHAND_DESK_REPOSITORY", "FIRSTHAND_FORGE_TOKEN", "FIRSTHAND_FORGE_API"
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Place:
    """The desk's repository on a forge."""

    root: Path
    """The folder above content/."""
    url: str
    token: str = field(repr=False)
    user: str
    """What git gives as the name beside the token."""
    content: str = "content"
    api: str = ""
    """Where the API answers, where that is not the usual place."""

    @classmethod
    def read(
        cls, root: Path, settings: Mapping[str, Any], env: Mapping[str, str], user: str = "x-access-token"
    ) -> Self:
        """From the environment before the settings; the token from nowhere but the environment.

        Raises ForgeRefused with what is missing.
        """
        url = str(env.get(REPOSITORY) or settings.get(REPOSITORY) or "").strip().rstrip("/")
        if not url:
            raise ForgeRefused(
                f"{REPOSITORY} is not set. Write the address of the repository where proposals are to wait,"
                " as https://HOST/OWNER/NAME: a private one, unless everybody may read what is not published."
            )
        place = cls(
            root=root,
            url=check_address(url),
            token=env.get(TOKEN, "").strip(),
            user=user,
            content=Path(settings.get("PATH") or "content").name,
            api=env.get(API, "").strip().rstrip("/"),
        )
        if not place.token:
            raise ForgeRefused(
                f"{TOKEN} is not set. Put the forge's token there; the README says which rights."
            )
        if place.api:
            check_address(f"{place.api}/api")
        segments = place.path.split("/")
        if len(segments) < 2 or not all(_SEGMENT.fullmatch(segment) for segment in segments):
            raise ForgeRefused(f"{place.url} names no repository. Write it as https://HOST/OWNER/NAME.")
        return place

    @property
    def path(self) -> str:
        """The repository's path on its host, "owner/name" or deeper."""
        return urlsplit(self.url).path.strip("/").removesuffix(".git")

    @property
    def host(self) -> str:
        """The host's name, in small letters."""
        return urlsplit(self.url).hostname or ""

    @property
    def origin(self) -> str:
        """Scheme and host, where a forge's API lives."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def mirror_name(self) -> str:
        """The mirror's folder in var/: another repository, another mirror."""
        return f"desk-{hashlib.sha256(self.url.encode()).hexdigest()[:12]}.git"

    def owner_and_name(self) -> tuple[str, str]:
        """For forges without groups within groups. Raises ForgeRefused for a deeper path."""
        owner, _, name = self.path.partition("/")
        if "/" in name:
            raise ForgeRefused(f"{self.url} has too many parts. Write it as https://HOST/OWNER/NAME.")
        return owner, name
