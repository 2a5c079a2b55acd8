"""The build's settings: none yet."""

from __future__ import annotations

from plugins.guard.setting import Setting

SETTINGS: tuple[Setting, ...] = ()
