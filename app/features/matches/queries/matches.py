"""Which matches and meetings are there, and on which side of them is the caller?"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_
from sqlmodel import col, select

from app.domain.access import Actor
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.matches import REVIEWED_BY, UNANSWERED
from app.domain.sync import ExternalKey
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.matches.schemas import MatchForPair, MatchQuery, MatchRead
from app.features.matches.tables import Match, Meeting, MeetingRevision, PlannedMeeting


def matches(scope: Scope[Any], query: MatchQuery) -> Select[Any]:
    """The matches in the caller's reach, narrowed by the query."""
    statement = select(Match).where(visible(Match, scope.actor))
    for name in ("program_id", "cohort_id", "status"):
        if (wanted := getattr(query, name)) is not None:
            statement = statement.where(getattr(Match, name) == wanted)
    if query.is_overdue is not None:
        overdue = is_overdue(scope.today)
        statement = statement.where(overdue if query.is_overdue else not_(overdue))
    return statement


def is_overdue(today: date) -> ColumnElement[bool]:
    """The condition that the day by which somebody looks at the match again has passed."""
    passed = [and_(col(Match.status) == status, getattr(Match, day) < today) for status, day in REVIEWED_BY.items()]
    return func.coalesce(or_(*passed), false())


def ids_unanswered(scope: Scope[Any]) -> list[UUID]:
    """The proposals whose last day for answers has passed, for a scheduled job."""
    overdue = select(Match.id).where(col(Match.status).in_(UNANSWERED), col(Match.answer_by) < scope.today)
    return list(scope.session.exec(overdue.order_by(col(Match.id))))


def view_of(actor: Actor) -> type[MatchRead]:
    """The form in which this actor sees a match."""
    return MatchForPair if actor.role in PAIR else MatchRead


def side_of(actor: Actor, row: Match | Meeting) -> Side | None:
    """The side of the pair that the actor is in person; None for everyone else."""
    if row.mentor_participant_id in actor.persons:
        return Side.MENTOR
    return Side.MENTEE if row.mentee_participant_id in actor.persons else None


def meeting_by_key(scope: Scope[Match], key: ExternalKey) -> Meeting | None:
    """The meeting of the match that another system knows by this key, locked; only when the caller may see it."""
    wanted = select(Meeting).where(
        Meeting.match_id == scope.row.id,
        Meeting.external_system == key.system,
        Meeting.external_id == key.id,
        visible(Meeting, scope.actor),
    )
    return scope.session.exec(wanted.with_for_update(key_share=True)).first()


def match_of(scope: Scope[Meeting]) -> Match:
    """The match that a meeting belongs to."""
    return scope.session.get_one(Match, scope.row.match_id)


def revisions(scope: Scope[Meeting]) -> Select[Any]:
    """What one meeting said before it was corrected."""
    return select(MeetingRevision).where(MeetingRevision.meeting_id == scope.row.id)


def planned_meetings(scope: Scope[Match]) -> Select[Any]:
    """The meetings that a pair has planned, cancelled ones too."""
    return select(PlannedMeeting).where(PlannedMeeting.match_id == scope.row.id)


def meetings(scope: Scope[Match]) -> Select[Any]:
    """The meetings of one match."""
    return select(Meeting).where(Meeting.match_id == scope.row.id)
