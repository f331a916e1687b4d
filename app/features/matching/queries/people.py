"""Who may be paired in a cohort today, as the frozen values that the engine reads?

Read in few statements, whatever the number of people: columns, not entities. The engine's values are made of the rows
afterwards, when the transaction may be over.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, not_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.access import Actor
from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, CefrLevel, Concealing, Goal, Interest, RuledOut, Side
from app.domain.lifecycles import OPEN_MATCHES, EnrolmentStatus, MatchStatus
from app.domain.matches import UNANSWERED
from app.domain.matching.model import EnrolmentPair, Mentee, Mentor, PersonPair, Pool
from app.domain.people import age_group_on
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import concealed_from, only_stored
from app.features.enrolments.tables import Enrolment
from app.features.matches.queries import barred_from_rematch
from app.features.matches.tables import Match
from app.features.matching.queries.blocks import ruled_out
from app.features.matching.schemas import POOL_LIMIT
from app.features.matching.tables import MatchRun
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort, Program
from app.features.training.queries import trained_among

COLUMNS: tuple[Any, ...] = (
    Enrolment.id,
    Enrolment.applied_on,
    Enrolment.needs_business_owner,
    Enrolment.participant_id,
    Participant.partner_id,
    Participant.is_anonymous,
    Participant.occupation_code,
    Participant.municipality_code,
    Participant.has_remote,
    Participant.gender,
    Participant.accepts_gender,
    Participant.born_on,
    Participant.birth_year,
    Participant.employer_partner_id,
    Participant.is_business_owner,
    Participant.mentor_capacity,
)
LISTS = ("languages", "skills", "interests", "availability", "goals", "accepts_age_groups")
"""Columns of JSON, read as text: of a thousand people who say the same, it is parsed once."""


@dataclass(frozen=True)
class Ready:
    """Everyone ready in a cohort, as read at one moment."""

    on: date
    people: Mapping[Side, Sequence[Any]]
    taken: Mapping[UUID, int]
    trained: frozenset[UUID]
    blocked: Mapping[PersonPair, RuledOut]
    pins: frozenset[EnrolmentPair] = frozenset()
    kept: frozenset[EnrolmentPair] = frozenset()

    @cached_property
    def _ids(self) -> dict[Side, frozenset[UUID]]:
        return {side: frozenset(row.id for row in self.people[side]) for side in Side}

    def holds(self, pair: EnrolmentPair) -> bool:
        """Are both of the pair in the pool?"""
        mentor, mentee = pair
        return mentor in self._ids[Side.MENTOR] and mentee in self._ids[Side.MENTEE]

    def pool(self) -> Pool:
        """The same as the engine reads it."""
        parse: dict[str, Callable[[str], Any]] = {name: cache(_PARSERS[name]) for name in LISTS}
        mentors = [self._mentor(row, parse) for row in self.people[Side.MENTOR]]
        mentees = [self._mentee(row, parse) for row in self.people[Side.MENTEE]]
        return Pool(tuple(mentors), tuple(mentees), self.blocked, self.pins, self.kept)

    def _mentor(self, row: Any, parse: Mapping[str, Callable[[str], Any]]) -> Mentor:
        return Mentor(
            **self._person(row, parse),
            capacity=max(0, row.mentor_capacity - self.taken.get(row.participant_id, 0)),
            is_business_owner=row.is_business_owner,
        )

    def _mentee(self, row: Any, parse: Mapping[str, Callable[[str], Any]]) -> Mentee:
        return Mentee(
            **self._person(row, parse),
            waiting_days=max(0, (self.on - row.applied_on).days),
            needs_business_owner=row.needs_business_owner,
        )

    def _person(self, row: Any, parse: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        return {
            "id": row.id,
            "person": row.participant_id,
            "holder": row.partner_id,
            "is_anonymous": row.is_anonymous,
            "occupation": row.occupation_code,
            "place": row.municipality_code,
            "has_remote": row.has_remote,
            "gender": row.gender,
            "accepts_gender": row.accepts_gender,
            "age_group": age_group_on(row.born_on, row.birth_year, self.on),
            "employer": row.employer_partner_id,
            "is_ready": True,  # the enrolment's status says so
            "is_trained": row.id in self.trained,
            **{name: parse[name](getattr(row, name)) for name in LISTS},
        }


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "languages": lambda text: {one["code"]: CefrLevel(one["level"]) for one in json.loads(text)},
    "skills": lambda text: frozenset(json.loads(text)),
    "interests": lambda text: frozenset(Interest(one) for one in json.loads(text)),
    "availability": lambda text: frozenset(json.loads(text)),
    "goals": lambda text: frozenset(Goal(one) for one in json.loads(text)),
    "accepts_age_groups": lambda text: frozenset(AgeGroup(one) for one in json.loads(text)),
}


@looks_beyond_reach
def read_ready(  # noqa: PLR0913  what is read is these facts; each is named at the call
    session: Session,
    actor: Actor,
    cohort: Cohort,
    on: date,
    *,
    only: Mapping[Side, Collection[UUID]] | None = None,
    pins: frozenset[EnrolmentPair] = frozenset(),
    moves_proposals: bool = False,
    most: int | None = None,
) -> Ready:
    """Everyone ready in the cohort whom the actor may know of, but mentees with a match under way.

    A mentor without places stays in. Places count across all programs; proposals that nobody has accepted hold none, and
    with `moves_proposals` their mentees are in too. Waiting is counted from the application to `on`. `only` narrows a side
    to these enrolments. Raises RuleViolation `matching.pool_too_large` or, below a run's own limit,
    `matching.pool_too_large_to_preview`.
    """
    known = _known(session, actor, cohort, on)
    _check_size(session, cohort.id, known, most)
    busy = mentees_under_way(cohort.id, on, but_proposed=moves_proposals)
    free = {Side.MENTOR: [], Side.MENTEE: [not_(col(Enrolment.id).in_(busy))]}
    chosen = {side: [col(Enrolment.id).in_(some)] for side, some in (only or {}).items()}
    people = {side: _ready(session, cohort.id, side, known, *free[side], *chosen.get(side, ())) for side in Side}
    return Ready(
        on,
        people,
        taken_places(session, cohort.id, on),
        _trained(session, cohort, people),
        _blocked(session, cohort.program_id, people),
        pins,
        _kept(session, cohort.id, on, people) if moves_proposals else frozenset(),
    )


def _known(session: Session, actor: Actor, cohort: Cohort, on: date) -> ColumnElement[bool]:
    """Whom the actor may know of, but nobody whom an ended match keeps from a new one that day, or who is only stored."""
    barred = barred_from_rematch(session, session.get_one(Program, cohort.program_id), on)
    person = col(Enrolment.participant_id)
    known = person.not_in(concealed_from(actor, cohort.program_id))
    return and_(known, person.not_in(only_stored()), person.not_in(barred))


def pool(session: Session, actor: Actor, cohort: Cohort, today: date) -> Pool:
    """The pool of a plain run today. Raises RuleViolation `matching.pool_too_large`."""
    return read_ready(session, actor, cohort, today).pool()


def holders_of_protected(session: Session, found: Ready) -> list[UUID]:
    """The partners that hold people with protected identity in a pool: to see a run of it takes their clearances."""
    protected = set(
        session.exec(select(Concealment.participant_id).where(Concealment.kind == Concealing.PROTECTED_IDENTITY))
    )
    everyone = (row for side in Side for row in found.people[side])
    return sorted({row.partner_id for row in everyone if row.participant_id in protected})


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


def mentees_under_way(cohort_id: UUID, today: date, *, but_proposed: bool = False) -> Any:
    """The mentee enrolments of a cohort that have a match under way; or one that somebody has accepted."""
    found = select(Match.mentee_enrolment_id).where(Match.cohort_id == cohort_id, under_way(today))
    return found.where(Match.status != MatchStatus.PROPOSED) if but_proposed else found


def taken_places(session: Session, cohort_id: UUID, today: date) -> Counter[UUID]:
    """How many places of each of the cohort's mentors (participants) are held, in all programs together."""
    mentors = select(Enrolment.participant_id).where(Enrolment.cohort_id == cohort_id, Enrolment.side == Side.MENTOR)
    held = select(Match.mentor_participant_id, func.count()).where(
        col(Match.mentor_participant_id).in_(mentors), col(Match.mentor_place).is_not(None), under_way(today)
    )
    return Counter(dict(session.exec(held.group_by(col(Match.mentor_participant_id))).all()))


