"""Which information is there, and is somebody prepared for a match?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, column, exists, func, table
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.benchmarks import Profile
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.matches import may_be_minor
from app.domain.training import TrainingState
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.participants.queries import has_guardian_consent, valid_attestations
from app.features.participants.tables import Participant
from app.features.preparation.schemas import InformationPackQuery, PreparationItem, PreparationRead
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer, InformationPack
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.features.training.queries import training_state
from app.kit.problems import Problem

# The table of a later slice is named, not imported: preparation lies below matches.
MATCH = table(
    "match",
    column("mentor_enrolment_id", Uuid),
    column("mentee_enrolment_id", Uuid),
    column("mentee_participant_id", Uuid),
    column("mentor_reviewed_at"),
    column("mentee_reviewed_at"),
    column("status"),
)
REGISTER_EXTRACT = "registerExtract"
"""The attestation that somebody has shown an extract from the criminal records register; never what it said."""


def information_packs(scope: Scope[Program], query: InformationPackQuery) -> Select[Any]:
    """Every version of a program's information packs, narrowed by the query."""
    statement: Select[Any] = select(InformationPack).where(
        col(InformationPack.program_id) == scope.row.id, visible(InformationPack, scope.actor)
    )
    if query.side is not None:
        statement = statement.where(col(InformationPack.side) == query.side)
    if query.language is not None:
        statement = statement.where(col(InformationPack.language) == query.language)
    return statement


def last_number(session: Session, program_id: UUID, side: Side, language: str) -> int:
    """The number of the newest version for a side in a language; 0 when there is none."""
    newest = select(func.coalesce(func.max(InformationPack.number), 0)).where(
        InformationPack.program_id == program_id,
        InformationPack.side == side,
        InformationPack.language == language,
    )
    return session.exec(newest).one()


def pack_for(session: Session, enrolment: Enrolment, pack_id: UUID) -> InformationPack | None:
    """The pack with this id, when it speaks to the enrolment's side in its program."""
    wanted = select(InformationPack).where(
        InformationPack.id == pack_id,
        InformationPack.program_id == enrolment.program_id,
        InformationPack.side == enrolment.side,
    )
    return session.exec(wanted).first()


def acknowledgements(scope: Scope[Enrolment]) -> Select[Any]:
    """What was acknowledged in one enrolment."""
    return select(Acknowledgement).where(Acknowledgement.enrolment_id == scope.row.id)


@dataclass(frozen=True)
class Pairing:
    """What a match that both have accepted asks of one of its people before it starts."""

    mentee_id: UUID
    has_review: bool


@looks_beyond_reach
def preparation(session: Session, enrolment: Enrolment, on: date, pairings: Collection[Pairing]) -> PreparationRead:
    """How far the person of an enrolment is prepared on a day, by the program's benchmark profile."""
    profile = profile_of(session.get_one(Program, enrolment.program_id))
    training = training_state(session, enrolment, profile.training_minutes(enrolment.side))
    facts = {
        "has_latest_information": _has_latest_information(session, enrolment),
        "has_expectations": bool(expectation_answers(session, [enrolment.id])),
        "has_expectation_review": all(one.has_review for one in pairings) if pairings else None,
        "has_guardian_consent": _guardian_consent(session, enrolment, on),
        "has_register_extract": _register_extract(session, enrolment, on, pairings),
    }
    missing = _missing(profile, training, facts)
    told = {
        "training_minutes": training.minutes,
        "training_minutes_needed": training.needed_minutes,
        "missing_course_ids": training.missing_courses,
        **facts,
    }
    return PreparationRead.model_validate({**told, "is_prepared": not missing, "missing": missing})


