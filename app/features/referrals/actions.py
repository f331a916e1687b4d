"""How does a person pass from one partner to another: sent, answered, taken back, or overtaken by time?

Locks are taken in one order: the referral, the person's record, the consent. Whoever withdraws the consent, or makes
the person anonymous or protected, comes wholly before an act here or wholly after it.
"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import ConsentPurpose, Side
from app.domain.lifecycles import REFERRAL, EnrolmentStatus, ReferralStatus
from app.domain.referrals import check_answer_by, check_cohort, keeps_snapshot, standing
from app.features.access.queries import accountable_for
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.consents.queries import consent_in_force
from app.features.consents.tables import Consent
from app.features.enrolments.actions import add_enrolment
from app.features.participants.actions import take_in
from app.features.participants.schemas import ParticipantCreate
from app.features.participants.tables import Participant
from app.features.partners.queries import exists
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort
from app.features.referrals import queries
from app.features.referrals.schemas import ReferralCreate, ReferralRefusalCreate, ReferralSnapshot
from app.features.referrals.tables import Referral
from app.kit.clock import today as day_of
from app.kit.columns import amend

KINDS = {ReferralStatus.EXPIRED: ChangeKind.REFERRAL_EXPIRED, ReferralStatus.WITHDRAWN: ChangeKind.REFERRAL_WITHDRAWN}


def send_referral(scope: Scope[Partner], body: ReferralCreate) -> Referral:
    """Refer a person of the caller's partner to another; the receiver may read a copy of the record until the answer.

    Raises: `participant.unknown`, `referral.not_possible`, `referral.cohort_unknown`, `referral.cohort_over`,
    `referral.answer_by_outside`, `referral.to_own_partner`, `partner.unknown`, `referral.receiver_not_recruiting`,
    `referral.consent_missing`, `referral.already_sent`.
    """
    person = _person(scope, body)
    cohort = queries.reachable_cohort(scope, body.cohort_id)
    if cohort is None:
        raise RuleViolation("referral.cohort_unknown", pointer="/cohortId")
    _check_cohort(scope, cohort, body.side)
    check_answer_by(body.answer_by, scope.today)
    _check_receiver(scope, cohort, body)
    consent = _consent(scope, person, body)
    _settle_twins(scope, body)
    own = {
        "program_id": cohort.program_id,
        "from_partner_id": scope.row.id,
        "consent_id": consent.id,
        "sent_by_user_id": scope.actor.user_id,
        "snapshot": person.model_dump(mode="json", include=set(ReferralSnapshot.model_fields)),
    }
    referral = Referral.model_validate({**body.model_dump(exclude={"consent_id"}), **own})
    scope.session.add(referral)
    record(scope, ChangeKind.REFERRAL_SENT, referral)
    return referral


def _person(scope: Scope[Partner], body: ReferralCreate) -> Participant:
    person = queries.own_person(scope, body.participant_id)
    if person is None:
        raise RuleViolation("participant.unknown", pointer="/participantId")
    if person.is_anonymous or person.protection is not None:
        raise RuleViolation("referral.not_possible")
    return person


def _check_cohort(scope: Scope[Any], cohort: Cohort, side: Side) -> None:
    until = cohort.mentor_intake_until if side is Side.MENTOR else cohort.mentee_intake_until
    check_cohort(cohort.status, until, scope.today)


def _check_receiver(scope: Scope[Partner], cohort: Cohort, body: ReferralCreate) -> None:
    if body.to_partner_id == scope.row.id:
        raise RuleViolation("referral.to_own_partner", pointer="/toPartnerId")
    if not exists(scope.session, body.to_partner_id):
        raise RuleViolation("partner.unknown", pointer="/toPartnerId")
    _refuse_unless_recruiting(scope, cohort, body.to_partner_id, body.side)


def _refuse_unless_recruiting(scope: Scope[Any], cohort: Cohort, partner_id: Any, side: Side) -> None:
    if not queries.is_recruiting(scope, cohort.program_id, partner_id, side):
        holders = accountable_for(scope.session, cohort.program_id, {queries.RECRUITS[side]}, scope.today)
        raise RuleViolation("referral.receiver_not_recruiting", pointer="/toPartnerId", duties=holders)


def _consent(scope: Scope[Partner], person: Participant, body: ReferralCreate) -> Consent:
    """The consent in force for this receiver, and the one that the body names, if it names one."""
    to, purpose = body.to_partner_id, ConsentPurpose.REFERRAL
    found = consent_in_force(scope.session, person.id, purpose, recipient_id=to, is_kept=True)
    if found is None or body.consent_id not in {None, found.id}:
        raise RuleViolation("referral.consent_missing", pointer="/consentId")
    return found


def _settle_twins(scope: Scope[Partner], body: ReferralCreate) -> None:
    """An earlier one that only looks unanswered is not in the way; one that waits is (the database says so)."""
    for twin in queries.unanswered_twins(scope.session, body.participant_id, body.cohort_id):
        settle_referral(scope.about(twin))
    scope.session.flush()


def accept_referral(scope: Scope[Referral]) -> Referral:
    """Take over the person: a record of the receiver's own, made of the copy, and an enrolment that is `referred`.

    A record that the receiver has of the same person already is used as it is.
    Raises: `referral.receiver_only`, `referral.transition_not_allowed`, `referral.cohort_over`,
    `referral.receiver_not_recruiting`, `referral.not_possible`, `enrolment.already_enrolled`.
    """
    referral = scope.row
    _check_answer(scope, ReferralStatus.ACCEPTED)
    cohort = scope.session.get_one(Cohort, referral.cohort_id)
    _check_cohort(scope, cohort, referral.side)
    _refuse_unless_recruiting(scope, cohort, referral.to_partner_id, referral.side)
    participant = _own_record(scope)
    scope.session.flush()
    enrolment = add_enrolment(scope, cohort, participant, referral.side, status=EnrolmentStatus.REFERRED)
    scope.session.flush()
    made = {"received_participant_id": participant.id, "enrolment_id": enrolment.id}
    _answer(scope, ChangeKind.REFERRAL_ACCEPTED, {"status": ReferralStatus.ACCEPTED, **made})
    return referral


def _own_record(scope: Scope[Referral]) -> Participant:
    referral = scope.row
    person_id = queries.referred_person(scope.session, referral.participant_id).person_id
    known = queries.known_to(scope.session, referral.to_partner_id, person_id)
    if known is None:
        copy = ReferralSnapshot.model_validate(referral.snapshot)
        body = ParticipantCreate.model_validate(copy.model_dump())
        return take_in(scope, referral.to_partner_id, body, person_id=person_id)
    if not queries.may_take(scope, known):
        # The receiver protects this person. A second, open record would undo that, and saying more would tell.
        raise RuleViolation("referral.not_possible")
    return known


def refuse_referral(scope: Scope[Referral], body: ReferralRefusalCreate) -> Referral:
    """Say no, for a reason; the copy of the record is gone.

    Raises: `referral.receiver_only`, `referral.transition_not_allowed`.
    """
    _check_answer(scope, ReferralStatus.DECLINED)
    told = {"status": ReferralStatus.DECLINED, "declined_reason": body.reason_code, "snapshot": None}
    _answer(scope, ChangeKind.REFERRAL_DECLINED, told)
    return scope.row


def _check_answer(scope: Scope[Referral], to: ReferralStatus) -> None:
    if scope.actor.partner_id != scope.row.to_partner_id:
        raise RuleViolation("referral.receiver_only")
    _check_step(scope, to)


def _check_step(scope: Scope[Referral], to: ReferralStatus) -> None:
    """The lifecycle, from where the referral stands today."""
    referral = scope.row
    queries.referred_person(scope.session, referral.participant_id)
    queries.keep_consent(scope.session, referral.consent_id)
    covered = queries.is_covered(scope.session, referral)
    REFERRAL.check(standing(referral.status, referral.answer_by, scope.today, is_covered=covered), to)


def _answer(scope: Scope[Referral], kind: ChangeKind, fields: dict[str, Any]) -> None:
    answered = {"answered_at": scope.now, "answered_by_user_id": scope.actor.user_id}
    record(scope, kind, scope.row, amend(scope.row, {**fields, **answered}))


def withdraw_referral(scope: Scope[Referral]) -> Referral:
    """Take back what has not been answered; the copy of the record is gone.

    Raises: `referral.sender_only`, `referral.transition_not_allowed`.
    """
    if scope.actor.partner_id != scope.row.from_partner_id:
        raise RuleViolation("referral.sender_only")
    _check_step(scope, ReferralStatus.WITHDRAWN)
    changed = amend(scope.row, {"status": ReferralStatus.WITHDRAWN, "snapshot": None})
    record(scope, ChangeKind.REFERRAL_WITHDRAWN, scope.row, changed)
    return scope.row


def settle_referral(scope: Scope[Referral]) -> None:
    """Store what time or the person has decided: that it expired or is withdrawn, or that the copy is no more.

    Changes nothing when nothing was decided, or when it is stored already.
    """
    referral = scope.row
    covered = queries.is_covered(scope.session, referral)
    now = standing(referral.status, referral.answer_by, scope.today, is_covered=covered)
    answered_on = day_of(referral.answered_at) if referral.answered_at else None
    is_kept = keeps_snapshot(now, answered_on, scope.today, is_covered=covered)
    changed = amend(referral, {"status": now, "snapshot": referral.snapshot if is_kept else None})
    if "status" in changed:
        record(scope, KINDS[now], referral, changed)
    elif changed:
        record(scope, ChangeKind.REFERRAL_COPY_ERASED, referral, changed)
