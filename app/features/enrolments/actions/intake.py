"""Who comes in, through which door, on which ground, and which rule says no?"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.consents import default_ground, ground_of
from app.domain.eligibility import EligibilityRules, PersonFacts, check_eligibility
from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel, ConsentPurpose, LegalGround, Side
from app.domain.grants import PAIR
from app.domain.lifecycles import CohortStatus, EnrolmentStatus
from app.domain.roles import Permission, Role
from app.features.access.scope import Scope, refusal
from app.features.changes.actions import record
from app.features.consents.queries import consent_in_force
from app.features.enrolments.actions.steps import step
from app.features.enrolments.queries import (
    RECRUITING_DUTY,
    intake_window,
    open_programs,
    own_participant,
    recruits,
)
from app.features.enrolments.schemas import ApplicationCreate, EnrolmentCreate
from app.features.enrolments.tables import Enrolment
from app.features.participants.queries import held_participant, valid_attestations
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort, Program

SWEDISH = frozenset({"sv", "swe"})  # ISO 639-1 and 639-2
SIDES = {Role.MENTOR: Side.MENTOR, Role.MENTEE: Side.MENTEE}


def create_enrolment(scope: Scope[Cohort], body: EnrolmentCreate) -> Enrolment:
    """Enrol a person whom the caller's partner holds. The day of enrolling is the intake day for every rule.

    Raises: 403 unless the partner recruits this side; `participant.unknown`, `enrolment.ground_invalid`,
    `enrolment.consent_missing`, and see `_check_intake`; at the flush `enrolment.already_enrolled`.
    """
    cohort = scope.row
    scope.demand_side(cohort.program_id, body.side)
    participant = held_participant(scope, body.participant_id)
    if participant is None:
        raise RuleViolation("participant.unknown", pointer="/participantId")
    _check_intake(scope, cohort, participant, body.side, needs_business_owner=body.needs_business_owner)
    ground = ground_of(body.ground, _holder(scope, participant).sector)
    _check_consent(scope, cohort, participant, ground)
    fixed = {"needs_business_owner": body.needs_business_owner, "ground": ground}
    return add_enrolment(scope, cohort, participant, body.side, **fixed)


def apply_to_cohort(scope: Scope[Cohort], body: ApplicationCreate) -> Enrolment:
    """Apply by one's own login, on the side of one's role.

    When the partner that holds the person recruits that side in the program, its own ground applies; otherwise the
    person's consent to share in the program must be in force. Raises: `enrolment.no_record`,
    `enrolment.consent_missing`, and see `_check_intake`; at the flush `enrolment.already_enrolled`.
    """
    cohort, side = scope.row, SIDES[scope.actor.role]
    participant = own_participant(scope)
    if participant is None:
        raise RuleViolation("enrolment.no_record")
    _check_intake(scope, cohort, participant, side, needs_business_owner=body.needs_business_owner)
    ground = LegalGround.CONSENT
    if recruits(scope.session, participant.partner_id, cohort.program_id, side, scope.today):
        ground = default_ground(_holder(scope, participant).sector)
    _check_consent(scope, cohort, participant, ground)
    fixed = {"needs_business_owner": body.needs_business_owner, "ground": ground}
    return add_enrolment(scope, cohort, participant, side, **fixed)


def add_enrolment(scope: Scope[Any], cohort: Cohort, participant: Participant, side: Side, **fixed: Any) -> Enrolment:
    """Store a new enrolment as of today, `applied` on the holder's usual ground unless `fixed` says otherwise.

    The caller has checked everything. Raises at the flush: `enrolment.already_enrolled`.
    """
    own = {"cohort_id": cohort.id, "program_id": cohort.program_id, "partner_id": participant.partner_id}
    usual = {"applied_on": scope.today, "ground": default_ground(_holder(scope, participant).sector)}
    enrolment = Enrolment.model_validate({**own, **usual, "participant_id": participant.id, "side": side, **fixed})
    scope.session.add(enrolment)
    record(scope, ChangeKind.ENROLMENT_CREATED, enrolment)
    return enrolment


def take_up_referral(scope: Scope[Enrolment], cohort: Cohort) -> None:
    """A referred person applies: referred → applied, with window and rules as of today.

    By the person, by the partner that holds them, or by one that recruits the side.
    Raises: 403 naming who recruits; `enrolment.consent_missing`, and see `_check_intake`.
    """
    enrolment = scope.row
    _demand_recruiter(scope)
    participant = scope.session.get_one(Participant, enrolment.participant_id)
    needs_owner = enrolment.needs_business_owner
    _check_intake(scope, cohort, participant, enrolment.side, needs_business_owner=needs_owner)
    _check_consent(scope, cohort, participant, enrolment.ground)
    step(scope, enrolment, EnrolmentStatus.APPLIED, applied_on=scope.today)


def _demand_recruiter(scope: Scope[Enrolment]) -> None:
    enrolment, actor = scope.row, scope.actor
    if actor.role in PAIR or actor.partner_id == enrolment.partner_id:
        return
    if enrolment.program_id not in actor.programs_for(Permission.ENROLMENT_CREATE, enrolment.side):
        raise refusal(scope.session, enrolment.program_id, {RECRUITING_DUTY[enrolment.side]}, scope.today)


def _check_intake(
    scope: Scope[Any], cohort: Cohort, participant: Participant, side: Side, *, needs_business_owner: bool
) -> None:
    """The program's rules are for mentees; a mentor is measured by the screening.

    Raises: `enrolment.cohort_not_open`, `enrolment.outside_window`, `enrolment.not_eligible` (with the open programs
    that would accept the person), `enrolment.need_is_for_mentees`.
    """
    if cohort.status is not CohortStatus.OPEN:
        raise RuleViolation("enrolment.cohort_not_open", cohortStatus=cohort.status.value)
    first_on, last_on = intake_window(cohort, side)
    if not first_on <= scope.today <= last_on:
        raise RuleViolation("enrolment.outside_window", intakeFrom=first_on, intakeUntil=last_on)
    if side is Side.MENTEE:
        rules = EligibilityRules.parse(scope.session.get_one(Program, cohort.program_id).eligibility)
        elsewhere = open_programs(scope.session, side, scope.today)
        check_eligibility(rules, _facts(scope, participant), scope.today, elsewhere)
    elif needs_business_owner:
        raise RuleViolation("enrolment.need_is_for_mentees", pointer="/needsBusinessOwner")


def _facts(scope: Scope[Any], participant: Participant) -> PersonFacts:
    """What the rules look at, as it is known today."""
    levels = [CefrLevel(skill["level"]) for skill in participant.languages if skill["code"] in SWEDISH]
    return PersonFacts(
        born_on=participant.born_on,
        birth_year=participant.birth_year,
        municipality=participant.municipality_code,
        swedish=max(levels, key=lambda level: level.rank, default=None),
        attestations=valid_attestations(scope.session, participant.id, scope.today),
        occupation=participant.occupation_code,
    )


def _check_consent(scope: Scope[Any], cohort: Cohort, participant: Participant, ground: LegalGround) -> None:
    """Raises `enrolment.consent_missing`. An anonymous person, whom nothing identifies, consents to nothing."""
    if ground is not LegalGround.CONSENT or participant.is_anonymous:
        return
    purpose = ConsentPurpose.SHARE_IN_PROGRAM
    given = consent_in_force(scope.session, participant.id, purpose, program_id=cohort.program_id, is_kept=True)
    if given is None:
        raise RuleViolation("enrolment.consent_missing", purpose=purpose.value, programId=str(cohort.program_id))


def _holder(scope: Scope[Any], participant: Participant) -> Partner:
    return scope.session.get_one(Partner, participant.partner_id)
