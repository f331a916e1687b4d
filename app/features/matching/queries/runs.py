"""Which policies and runs does a program have, and what did a run find?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.errors import RuleViolation
from app.domain.glossary import RuledOut, Side
from app.domain.lifecycles import MatchStatus
from app.domain.matching.model import EnrolmentPair
from app.domain.matching.policy import Conflict, Policy
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.matching.queries.blocks import ruled_out
from app.features.matching.queries.people import mentees_under_way, taken_places, under_way, unreachable
from app.features.matching.schemas import CertificateRead, CertifiedPair, Explanation, MatchRunPairRead, MatchRunQuery
from app.features.matching.tables import (
    MatchingPolicy,
    MatchRun,
    MatchRunCertificate,
    MatchRunPair,
    MatchRunPin,
    MatchRunUnmatched,
)
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort, Program
from app.kit.pages import PageQuery


def policies(scope: Scope[Program]) -> Select[Any]:
    """The versions of one program's matching policy."""
    return select(MatchingPolicy).where(MatchingPolicy.program_id == scope.row.id)


def latest_policy(scope: Scope[Program]) -> MatchingPolicy | None:
    """The present version of the program's policy."""
    newest = policies(scope).order_by(col(MatchingPolicy.number).desc()).limit(1)
    return scope.session.scalars(newest).first()


def policy_of(scope: Scope[Program], policy_id: UUID) -> MatchingPolicy | None:
    """The version with this id, when it is the program's."""
    return scope.session.scalars(policies(scope).where(col(MatchingPolicy.id) == policy_id)).first()


def cohort_of(scope: Scope[Program], cohort_id: UUID) -> Cohort | None:
    """The cohort with this id, when it is the program's."""
    return scope.session.exec(select(Cohort).where(Cohort.id == cohort_id, Cohort.program_id == scope.row.id)).first()


def lock_cohort(scope: Scope[MatchRun]) -> Cohort:
    """The run's cohort; approvals of its runs queue up here, so that each sees the matches of those before."""
    wanted = select(Cohort).where(Cohort.id == scope.row.cohort_id).with_for_update(key_share=True)
    return scope.session.exec(wanted).one()


def lock_run(session: Session, run_id: UUID) -> MatchRun:
    """The run as it stands; the job, another worker's copy of it and a cancellation queue up here."""
    wanted = select(MatchRun).where(MatchRun.id == run_id).with_for_update(key_share=True)
    return session.exec(wanted).one()


def pins_of(session: Session, run_id: UUID) -> frozenset[EnrolmentPair]:
    """The pairs (mentor, mentee) that were decided on before the run."""
    pins = select(MatchRunPin.mentor_enrolment_id, MatchRunPin.mentee_enrolment_id).where(MatchRunPin.run_id == run_id)
    return frozenset((mentor, mentee) for mentor, mentee in session.exec(pins))


def runs(scope: Scope[Program], query: MatchRunQuery) -> Select[Any]:
    """The runs of one program that the caller may see, narrowed by the query."""
    statement: Select[Any] = select(MatchRun).where(
        col(MatchRun.program_id) == scope.row.id, visible(MatchRun, scope.actor)
    )
    if query.cohort_id is not None:
        statement = statement.where(col(MatchRun.cohort_id) == query.cohort_id)
    if query.status is not None:
        statement = statement.where(col(MatchRun.status) == query.status)
    return statement


def pairs_of(scope: Scope[MatchRun], query: PageQuery) -> tuple[list[MatchRunPairRead], int]:
    """One page of the pairs that a run suggests, best score first, and how many there are.

    Nobody who is kept from the caller is in them, nor named as the alternative.
    """
    hidden = unreachable(scope)
    wanted = (
        col(MatchRunPair.run_id) == scope.row.id,
        col(MatchRunPair.mentor_enrolment_id).not_in(hidden),
        col(MatchRunPair.mentee_enrolment_id).not_in(hidden),
    )
    total = scope.session.exec(select(func.count()).select_from(MatchRunPair).where(*wanted)).one()
    best = select(MatchRunPair).where(*wanted).order_by(col(MatchRunPair.score).desc(), col(MatchRunPair.id))
    rows = scope.session.exec(best.limit(query.limit).offset((query.page - 1) * query.limit))
    return [_seen(row, hidden) for row in rows], total


def _seen(row: MatchRunPair, hidden: frozenset[UUID]) -> MatchRunPairRead:
    """The pair; of an alternative who is kept from the caller nothing is said (the last sentence is about them)."""
    read = MatchRunPairRead.model_validate(row)
    if read.alternative is None or read.alternative.mentor_enrolment_id not in hidden:
        return read
    said = {language: lines[:-1] for language, lines in row.explanation.items()}
    return read.model_copy(update={"alternative": None, "explanation": Explanation.model_validate(said)})


def unmatched_of(scope: Scope[MatchRun]) -> Select[Any]:
    """The mentees whom one run left without a mentor, without those who are kept from the caller."""
    return select(MatchRunUnmatched).where(
        col(MatchRunUnmatched.run_id) == scope.row.id,
        col(MatchRunUnmatched.mentee_enrolment_id).not_in(unreachable(scope)),
    )


