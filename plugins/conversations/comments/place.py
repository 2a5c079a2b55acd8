"""Where the site's Isso keeps its comments, if that is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins import FirsthandError

from ..providers.isso import Isso, from_settings

DATABASE = "var/isso/comments.db"


class NotHere(FirsthandError):
    """Comments that are kept on another machine, or nowhere yet; says what to do."""


def database_of(settings: dict[str, Any]) -> Path:
    """Isso's database file, as the settings have it. Raises NotHere."""
    isso = from_settings(settings)
    if isso.database is not None and isso.database.is_file():
        return isso.database
    raise NotHere(_where(isso, Path(settings["PATH"]).parent))


def database_for(root: Path, settings: dict[str, Any]) -> Path:
    """Where Isso's database belongs on this machine, though it may not be there yet. Raises NotHere."""
    isso = from_settings(settings)
    if isso.database is not None:
        return isso.database
    if isso.url.startswith("/") and settings["FIRSTHAND_ISSO_DB"]:
        return root / DATABASE
    raise NotHere(_where(isso, root))


def _where(isso: Isso, root: Path) -> str:
    if isso.database is not None:
        return f"There is no file {isso.database}. Look at FIRSTHAND_ISSO_DB."
    if isso.url.startswith("/") and (root / DATABASE).is_file():
        return (
            f"{DATABASE} is here, but nothing says that it is the published site's, and not of tries with "
            "./inv serve. If it is: ./inv comments.config says so, or its whole path in FIRSTHAND_ISSO_DB."
        )
    if isso.url.startswith("/"):
        return (
            f"No comments are kept here: {DATABASE} is not there. ./inv serve makes it, and so does Isso. "
            "Where Isso keeps them in another file, name that in FIRSTHAND_ISSO_DB by its whole path."
        )
    return (
        f"Isso keeps its comments at {isso.url}, and shows what waits to nobody from outside. On the machine "
        "that has its database, name the file in FIRSTHAND_ISSO_DB and run this there. Or let Isso write to "
        "you: `notify = smtp` and [smtp] in its isso.cfg; each letter has links to approve and to delete."
    )
