"""Who gets a mentor's last place when many acceptances come at the same moment? Shared with the long campaign."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.features.matches.tables import Match
from tests.features.matches.pairs import Pair, Place
from tests.world import World


def rivals(world: World, count: int, *, programs: int = 2) -> list[Pair]:
    """Matches of one mentor with one place, each in a cohort of its own, spread over several programs."""
    places = [Place(world) for _ in range(programs)]
    mentor = places[0].person(Side.MENTOR, mentor_capacity=1)
    return [(place := places[number % programs]).pair(mentor, place.new_cohort()) for number in range(count)]


def race(pairs: Sequence[Pair]) -> Counter[str]:
    """Let the mentor accept all matches at once; answers how often each status with its problem code came back."""
    start = Barrier(len(pairs))

    def accept(pair: Pair) -> str:
        start.wait(timeout=30)
        response = pair.mentor.client.post(f"{pair.path}/acceptances", {"side": "mentor"})
        return f"{response.status_code} {response.json().get('code', '')}".strip()

    with ThreadPoolExecutor(len(pairs)) as threads:
        return Counter(threads.map(accept, pairs))


def holders(world: World, pairs: Sequence[Pair]) -> int:
    """How many of the matches hold a place, by what is stored."""
    with Session(world.engine) as session:
        held = select(func.count()).where(_these(pairs), col(Match.mentor_place).is_not(None))
        return session.exec(held).one()


def start_over(world: World, pairs: Sequence[Pair]) -> None:
    """Make all matches proposed again."""
    with Session(world.engine) as session:
        session.exec(update(Match).where(_these(pairs)).values(status=MatchStatus.PROPOSED, mentor_place=None))
        session.commit()


def is_fair(answers: Counter[str], world: World, pairs: Sequence[Pair]) -> bool:
    """One winner, told and stored; everyone else was told that no place was left."""
    expected = Counter({"200": 1, "409 match.no_place_left": len(pairs) - 1})
    return answers == expected and holders(world, pairs) == 1


def _these(pairs: Sequence[Pair]) -> ColumnElement[bool]:
    return col(Match.id).in_([pair.match.id for pair in pairs])