def _check_size(session: Session, cohort_id: UUID, known: ColumnElement[bool], most: int | None) -> None:
    """Refuse before thousands of people are read in vain."""
    ready = select(Enrolment.side, func.count()).where(
        Enrolment.cohort_id == cohort_id, Enrolment.status == EnrolmentStatus.READY, known
    )
    for side, count in session.exec(ready.group_by(Enrolment.side)):
        if count > POOL_LIMIT:
            raise RuleViolation("matching.pool_too_large", side=Side(side).value, limit=POOL_LIMIT)
        if most is not None and count > most:
            raise RuleViolation("matching.pool_too_large_to_preview", side=Side(side).value, limit=most)


def _ready(session: Session, cohort_id: UUID, side: Side, *narrowed: ColumnElement[bool]) -> Sequence[Any]:
    lists = [cast(getattr(Participant, name), Text).label(name) for name in LISTS]
    wanted = select_columns(*COLUMNS, *lists).join(Participant, col(Participant.id) == col(Enrolment.participant_id))
    is_ready = col(Enrolment.status) == EnrolmentStatus.READY
    here = (col(Enrolment.cohort_id) == cohort_id, col(Enrolment.side) == side)
    return session.execute(wanted.where(*here, is_ready, *narrowed)).all()


def _trained(session: Session, cohort: Cohort, people: Mapping[Side, Sequence[Any]]) -> frozenset[UUID]:
    program = session.get_one(Program, cohort.program_id)
    found = (trained_among(session, program, side, cohort.id, [row.id for row in people[side]]) for side in Side)
    return frozenset[UUID]().union(*found)


def _blocked(session: Session, program_id: UUID, people: Mapping[Side, Sequence[Any]]) -> dict[PersonPair, RuledOut]:
    mentors, mentees = ({row.participant_id for row in people[side]} for side in (Side.MENTOR, Side.MENTEE))
    found = ruled_out(session, program_id)
    return {pair: why for pair, why in found.items() if pair[0] in mentors and pair[1] in mentees}


def _kept(
    session: Session, cohort_id: UUID, on: date, people: Mapping[Side, Sequence[Any]]
) -> frozenset[EnrolmentPair]:
    """The proposals between these people that nobody has accepted yet."""
    mentors, mentees = ({row.id for row in people[side]} for side in (Side.MENTOR, Side.MENTEE))
    proposed = select(Match.mentor_enrolment_id, Match.mentee_enrolment_id).where(
        Match.cohort_id == cohort_id, Match.status == MatchStatus.PROPOSED, under_way(on)
    )
    return frozenset((one, other) for one, other in session.exec(proposed) if one in mentors and other in mentees)
