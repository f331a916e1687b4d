"""Of eight who present one refresh token at once, does exactly one keep a login, a thousand times?"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.installation import installation
from tests.features.accounts.people import Person
from tests.world import UNHURRIED, World

PROMISE = "refresh"
TOKENS = 1_000
PRESENTERS = 8
ROOT = Path(__file__).parents[2]
LIVE = text("""
select count(*) from refresh_token r join login_session s on s.id = r.session_id
 where s.id = :session and s.revoked_at is null and r.used_at is null
""")


def run(tokens: int = TOKENS) -> dict[str, Any]:
    """Present each token eight times at once; one successor must be left, and it must work."""
    with installation() as (url, _), World.open(url, **UNHURRIED) as world:
        return present(world, tokens)


def present(world: World, tokens: int) -> dict[str, Any]:
    """The counts of a campaign of so many tokens."""
    person = Person.joins(world)
    answers: Counter[int] = Counter()
    one_winner = 0
    with ThreadPoolExecutor(PRESENTERS) as pool:
        for _ in range(tokens):
            held = person.comes_in()
            body = {"refreshToken": held["refreshToken"]}
            given = list(pool.map(lambda sent: world.anonymous.post("/auth/tokens", sent), [body] * PRESENTERS))
            answers.update(answer.status_code for answer in given)
            with world.engine.connect() as connection:
                one_winner += connection.scalar(LIVE, {"session": held["sessionId"]}) == 1
    counts = {"tokens": tokens, "one_winner": one_winner, **{f"answers_{k}": n for k, n in sorted(answers.items())}}
    return {"holds": one_winner == tokens and not answers.keys() - {200, 401}, "counts": counts}
