"""Isso, run in earnest: its configuration, its backups, and the comments that wait for a moderator."""
