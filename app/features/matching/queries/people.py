"""Who may be paired in a cohort today, as the frozen values that the engine reads?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_
from sqlmodel import Session, col, select

from app.domain.access import Actor
from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel, Concealing, Goal, RuledOut, Side
from app.domain.lifecycles import OPEN_MATCHES, EnrolmentStatus
from app.domain.matches import UNANSWERED
from app.domain.matching.model import Mentee, Mentor, Pool
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import concealed_from
from app.features.enrolments.tables import Enrolment
from app.features.matches.queries import blocked_pairs
from app.features.matches.tables import Match
from app.features.matching.schemas import POOL_LIMIT
from app.features.matching.tables import MatchRun
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort


@looks_beyond_reach
def pool(session: Session, actor: Actor, cohort: Cohort, today: date) -> Pool:
    """Everyone ready in the cohort whom the actor may know of, but mentees with a match under way.

    A mentor without places stays in. Places count across all programs; proposals that nobody has accepted hold none.
    Waiting is counted from the application to `today`. Raises RuleViolation `matching.pool_too_large`.
    """
    known = col(Enrolment.participant_id).not_in(concealed_from(actor, cohort.program_id))
    _check_size(session, cohort.id, known)
    taken = taken_places(session, cohort.id, today)
    mentors = (_mentor(one, person, taken) for one, person in _ready(session, cohort.id, Side.MENTOR, known))
    free = not_(col(Enrolment.id).in_(mentees_under_way(cohort.id, today)))
    mentees = (_mentee(one, person, today) for one, person in _ready(session, cohort.id, Side.MENTEE, known, free))
    blocked = dict.fromkeys(blocked_pairs(session, cohort.program_id), RuledOut.DECLINED)
    return Pool(tuple(mentors), tuple(mentees), blocked)


def holders_of_protected(session: Session, found: Pool) -> list[UUID]:
    """The partners that hold people with protected identity in a pool: to see a run of it takes their clearances."""
    people = {one.person: one.holder for one in (*found.mentors, *found.mentees)}
    protected = session.exec(
        select(Concealment.participant_id).where(Concealment.kind == Concealing.PROTECTED_IDENTITY)
    )
    return sorted({people[one] for one in protected if one in people})


@looks_beyond_reach
def unreachable(scope: Scope[MatchRun]) -> frozenset[UUID]:
    """The enrolments in the run's cohort whose people are kept from the caller, now; nearly always none."""
    run = scope.row
    found = select(Enrolment.id).where(
        Enrolment.cohort_id == run.cohort_id,
        col(Enrolment.participant_id).in_(concealed_from(scope.actor, run.program_id)),
    )
    return frozenset(scope.session.exec(found))


def under_way(today: date) -> ColumnElement[bool]:
    """Matches that bind their people today: open, and not left unanswered past the last day for answers."""
    overdue = and_(col(Match.status).in_(UNANSWERED), col(Match.answer_by) < today)
    return and_(col(Match.status).in_(OPEN_MATCHES), not_(overdue))


def mentees_under_way(cohort_id: UUID, today: date) -> Any:
    """The mentee enrolments of a cohort that have a match under way."""
    return select(Match.mentee_enrolment_id).where(Match.cohort_id == cohort_id, under_way(today))


def taken_places(session: Session, cohort_id: UUID, today: date) -> Counter[UUID]:
    """How many places of each of the cohort's mentors (participants) are held, in all programs together."""
    mentors = select(Enrolment.participant_id).where(Enrolment.cohort_id == cohort_id, Enrolment.side == Side.MENTOR)
    held = select(Match.mentor_participant_id, func.count()).where(
        col(Match.mentor_participant_id).in_(mentors), col(Match.mentor_place).is_not(None), under_way(today)
    )
    return Counter(dict(session.exec(held.group_by(col(Match.mentor_participant_id))).all()))


def _check_size(session: Session, cohort_id: UUID, known: ColumnElement[bool]) -> None:
    """Refuse before thousands of people are read in vain."""
    ready = select(func.count()).where(
        Enrolment.cohort_id == cohort_id, Enrolment.status == EnrolmentStatus.READY, known
    )
    for side in Side:
        if session.exec(ready.where(Enrolment.side == side)).one() > POOL_LIMIT:
            raise RuleViolation("matching.pool_too_large", side=side.value, limit=POOL_LIMIT)


def _ready(
    session: Session, cohort_id: UUID, side: Side, *narrowed: ColumnElement[bool]
) -> Sequence[tuple[Enrolment, Participant]]:
    wanted = select(Enrolment, Participant).join(Participant, col(Participant.id) == col(Enrolment.participant_id))
    return session.exec(
        wanted.where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.side == side,
            Enrolment.status == EnrolmentStatus.READY,
            *narrowed,
        )
    ).all()


def _person(enrolment: Enrolment, participant: Participant) -> dict[str, Any]:
    return {
        "id": enrolment.id,
        "person": participant.id,
        "holder": participant.partner_id,
        "is_anonymous": participant.is_anonymous,
        "languages": {one["code"]: CefrLevel(one["level"]) for one in participant.languages},
        "occupation": participant.occupation_code,
        "place": participant.municipality_code,
        "has_remote": participant.has_remote,
        "availability": frozenset(participant.availability),
        "goals": frozenset(Goal(one) for one in participant.goals),
        "gender": participant.gender,
        "accepts_gender": participant.accepts_gender,
        "employer": participant.employer_partner_id,
        "is_ready": True,  # the enrolment's status says so
        "is_trained": True,  # not asked here: training is demanded before the match starts
        "skills": frozenset(),
        "interests": frozenset(),
        "age_group": None,
        "accepts_age_groups": frozenset(),
    }


def _mentor(enrolment: Enrolment, participant: Participant, taken: Counter[UUID]) -> Mentor:
    return Mentor(
        **_person(enrolment, participant),
        capacity=max(0, participant.mentor_capacity - taken[participant.id]),
        is_business_owner=participant.is_business_owner,
    )


def _mentee(enrolment: Enrolment, participant: Participant, today: date) -> Mentee:
    return Mentee(
        **_person(enrolment, participant),
        waiting_days=max(0, (today - enrolment.applied_on).days),
        needs_business_owner=enrolment.needs_business_owner,
    )
