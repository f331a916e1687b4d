"""Is every forged token refused, never with a fault: those made by hand, and ten thousand mutated ones of each kind?"""

import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from app.domain.roles import Role
from app.kit.assertions import KIND, read_assertion
from app.kit.claims import InvalidToken
from app.kit.tokens import TokenVerifier
from bench.installation import installation
from tests.kit import assertions, forgery, test_oidc
from tests.kit.fetching import fetched_by
from tests.kit.mutations import mutated
from tests.world import UNHURRIED, Client, World

PROMISE = "tokens"
EACH = 10_000
BY_HAND = ("test_forged_tokens.py", "test_forged_claims.py", "test_assertions.py", "test_oidc.py")
LEAST_BY_HAND = 80
REFUSALS = {401, 422}
ROOT = Path(__file__).parents[2]
SEED = 20270304


def run(each: int = EACH) -> dict[str, Any]:
    """By hand (the tests themselves), mutated at the verifiers, and mutated over HTTP on a database of its own."""
    counts = {"by_hand": by_hand()}
    accepted = 0
    for kind, (right, another, read) in _kinds().items():
        found = refused(right, another, each, read)
        counts[f"mutated_{kind}"] = found.total()
        accepted += found["accepted"]
    with installation() as (url, _):
        trusted = [{"issuer": test_oidc.ISSUER, "client_id": test_oidc.CLIENT, "jwks_url": test_oidc.URL}]
        site = test_oidc.Site(test_oidc.public(test_oidc.RSA))
        with World.open(url, fetch=fetched_by(httpx.MockTransport(site)), oidc_providers=trusted, **UNHURRIED) as world:
            statuses = over_http(world, each)
    counts |= {f"http_{status}": number for status, number in sorted(statuses.items())}
    faults = sum(number for status, number in statuses.items() if status >= httpx.codes.INTERNAL_SERVER_ERROR)
    opened = sum(number for status, number in statuses.items() if status < httpx.codes.BAD_REQUEST)
    counts |= {"accepted": accepted + opened, "faults": faults}
    is_tried = counts["by_hand"] >= LEAST_BY_HAND and set(statuses) <= REFUSALS  # a limit would hide what is behind it
    return {"holds": is_tried and not (accepted + opened + faults), "counts": counts}


def by_hand() -> int:
    """How many hand-made cases the tests refuse; 0 when one of them fails."""
    files = [str(ROOT / "tests" / "kit" / name) for name in BY_HAND]
    command_line = [sys.executable, "-m", "pytest", "-q", "-k", "not mutated", *files]
    done = subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  fixed words
    passed = re.search(r"(\d+) passed", done.stdout)
    return int(passed[1]) if passed and done.returncode == 0 else 0


def refused(right: str, another: str, each: int, read: Callable[[str], object]) -> Counter[str]:
    """How a verifier takes mutated tokens; what is neither refused nor accepted is a fault that ends the campaign."""
    found: Counter[str] = Counter()
    for token in mutated(random.Random(SEED), right, another, each):  # noqa: S311  reproducible on purpose
        try:
            read(token)
        except InvalidToken:
            found["refused"] += 1
        else:
            found["accepted"] += 1
    return found


def _kinds() -> dict[str, tuple[str, str, Callable[[str], object]]]:
    verifier = TokenVerifier(forgery.RING, forgery.ISSUER, forgery.AUDIENCE)
    jwks = {assertions.KEY.kid: assertions.KEY.public_jwk()}
    client, endpoint = UUID(assertions.CLIENT), assertions.ENDPOINT
    providers = test_oidc.Site(test_oidc.public(test_oidc.RSA)).trusted()
    return {
        "access_tokens": (
            forgery.sign(),
            forgery.sign(claims={**forgery.CLAIMS, "role": "mentor"}),
            lambda token: verifier.verify(token, forgery.NOW),
        ),
        "client_assertions": (
            assertions.assertion(),
            assertions.assertion(claims={**assertions.CLAIMS, "jti": "annan"}),
            lambda token: read_assertion(token, jwks, client=client, audience=endpoint, now=forgery.NOW),
        ),
        "id_tokens": (
            test_oidc.signed(),
            test_oidc.signed(claims={**test_oidc.CLAIMS, "sub": "annan"}),
            lambda token: providers.read(token, test_oidc.NONCE, forgery.NOW),
        ),
    }


def over_http(world: World, each: int) -> Counter[int]:
    """What the server answers to mutated tokens of each kind, sent to where such tokens are taken."""
    world.clock.advance(forgery.NOW - world.clock())
    users = [world.client(Role.COORDINATOR, world.partner()) for _ in range(2)]
    rights = [client.token() for client in users if client.token is not None]
    anonymous = world.anonymous
    found: Counter[int] = Counter()
    chance = random.Random(SEED)  # noqa: S311  reproducible on purpose
    for token in mutated(chance, rights[0], rights[1], each):
        found[_me(anonymous, token)] += 1
    kinds = _kinds()
    for token in mutated(chance, *kinds["client_assertions"][:2], each // 10):
        form = {"grant_type": "client_credentials", "client_assertion_type": KIND, "client_assertion": token}
        found[anonymous.call("POST", "//root/oauth/token", data=form).status_code] += 1
    for token in mutated(chance, *kinds["id_tokens"][:2], each // 10):
        body = {"idToken": token, "nonce": test_oidc.NONCE}
        found[anonymous.post("/auth/oidc-sessions", body).status_code] += 1
    return found


def _me(anonymous: Client, token: str) -> int:
    headers: Any = {"Authorization": f"Bearer {token}".encode("latin-1")}
    return anonymous.call("GET", "/me", headers=headers).status_code
