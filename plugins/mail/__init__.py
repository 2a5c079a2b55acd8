"""Mail: letters to storytellers and to those who answer, through the server that the environment names."""

from __future__ import annotations

from .letter import Letter, wrapped
from .sending import Mail, MailDown, MailRefused, mail_of

__all__ = ["Letter", "Mail", "MailDown", "MailRefused", "mail_of", "wrapped"]