def _missing(profile: Profile, training: TrainingState, facts: Mapping[str, bool | None]) -> list[PreparationItem]:
    """What of the facts the profile asks for and does not find; None says that it is not asked for."""
    is_shared = profile.is_expectations_required
    lacks = {
        PreparationItem.TRAINING: not training.is_enough,
        PreparationItem.INFORMATION: profile.is_information_required and not facts["has_latest_information"],
        PreparationItem.EXPECTATIONS: is_shared and not facts["has_expectations"],
        PreparationItem.EXPECTATION_REVIEW: is_shared and facts["has_expectation_review"] is False,
        PreparationItem.GUARDIAN_CONSENT: facts["has_guardian_consent"] is False,
        PreparationItem.REGISTER_EXTRACT: facts["has_register_extract"] is False,
    }
    return [item for item, is_lacking in lacks.items() if is_lacking]


@looks_beyond_reach
def pairings_of(session: Session, enrolment: Enrolment) -> list[Pairing]:
    """The matches of an enrolment that both have accepted and that wait for their start."""
    is_mentor = enrolment.side is Side.MENTOR
    own, reviewed_at = MATCH.c.mentee_enrolment_id, MATCH.c.mentee_reviewed_at
    if is_mentor:
        own, reviewed_at = MATCH.c.mentor_enrolment_id, MATCH.c.mentor_reviewed_at
    found = session.execute(
        select_columns(MATCH.c.mentee_participant_id, reviewed_at).where(
            own == enrolment.id, MATCH.c.status.in_([MatchStatus.ACCEPTED.value, MatchStatus.PREPARED.value])
        )
    )
    return [Pairing(mentee_id, reviewed is not None) for mentee_id, reviewed in found]


def expectation_answers(session: Session, enrolment_ids: Collection[UUID]) -> dict[UUID, ExpectationAnswer]:
    """What was answered in these enrolments, by enrolment."""
    found = session.exec(select(ExpectationAnswer).where(col(ExpectationAnswer.enrolment_id).in_(enrolment_ids)))
    return {one.enrolment_id: one for one in found}


def expectations_of(scope: Scope[Enrolment]) -> ExpectationAnswer:
    """What the person of an enrolment answered. Raises: Problem 404 when nothing yet."""
    found = expectation_answers(scope.session, [scope.row.id]).get(scope.row.id)
    if found is None:
        raise Problem("resource.not_found")
    return found


def _guardian_consent(session: Session, enrolment: Enrolment, on: date) -> bool | None:
    """Does a guardian consent? None for mentors and for grown-up mentees."""
    if enrolment.side is not Side.MENTEE or not _is_minor(session, enrolment.participant_id, on):
        return None
    return has_guardian_consent(session, enrolment.participant_id)


def _register_extract(session: Session, enrolment: Enrolment, on: date, pairings: Collection[Pairing]) -> bool | None:
    """Has the mentor shown an extract that counts that day? None for whoever meets no minor."""
    if enrolment.side is not Side.MENTOR or not any(_is_minor(session, one.mentee_id, on) for one in pairings):
        return None
    return REGISTER_EXTRACT in valid_attestations(session, enrolment.participant_id, on)


def _is_minor(session: Session, participant_id: UUID, on: date) -> bool:
    person = session.get_one(Participant, participant_id)
    return may_be_minor(person.born_on, person.birth_year, on)


def _has_latest_information(session: Session, enrolment: Enrolment) -> bool:
    """Has the person taken note of a version that is still good enough, in any one language?

    A version is good enough until a later one of its side and language asks for a new acknowledgement.
    """
    later = aliased(InformationPack)
    is_outdated = exists().where(
        col(later.program_id) == col(InformationPack.program_id),
        col(later.side) == col(InformationPack.side),
        col(later.language) == col(InformationPack.language),
        col(later.number) > col(InformationPack.number),
        col(later.needs_new_acknowledgement),
    )
    good = (
        select(Acknowledgement.id)
        .join(InformationPack, col(InformationPack.id) == col(Acknowledgement.pack_id))
        .where(Acknowledgement.enrolment_id == enrolment.id, ~is_outdated)
        .limit(1)
    )
    return session.exec(good).first() is not None
