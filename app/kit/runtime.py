"""What does a running process carry? Made once at start, handed to requests and jobs as values."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.logins import LoginRules
from app.kit.clock import Clock
from app.kit.db import Database
from app.kit.digests import Digester
from app.kit.jobs import Outbox
from app.kit.keys import KeyRing
from app.kit.mail import Mailer
from app.kit.oidc import IdentityProviders
from app.kit.outbound import Outbound
from app.kit.pages import Cursors
from app.kit.sealing import Sealer
from app.kit.sheets import SheetLimits
from app.kit.tokens import TokenIssuer, TokenVerifier


@dataclass(frozen=True)
class Runtime:
    """The machinery of one process."""

    database: Database
    clock: Clock
    keyring: Callable[[], KeyRing]
    public_url: str
    issuer: TokenIssuer
    verifier: TokenVerifier
    cursors: Cursors
    digests: Digester
    outbox: Outbox
    mailer: Mailer
    mail_from: str
    sheet_limits: SheetLimits
    max_file_bytes: int
    outbound: Outbound
    logins: LoginRules
    sealer: Sealer
    identities: IdentityProviders
    anchor_file: Path | None = None
