"""How does a receiver know that a webhook is ours? Signatures of Standard Webhooks (standardwebhooks.com).

The only importer of their library. Secrets are not stored: each is derived from the installation's own secret and the id of
its row, so a copy of the database alone signs nothing.
"""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook  # noqa: TID251  this is the wrapper

from app.kit.digests import Digester

PREFIX = "whsec_"


def secret_of(digests: Digester, secret_id: UUID) -> str:
    """The secret of a row, as receivers' libraries take it: `whsec_` and 32 bytes in base64."""
    raw = bytes.fromhex(digests.digest("webhook secret", str(secret_id)))
    return PREFIX + base64.b64encode(raw).decode()


def signed(secrets: Iterable[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a message, with a signature by each of the secrets: while they are changed, two."""
    at = at.astimezone(UTC)
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
