"""What the desk works with: the site's folder, its settings, the forge and the database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from plugins.database import Database, database

from .forge import Forge, ForgeRefused, forge_of


class Office:
    """The site in `root`, the folder above content/.

    `settings` are those of pelicanconf.py, read there where they are not given. What is opened is opened
    when it is first needed. Raises ForgeRefused, DatabaseUnusable.
    """

    def __init__(
        self,
        root: Path,
        settings: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
        *,
        store: Database | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.root, self._given = root, settings
        self._env = os.environ if env is None else env
        self._store, self._clock = store, clock

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The site's settings."""
        conf = self.root / "pelicanconf.py"
        if self._given is not None or not conf.is_file():
            return self._given or {}
        from pelican.settings import read_settings

        return dict(read_settings(str(conf)))

    @cached_property
    def content(self) -> Path:
        """The site's content folder."""
        return self.root / Path(self.settings.get("PATH") or "content").name

    @cached_property
    def forge(self) -> Forge:
        """What keeps the proposals."""
        return forge_of(self.root, self.settings, self._env)

    @cached_property
    def store(self) -> Database:
        """The site's database."""
        return self._store or database(self.root)

    def close(self) -> None:
        """Give up the database where it was opened here."""
        if self._store is None and "store" in self.__dict__:
            self.store.close()

    def is_open(self) -> bool:
        """False where nothing keeps proposals: a site that is in no git. Raises ForgeDown."""
        try:
            self.forge.all()
        except ForgeRefused:
            return False
        return True
