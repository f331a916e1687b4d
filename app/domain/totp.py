"""Which six digits does a phone show now? Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds).

These are the values that every authenticator app understands; others are ignored by many of them.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
SKEW = 1  # steps before and after: a clock that is off, a code that was typed slowly
SECRET_BYTES = 20  # RFC 4226, 4: 160 bits
_MASK = 0x7FFFFFFF


def step_at(now: datetime) -> int:
    """The number of the 30-second step in which an instant lies."""
    return int(now.timestamp()) // STEP


def code_of(secret: bytes, step: int) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4]) & _MASK
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, now: datetime, last_used: int | None) -> int | None:
    """The step that a code belongs to; None when it is wrong, too old, or was used: each step counts once.

    Every step is compared, so that the time taken tells nothing.
    """
    at, found = step_at(now), None
    for step in range(at - SKEW, at + SKEW + 1):
        is_same = hmac.compare_digest(code_of(secret, step).encode(), code.encode("utf-8", "surrogatepass"))
        if is_same and (last_used is None or step > last_used):
            found = step
    return found


def spelled(secret: bytes) -> str:
    """The secret as people type it into an app: base32 without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def address(secret: bytes, account: str, issuer: str) -> str:
    """The `otpauth:` address that an app reads from a QR code."""
    label = f"{quote(issuer)}:{quote(account)}"
    asked = {"secret": spelled(secret), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"
