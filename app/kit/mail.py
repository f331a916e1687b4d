"""How does a letter leave the house? By SMTP with TLS, or, on one machine, as a file in a mailbox folder.

SMTP promises delivery at least once, not exactly once: a sender that dies between the server's yes and its own note of
it must send again. The second copy has the same Message-ID, so that mailboxes which look at it show one.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 10
PERMANENT = 500
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
"""`smtp` demands STARTTLS, `smtps` speaks TLS from the first byte, `smtp+plain` is for a relay on the same machine."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Undeliverable(Exception):  # noqa: N818  it is about the letter, not about the program
    """The server will never take this letter for this address; trying again is no use."""


class Mailer(Protocol):
    """Whatever takes letters. Raises: `Undeliverable` for good, anything else for now."""

    def send(self, letter: EmailMessage) -> None: ...


def compose(*, sender: str, to: str, subject: str, body: str, key: str, at: datetime) -> EmailMessage:
    """A letter in plain text. The same `key` gives the same Message-ID; ValueError for a line break in a header."""
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    letter.set_content(body, cte="quoted-printable")
    return letter


@dataclass(frozen=True)
class SmtpMailer:
    """A mail server. Opens a connection for each letter: reminders are few, and a broken one costs one letter."""

    host: str
    port: int
    scheme: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> "SmtpMailer":
        """From `smtp://user:password@host:port`. ValueError for another scheme, no host, or plain to another machine."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("must be smtp://, smtps:// or smtp+plain:// and a host")
        if parts.scheme == "smtp+plain" and parts.hostname not in LOOPBACK:
            raise ValueError("smtp+plain:// is for a relay on the same machine; letters to others go by TLS")
        user, password = (unquote(one) if one else None for one in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme, user, password)

    def send(self, letter: EmailMessage) -> None:
        server = self._connect()
        try:
            server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= PERMANENT for code, _ in refused.recipients.values()):
                raise Undeliverable from None  # the server's words may repeat the address
            raise
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code >= PERMANENT:
                raise Undeliverable from None
            raise
        finally:
            with suppress(smtplib.SMTPException, OSError):  # what was accepted is accepted, however we part
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.scheme == "smtp":
                server.starttls(
                    context=trusted
                )  # raises when the server does not offer it: no letter goes in the clear
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True)
class FolderMailer:
    """Puts each letter into a folder, as a file that mail programs open. Twice the same letter is one file."""

    folder: Path

    def send(self, letter: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        made, kept = self.folder / f".{name}.tmp", self.folder / f"{name}.eml"
        made.write_bytes(letter.as_bytes())
        made.replace(kept)
