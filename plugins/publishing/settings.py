"""What the publishing plugin can be told."""

from __future__ import annotations

from plugins.guard.setting import Setting

SETTINGS = (
    Setting(
        "FIRSTHAND_PUBLISH_TO",
        "",
        "Where ./inv publish brings the site: folder:PATH, rsync:USER@HOST:/PATH, pages:BRANCH (kept here) or"
        " pages:REMOTE/BRANCH (pushed). The environment variable of the same name fills it in.",
    ),
)
