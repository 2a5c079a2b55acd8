"""Letters through SMTP: plain text, to one person each, and nothing in them that reports back."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from plugins import FirsthandError

from .letter import Letter

URL = "FIRSTHAND_SMTP_URL"
SENDER = "FIRSTHAND_MAIL_FROM"
TIMEOUT = 20.0  # seconds for each answer of the server
PORTS = {"smtp": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


class MailRefused(FirsthandError):
    """A letter that no waiting will bring to its reader: a wrong address, or words no server takes."""


class MailDown(FirsthandError):
    """The mail server cannot be used now."""


@dataclass(frozen=True)
class Mail:
    """A mail server, and who the letters are from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False  # from the first byte; else STARTTLS where the server has it

    def send(self, to: str, letter: Letter) -> None:
        """Give one letter to the server. Raises MailDown (try later) and MailRefused."""
        try:
            message = self._message(to, letter)
        except (ValueError, IndexError, MessageError) as error:
            raise MailRefused(f"No letter can be made for that address: {error}") from error
        try:
            with self._connected() as server:
                refused = server.send_message(message, self._bare(), [to])
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused(f"The mail server does not take such an address or login: {error}") from error
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            # RFC 5321, 4.2.1: 5yz is for good; a refused login, though, is ours to mend.
            for_good = 500 <= error.smtp_code < 600 and not isinstance(error, smtplib.SMTPAuthenticationError)
            words = f"The mail server says {error.smtp_code}: {_said(error.smtp_error)}"
            raise (MailRefused if for_good else MailDown)(words) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailDown(f"The mail server {self.host}:{self.port} cannot be used: {error}") from error
        if refused:
            code, said = next(iter(refused.values()))
            words = f"The mail server says {code}: {_said(said)}"
            raise (MailRefused if code >= 500 else MailDown)(words)

    def _bare(self) -> str:
        return parseaddr(self.sender)[1]

    def _message(self, to: str, letter: Letter) -> EmailMessage:
        name, address = parseaddr(self.sender)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(letter.sender or name, addr_spec=address)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices, please
        message.set_content(letter.text, cte="quoted-printable")
        return message

    def _connected(self) -> smtplib.SMTP:
        words: dict[str, Any] = {"timeout": TIMEOUT}
        context = ssl.create_default_context()
        if self.tls:
            return self._logged_in(smtplib.SMTP_SSL(self.host, self.port, context=context, **words))
        server = smtplib.SMTP(self.host, self.port, **words)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif self.host not in _HERE:
                # The letters hold private links.
                raise MailDown(f"{self.host} offers no encryption. Use a server with STARTTLS, or smtps://.")
        except BaseException:
            server.close()
            raise
        return self._logged_in(server)

    def _logged_in(self, server: smtplib.SMTP) -> smtplib.SMTP:
        try:
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def mail_of(env: Mapping[str, str]) -> Mail | None:
    """The server of FIRSTHAND_SMTP_URL; None where that is not set. Raises FirsthandError."""
    url, sender = env.get(URL, "").strip(), env.get(SENDER, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        host = parts.hostname or ""
    except (ValueError, KeyError) as error:
        raise FirsthandError(_URL_WRONG) from error
    if not host:
        raise FirsthandError(_URL_WRONG)
    if "@" not in parseaddr(sender)[1]:
        raise FirsthandError(f"{SENDER} names no sender. Write it like stories@example.org.")
    return Mail(
        host,
        port,
        sender,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
    )


# The address itself may hold a password, so it is not repeated.
_URL_WRONG = (
    f"{URL} is no mail server. Write it like smtp://user:password@mail.example.org:587 or smtps://..."
)


def _said(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:200]
