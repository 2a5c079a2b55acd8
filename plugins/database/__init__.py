"""The private memory of a site: what may not stand in git, like e-mail addresses and feeds' validators.

SQLite in var/ by default, PostgreSQL where FIRSTHAND_DATABASE_URL names one. A package declares its
tables on `metadata` in a module of its own; what is missing is made when the database is opened.
Nothing that the site is built from lives here: a database that is gone is made anew.
"""

from __future__ import annotations

from .opening import URL, database
from .store import Database, DatabaseUnusable, metadata

__all__ = ["URL", "Database", "DatabaseUnusable", "database", "metadata"]
