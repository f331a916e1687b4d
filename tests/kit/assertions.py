"""How would a client sign that it is who it says, rightly or not, without the library under test?"""

from typing import Any

from app.kit.keys import SigningKey
from tests.kit.forgery import AT, segment, sign

CLIENT = "01890a5d-ac96-774b-bcce-b302099a8061"
ENDPOINT = "https://mentorskap.example/oauth/token"
KEY = SigningKey.generate()
HEADER = {"alg": "ES256", "kid": KEY.kid}
CLAIMS: dict[str, Any] = {
    "iss": CLIENT,
    "sub": CLIENT,
    "aud": ENDPOINT,
    "iat": AT,
    "exp": AT + 300,
    "jti": "en gång",
}

__all__ = ["CLAIMS", "CLIENT", "ENDPOINT", "HEADER", "KEY", "assertion", "segment"]


def assertion(header: Any = HEADER, claims: Any = CLAIMS, key: SigningKey = KEY) -> str:
    return sign(header, claims, key)