def certificate_of(scope: Scope[MatchRun]) -> CertificateRead:
    """The proof of a run that has completed, without people who are kept from the caller. Raises RuleViolation `matching.certificate_missing`."""
    wanted = select(MatchRunCertificate).where(MatchRunCertificate.run_id == scope.row.id)
    found = scope.session.exec(wanted).first()
    if found is None:
        raise RuleViolation("matching.certificate_missing", status=scope.row.status.value)
    facts: dict[str, Any] = {**scope.row.model_dump(), **found.model_dump(), **_scale(scope)}
    hidden = unreachable(scope)
    for side in ("mentees", "mentors"):
        facts[side] = [one for one in facts[side] if UUID(one["enrolment_id"]) not in hidden]
    wanted_pairs = select(MatchRunPair).where(MatchRunPair.run_id == scope.row.id).order_by(col(MatchRunPair.id))
    facts["pairs"] = [
        {name: getattr(pair, name) for name in CertifiedPair.model_fields}
        for pair in scope.session.exec(wanted_pairs)
        if hidden.isdisjoint((pair.mentor_enrolment_id, pair.mentee_enrolment_id))
    ]
    return CertificateRead.model_validate({name: facts[name] for name in CertificateRead.model_fields})


def _scale(scope: Scope[MatchRun]) -> dict[str, Any]:
    """What of the run's policy goes into the weight of a pair."""
    policy = Policy.parse(scope.session.get_one(MatchingPolicy, scope.row.policy_id).document)
    names = ("tier_days", "max_tier", "keep_bonus", "most_mentees")
    return {name: getattr(policy, name) for name in names} | {"is_grouped": policy.group is not None}


@dataclass(frozen=True)
class Standing:
    """A suggested pair as its people stand now."""

    pair: MatchRunPair
    mentor: Enrolment
    mentee: Enrolment
    is_reachable: dict[Side, bool]  # the person is not kept from whoever decides
    free_places: int  # of the mentor, in all programs together
    has_match: bool  # the mentee has one under way, which the run was not free to move
    proposal: Match | None  # the mentee's own from before the run, which nobody has accepted yet
    ruled_out: RuledOut | None  # why the two must not be proposed, as it stands now


@looks_beyond_reach
def standings(scope: Scope[MatchRun]) -> list[Standing]:
    """The run's pairs, best score first, with what has happened to their people since."""
    session, run = scope.session, scope.row
    mentor, mentee = aliased(Enrolment), aliased(Enrolment)
    wanted = (
        select(MatchRunPair, mentor, mentee, Participant.mentor_capacity)
        .join(mentor, col(mentor.id) == col(MatchRunPair.mentor_enrolment_id))
        .join(mentee, col(mentee.id) == col(MatchRunPair.mentee_enrolment_id))
        .join(Participant, col(Participant.id) == col(mentor.participant_id))
        .where(MatchRunPair.run_id == run.id)
        .order_by(col(MatchRunPair.score).desc(), col(MatchRunPair.id))
    )
    taken = taken_places(session, run.cohort_id, scope.today)
    matched = set(session.scalars(mentees_under_way(run.cohort_id, scope.today)))
    movable = {one.mentee_enrolment_id: one for one in lock_movable(scope)}
    blocked = ruled_out(session, run.program_id)
    policy = Policy.parse(session.get_one(MatchingPolicy, run.policy_id).document)
    hidden = unreachable(scope)
    return [
        Standing(
            pair,
            mentor=one,
            mentee=other,
            is_reachable={Side.MENTOR: one.id not in hidden, Side.MENTEE: other.id not in hidden},
            free_places=capacity - taken[one.participant_id],
            has_match=other.id in matched and other.id not in movable,
            proposal=movable.get(other.id),
            ruled_out=_binding(blocked.get((one.participant_id, other.participant_id)), policy),
        )
        for pair, one, other, capacity in session.exec(wanted)
    ]


@looks_beyond_reach
def lock_movable(scope: Scope[MatchRun]) -> Sequence[Match]:
    """The cohort's proposals that the run was free to move and that nobody has accepted since, locked."""
    run = scope.row
    if not run.includes_proposals:
        return []
    wanted = select(Match).where(
        Match.cohort_id == run.cohort_id,
        Match.status == MatchStatus.PROPOSED,
        Match.created_at < run.created_at,
        under_way(scope.today),
    )
    locked = wanted.order_by(col(Match.id)).with_for_update(key_share=True)
    return scope.session.exec(locked, execution_options={"populate_existing": True}).all()


def unmatched_ids(scope: Scope[MatchRun]) -> frozenset[UUID]:
    """The enrolments of every mentee whom the run left without a mentor."""
    wanted = select(MatchRunUnmatched.mentee_enrolment_id).where(MatchRunUnmatched.run_id == scope.row.id)
    return frozenset(scope.session.exec(wanted))


def _binding(why: RuledOut | None, policy: Policy) -> RuledOut | None:
    """The reason, unless it is a conflict of interest that the policy does not mind."""
    if why is None or why.value not in {one.value for one in Conflict}:
        return why
    return why if why.value in {one.value for one in policy.conflicts} else None
