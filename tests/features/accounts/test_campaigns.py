"""Do the long campaigns about tokens hold in small, and would they notice?"""

from pathlib import Path

import httpx

from app.kit.keyfile import KeyFile
from bench.campaigns import key_rotation, refresh, tokens
from tests.kit import test_oidc
from tests.kit.fetching import fetched_by
from tests.world import World


def test_of_eight_presenters_one_keeps_the_login(world: World) -> None:
    outcome = refresh.present(world, 12)
    assert outcome["holds"], outcome["counts"]
    assert outcome["counts"]["tokens"] == outcome["counts"]["one_winner"] == 12


def test_keys_change_under_two_applications(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = [KeyFile(path), KeyFile(path)]
    with World.open(database_url, keys=keys[0]) as one, World.open(database_url, keys=keys[1]) as other:
        one.counter = 2000
        outcome = key_rotation.rotate(one, other, path, 5)
    assert outcome["holds"], outcome["counts"]


def test_mutated_tokens_of_every_kind_are_refused_over_http(database_url: str) -> None:
    trusted = [{"issuer": test_oidc.ISSUER, "client_id": test_oidc.CLIENT, "jwks_url": test_oidc.URL}]
    site = test_oidc.Site(test_oidc.public(test_oidc.RSA))
    with World.open(database_url, fetch=fetched_by(httpx.MockTransport(site)), oidc_providers=trusted) as world:
        world.counter = 3000
        statuses = tokens.over_http(world, 200)
    assert statuses.total() == 240
    assert set(statuses) <= {401, 422}
    assert statuses[401] > 225


def test_a_verifier_that_believes_everything_would_be_noticed() -> None:
    right, another, _ = tokens._kinds()["access_tokens"]
    assert tokens.refused(right, another, 50, len) == {"accepted": 50}
