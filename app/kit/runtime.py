"""What does a running process carry? Made once at start, handed to requests and jobs as values."""

from dataclasses import dataclass
from pathlib import Path

from app.kit.clock import Clock
from app.kit.db import Database
from app.kit.digests import Digester
from app.kit.jobs import Outbox
from app.kit.keys import KeyRing
from app.kit.mail import Mailer
from app.kit.pages import Cursors
from app.kit.tokens import TokenIssuer, TokenVerifier


@dataclass(frozen=True)
class Runtime:
    """The machinery of one process."""

    database: Database
    clock: Clock
    keyring: KeyRing
    public_url: str
    issuer: TokenIssuer
    verifier: TokenVerifier
    cursors: Cursors
    digests: Digester
    outbox: Outbox
    mailer: Mailer
    mail_from: str
    anchor_file: Path | None = None
