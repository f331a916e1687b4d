"""How is an agreement drafted, changed, proposed and withdrawn?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.grants import ONLY_BY, may_hold
from app.domain.lifecycles import AGREEMENT, AgreementStatus
from app.domain.roles import Level
from app.features.access.scope import Scope
from app.features.agreements.queries import (
    active_partners,
    concerned,
    duties_of,
    in_force,
    in_full,
    next_number,
    parties_of,
)
from app.features.agreements.schemas import AgreementCreate, AgreementPatch, AgreementRead, Duty
from app.features.agreements.tables import Agreement, AgreementDuty, AgreementParty
from app.features.changes.actions import record
from app.features.partners.queries import sectors_of
from app.features.programs.tables import Program
from app.kit.columns import amend

LISTS = ("parties", "duties")


def create_agreement(scope: Scope[Program], body: AgreementCreate) -> AgreementRead:
    """Draft the programme's next version; nobody is bound by it.

    Raises: `agreement.period_invalid`, `partner.unknown`, `agreement.party_twice`, `agreement.duty_twice`,
    `agreement.two_accountable`, `agreement.holder_not_party`.
    """
    agreement = Agreement.model_validate(
        {
            **body.model_dump(exclude=set(LISTS)),
            "program_id": scope.row.id,
            "number": next_number(scope.session, scope.row.id),
            "drafted_by_partner_id": scope.actor.partner_id,
        }
    )
    _check_period(agreement)
    scope.session.add(agreement)
    record(scope, ChangeKind.AGREEMENT_DRAFTED, agreement)
    _write_lists(scope, agreement, body.parties, body.duties)
    return in_full(scope.session, agreement)


def update_agreement(scope: Scope[Agreement], body: AgreementPatch) -> AgreementRead:
    """Change a draft. Raises: `agreement.not_draft`, and as `create_agreement`."""
    agreement = scope.row
    if agreement.status is not AgreementStatus.DRAFT:
        raise RuleViolation("agreement.not_draft", current=agreement.status.value)
    changed = amend(agreement, body.model_dump(exclude_unset=True, exclude=set(LISTS)))
    _check_period(agreement)
    if replaced := [name for name in LISTS if name in body.model_fields_set]:
        _replace_lists(scope, body)
        # The lists are part of the agreement: replacing them is a new version of it, also for If-Match.
        flag_modified(agreement, "updated_at")
    if changed or replaced:
        record(scope, ChangeKind.AGREEMENT_DRAFTED, agreement, [*changed, *replaced])
    return in_full(scope.session, agreement)


def propose_agreement(scope: Scope[Agreement]) -> AgreementRead:
    """Freeze the text and lay it before the parties to sign.

    Whoever it concerns is a party, with or without duties: no partner loses a duty, and no partner's people come under
    another's, without its signature. Raises: `agreement.transition_not_allowed`, `agreement.begins_in_past`,
    `agreement.party_left_out`.
    """
    agreement = scope.row
    AGREEMENT.check(agreement.status, AgreementStatus.PROPOSED)
    if agreement.valid_from < scope.today:
        raise RuleViolation("agreement.begins_in_past", today=scope.today.isoformat())
    parties = {party.partner_id for party in parties_of(scope.session, agreement.id)}
    if left_out := concerned(scope.session, agreement.program_id) - parties:
        raise RuleViolation("agreement.party_left_out", partnerIds=sorted(map(str, left_out)))
    older = in_force(scope.session, agreement.program_id)
    wanted = {
        "status": AgreementStatus.PROPOSED,
        "proposed_at": scope.now,
        "replaces_id": older.id if older is not None else None,
    }
    record(scope, ChangeKind.AGREEMENT_PROPOSED, agreement, amend(agreement, wanted))
    return in_full(scope.session, agreement)


def withdraw_agreement(scope: Scope[Agreement]) -> AgreementRead:
    """Take back an agreement that has not come into force. Raises: `agreement.transition_not_allowed`."""
    agreement = scope.row
    AGREEMENT.check(agreement.status, AgreementStatus.WITHDRAWN)
    wanted = {"status": AgreementStatus.WITHDRAWN, "ended_at": scope.now}
    record(scope, ChangeKind.AGREEMENT_WITHDRAWN, agreement, amend(agreement, wanted))
    return in_full(scope.session, agreement)


def _replace_lists(scope: Scope[Agreement], body: AgreementPatch) -> None:
    session, agreement = scope.session, scope.row
    old_parties, old_duties = parties_of(session, agreement.id), duties_of(session, agreement.id)
    parties, duties = body.parties, body.duties
    if "parties" not in body.model_fields_set:
        parties = [party.partner_id for party in old_parties]
    if "duties" not in body.model_fields_set:
        duties = [Duty.model_validate(duty) for duty in old_duties]
    for row in (*old_parties, *old_duties):
        session.delete(row)
    session.flush()
    _write_lists(scope, agreement, parties or [], duties or [])


def _write_lists(scope: Scope[Any], agreement: Agreement, given: Sequence[UUID], duties: Sequence[Duty]) -> None:
    own = agreement.drafted_by_partner_id
    parties = [*given] if own in given else [own, *given]
    _check_parties(scope, given, parties)
    _check_duties(duties, parties)
    _check_sectors(scope, duties)
    of_this = {"agreement_id": agreement.id, "program_id": agreement.program_id}
    scope.session.flush()  # the agreement before what points to it
    scope.session.add_all(AgreementParty.model_validate({**of_this, "partner_id": party}) for party in parties)
    scope.session.add_all(AgreementDuty.model_validate({**of_this, **duty.model_dump()}) for duty in duties)


def _check_parties(scope: Scope[Any], given: Sequence[UUID], parties: Sequence[UUID]) -> None:
    known = active_partners(scope.session, parties)
    for place, partner_id in enumerate(given):
        if partner_id not in known:
            raise RuleViolation("partner.unknown", pointer=f"/parties/{place}")
        if partner_id in given[:place]:
            raise RuleViolation("agreement.party_twice", pointer=f"/parties/{place}")


def _check_duties(duties: Sequence[Duty], parties: Sequence[UUID]) -> None:
    held: set[tuple[object, UUID]] = set()
    accountable: set[object] = set()
    for place, given in enumerate(duties):
        where = f"/duties/{place}"
        if given.partner_id not in parties:
            raise RuleViolation("agreement.holder_not_party", pointer=f"{where}/partnerId", duty=given.duty.value)
        if (given.duty, given.partner_id) in held:
            raise RuleViolation("agreement.duty_twice", pointer=where, duty=given.duty.value)
        if given.level is Level.ACCOUNTABLE and given.duty in accountable:
            raise RuleViolation("agreement.two_accountable", pointer=where, duty=given.duty.value)
        held.add((given.duty, given.partner_id))
        accountable |= {given.duty} if given.level is Level.ACCOUNTABLE else set()


def _check_sectors(scope: Scope[Any], duties: Sequence[Duty]) -> None:
    sectors = sectors_of(scope.session, {given.partner_id for given in duties if given.duty in ONLY_BY})
    for place, given in enumerate(duties):
        if given.duty in ONLY_BY and not may_hold(given.duty, sectors[given.partner_id]):
            raise RuleViolation(
                "agreement.sector_may_not_hold", pointer=f"/duties/{place}/partnerId", duty=given.duty.value
            )


def _check_period(agreement: Agreement) -> None:
    if agreement.valid_until is not None and agreement.valid_until < agreement.valid_from:
        raise RuleViolation("agreement.period_invalid", pointer="/validUntil")
