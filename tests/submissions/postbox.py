"""A real SMTP server on loopback, as far as RFC 5321 needs it for a letter: it keeps what it is sent."""

from __future__ import annotations

import asyncio
import base64
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from plugins.guard.template import Words
from tests.conftest import ROOT

WORDS = Words(ROOT / "theme" / "translations")


class Postbox:
    """`with Postbox() as postbox:`; `postbox.url` is for FIRSTHAND_SMTP_URL, `letters` what has arrived."""

    def __init__(self, *, login: tuple[str, str] | None = None) -> None:
        self.login = login
        self.raw: list[tuple[str, list[str], bytes]] = []
        self.says: list[str] = []  # answers to the next RCPTs, instead of 250
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=default) for _, _, raw in self.raw]

    @property
    def url(self) -> str:
        user = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"smtp://{user}127.0.0.1:{self.port}"

    def __enter__(self) -> Postbox:
        self._thread.start()
        self._ready.wait(5)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")

        say("220 postbox")
        sender, to = "", []
        while line := (await reader.readline()).decode().strip():
            word, _, rest = line.partition(" ")
            match word.upper():
                case "EHLO":
                    say("250-postbox")
                    say("250-AUTH PLAIN" if self.login else "250-8BITMIME")
                    say("250 SIZE 100000")
                case "AUTH":
                    given = base64.b64decode(rest.split()[-1]).decode().split("\0")[1:]
                    say("235 in" if self.login and tuple(given) == self.login else "535 no")
                case "MAIL":
                    sender, to = rest, []
                    say("250 ok")
                case "RCPT":
                    answer = self.says.pop(0) if self.says else "250 ok"
                    to += [rest] if answer.startswith("250") else []
                    say(answer)
                case "DATA":
                    say("354 go on")
                    body = await reader.readuntil(b"\r\n.\r\n")
                    self.raw.append((sender, to, body[:-3].replace(b"\r\n..", b"\r\n.")))
                    say("250 kept")
                case "QUIT":
                    say("221 bye")
                    break
                case _:
                    say("250 ok")
            await writer.drain()
        writer.close()
