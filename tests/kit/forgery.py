"""How would someone make a token by hand, rightly signed or not, without the library under test?"""

import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.kit.keys import decode_base64url, encode_base64url
from app.kit.tokens import InvalidToken, KeyRing, SigningKey, TokenVerifier

ISSUER, AUDIENCE = "https://api.example.test", "mentorskap"
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
RING = KeyRing(KEY)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HEADER = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "01890a5d-ac96-774b-bcce-b302099a8057",
    "sid": "01890a5d-ac96-774b-bcce-b302099a8058",
    "jti": "01890a5d-ac96-774b-bcce-b302099a8059",
    "iat": AT,
    "nbf": AT,
    "exp": AT + 600,
    "role": "coordinator",
    "partner": "01890a5d-ac96-774b-bcce-b302099a8060",
    "ver": 3,
    "scope": "match:read program:read",
    "client_id": "anslagstavlan",
    "amr": ["pwd", "otp"],
}
MISSING = object()


def private_key(key: SigningKey) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode_base64url(key.private_jwk["d"])), ec.SECP256R1())


def segment(part: Any) -> str:
    return encode_base64url(part if isinstance(part, bytes) else json.dumps(part).encode())


def sign(header: Any = HEADER, claims: Any = CLAIMS, key: SigningKey = KEY) -> str:
    """A rightly signed token of any content, made without the library under test."""
    signed = f"{segment(header)}.{segment(claims)}"
    r, s = decode_dss_signature(private_key(key).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encode_base64url(r.to_bytes(32) + min(s, ORDER - s).to_bytes(32))}"


def find_reason(token: Any, ring: KeyRing = RING) -> str | None:
    try:
        TokenVerifier(lambda: ring, ISSUER, AUDIENCE).verify(token, NOW)
    except InvalidToken as refusal:
        return refusal.reason
    return None


def change(source: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**source, **changes}.items() if value is not MISSING}
