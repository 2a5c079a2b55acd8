"""Serving: one process on loopback: the site, the comment server, rebuild on change."""

from __future__ import annotations

from .rebuild import BuildFailed, build_command
from .server import serve
from .site import site_app

__all__ = ["BuildFailed", "build_command", "serve", "site_app"]
