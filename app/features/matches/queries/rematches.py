"""Who of a program's ended matches may be matched again, and from when?"""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.lifecycles import MatchStatus
from app.domain.rematch import Ended, rematch
from app.domain.roles import Permission
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.matches.schemas import RematchOfSide, RematchRead
from app.features.matches.tables import Match
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.problems import Problem


@looks_beyond_reach
def barred_from_rematch(session: Session, program: Program, today: date) -> frozenset[UUID]:
    """The participants whom the program's ended matches keep from a new one today."""
    weeks = profile_of(program).number("rematchBufferWeeks")
    return frozenset(one for one, found in _ended(session, program.id).items() if rematch(found, weeks, today).bars)


@looks_beyond_reach
def rematch_of_pair(scope: Scope[Match]) -> RematchRead:
    """From when each of the two may be matched again.

    Whoever follows the match up is told of both, other staff of the person whom their partner holds.
    Raises: Problem 404 before the end, and for the two themselves: what was decided about them, staff tells.
    """
    match, session = scope.row, scope.session
    sides = _sides_told(scope)
    if match.status is not MatchStatus.CLOSED or not sides:
        raise Problem("resource.not_found")
    program = session.get_one(Program, match.program_id)
    weeks = profile_of(program).number("rematchBufferWeeks")
    ended = _ended(session, program.id, match.mentor_participant_id, match.mentee_participant_id)
    told = []
    for side in sides:
        person = match.mentor_participant_id if side is Side.MENTOR else match.mentee_participant_id
        found = rematch(ended[person], weeks, scope.today)
        facts = {"side": side, "may_be_matched": not found.bars, "earliest": found.earliest}
        told.append(RematchOfSide.model_validate({**facts, "bars": sorted(found.bars)}))
    return RematchRead(match_id=match.id, buffer_weeks=weeks, sides=told)


def _sides_told(scope: Scope[Match]) -> list[Side]:
    match, actor = scope.row, scope.actor
    if actor.role in PAIR:
        return []
    if match.program_id in actor.programs_for(Permission.MATCH_REMATCH):
        return list(Side)
    holders = {Side.MENTOR: match.mentor_partner_id, Side.MENTEE: match.mentee_partner_id}
    return [side for side, holder in holders.items() if holder == actor.partner_id]


def _ended(session: Session, program_id: UUID, *people: UUID) -> dict[UUID, list[Ended]]:
    """The closed matches of a program by participant (of `people`, or of everybody); void ones are not among them."""
    wanted = select(Match).where(
        Match.program_id == program_id, Match.status == MatchStatus.CLOSED, col(Match.closed_on).is_not(None)
    )
    if people:
        mentors, mentees = col(Match.mentor_participant_id), col(Match.mentee_participant_id)
        wanted = wanted.where(or_(mentors.in_(people), mentees.in_(people)))
    found: dict[UUID, list[Ended]] = defaultdict(list)
    for match in session.exec(wanted):
        assert match.closed_on is not None  # noqa: S101  asked for above
        for person, may_rematch in (
            (match.mentor_participant_id, match.mentor_may_rematch),
            (match.mentee_participant_id, match.mentee_may_rematch),
        ):
            found[person].append(Ended(match.closed_on, match.closure_cause, may_rematch))
    return found
