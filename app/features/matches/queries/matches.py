"""Which matches and meetings are there, and on which side of them is the caller?"""

from typing import Any

from sqlalchemy import Select
from sqlmodel import select

from app.domain.access import Actor
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.matches.schemas import MatchForPair, MatchQuery, MatchRead
from app.features.matches.tables import Match, Meeting


def matches(scope: Scope[Any], query: MatchQuery) -> Select[Any]:
    """The matches in the caller's reach, narrowed by the query."""
    statement = select(Match).where(visible(Match, scope.actor))
    for name in ("program_id", "cohort_id", "status"):
        if (wanted := getattr(query, name)) is not None:
            statement = statement.where(getattr(Match, name) == wanted)
    return statement


def view_of(actor: Actor) -> type[MatchRead]:
    """The form in which this actor sees a match."""
    return MatchForPair if actor.role in PAIR else MatchRead


def side_of(actor: Actor, row: Match | Meeting) -> Side | None:
    """The side of the pair that the actor is in person; None for everyone else."""
    if row.mentor_participant_id in actor.persons:
        return Side.MENTOR
    return Side.MENTEE if row.mentee_participant_id in actor.persons else None


def meetings(scope: Scope[Match]) -> Select[Any]:
    """The meetings of one match."""
    return select(Meeting).where(Meeting.match_id == scope.row.id)
