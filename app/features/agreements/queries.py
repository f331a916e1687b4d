"""Which agreements are there, what do they say, and who holds which duty on a day?"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.lifecycles import OPEN_ENROLMENTS, AgreementStatus, HandoverStatus
from app.domain.roles import Level, Responsibility
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.access.visible import ENROLMENT, visible
from app.features.agreements.schemas import (
    AgreementRead,
    AgreementSummary,
    Duty,
    PartnerName,
    PartyRead,
    ResponsibilitiesRead,
    ResponsibilityRead,
)
from app.features.agreements.tables import Agreement, AgreementDuty, AgreementParty, DutyHandover
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.clock import STOCKHOLM

Held = ResponsibilityAssignment


def agreements(scope: Scope[Program]) -> Select[Any]:
    """The agreements of one programme."""
    return select(Agreement).where(Agreement.program_id == scope.row.id, visible(Agreement, scope.actor))


def handovers(scope: Scope[Program]) -> Select[Any]:
    """The hand-overs of one programme."""
    return select(DutyHandover).where(DutyHandover.program_id == scope.row.id, visible(DutyHandover, scope.actor))


def parties_of(session: Session, agreement_id: UUID) -> Sequence[AgreementParty]:
    """Who must sign, in a fixed order."""
    wanted = select(AgreementParty).where(AgreementParty.agreement_id == agreement_id)
    return session.exec(wanted.order_by(col(AgreementParty.partner_id))).all()


def duties_of(session: Session, agreement_id: UUID) -> Sequence[AgreementDuty]:
    """What the agreement gives to whom, in a fixed order."""
    wanted = select(AgreementDuty).where(AgreementDuty.agreement_id == agreement_id)
    return session.exec(
        wanted.order_by(col(AgreementDuty.duty), col(AgreementDuty.level), col(AgreementDuty.partner_id))
    ).all()


@looks_beyond_reach
def concerned(session: Session, program_id: UUID) -> set[UUID]:
    """The partners whose duties or people a new agreement is about: nobody decides over them without them.

    They are the parties of the version in force, and whoever holds a person with an open enrolment in the program.
    """
    older = in_force(session, program_id)
    parties = {party.partner_id for party in parties_of(session, older.id)} if older is not None else set()
    holders = select(ENROLMENT.c.partner_id).where(
        ENROLMENT.c.program_id == program_id, ENROLMENT.c.status.in_(OPEN_ENROLMENTS)
    )
    return parties | set(session.scalars(holders.distinct()))


def is_party(session: Session, agreement_id: UUID, partner_id: UUID) -> bool:
    return any(party.partner_id == partner_id for party in parties_of(session, agreement_id))


def text_digest(agreement: Agreement, parties: Sequence[AgreementParty], duties: Sequence[AgreementDuty]) -> str:
    """SHA-256 (hex) of what a signature covers.

    The text is JSON in UTF-8 with sorted keys and no blanks: agreementId, programId, number, replacesId, title, terms,
    validFrom, validUntil, parties (ids) and duties ([duty, level, partnerId]), both sorted.
    """
    covered = {
        "agreementId": str(agreement.id),
        "programId": str(agreement.program_id),
        "number": agreement.number,
        "replacesId": str(agreement.replaces_id) if agreement.replaces_id else None,
        "title": agreement.title,
        "terms": agreement.terms,
        "validFrom": agreement.valid_from.isoformat(),
        "validUntil": agreement.valid_until.isoformat() if agreement.valid_until else None,
        "parties": sorted(str(party.partner_id) for party in parties),
        "duties": sorted([duty.duty.value, duty.level.value, str(duty.partner_id)] for duty in duties),
    }
    canonical = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def in_full(session: Session, agreement: Agreement) -> AgreementRead:
    """The agreement with its parties and duties; flushes first, so that its version is final."""
    session.flush()
    parties, duties = parties_of(session, agreement.id), duties_of(session, agreement.id)
    names = names_of(session, [party.partner_id for party in parties])
    return AgreementRead(
        **AgreementSummary.model_validate(agreement).model_dump(),
        parties=[
            PartyRead(
                partner_id=party.partner_id,
                partner_name=names[party.partner_id],
                signed_at=party.signed_at,
                text_digest=party.text_digest,
            )
            for party in parties
        ],
        duties=[Duty.model_validate(duty) for duty in duties],
        text_digest=text_digest(agreement, parties, duties),
    )


def names_of(session: Session, partner_ids: Sequence[UUID]) -> dict[UUID, str]:
    found = session.exec(select(Partner.id, Partner.name).where(col(Partner.id).in_(partner_ids)))
    return dict(found.all())


def active_partners(session: Session, partner_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are active partners."""
    wanted = select(Partner.id).where(col(Partner.id).in_(partner_ids), col(Partner.is_active))
    return frozenset(session.exec(wanted))


def next_number(session: Session, program_id: UUID) -> int:
    """The number of the programme's next version; the caller holds the lock on the programme."""
    return 1 + (session.scalar(select(func.max(Agreement.number)).where(Agreement.program_id == program_id)) or 0)


def lock_program(session: Session, program_id: UUID) -> None:
    """Let the writers of one programme's responsibility matrix queue up, until this transaction ends."""
    session.scalars(select(Program.id).where(Program.id == program_id).with_for_update(key_share=True)).one()


def in_force(session: Session, program_id: UUID) -> Agreement | None:
    """The programme's agreement in force, if there is one."""
    return session.exec(_in_force(program_id)).first()


def lock_in_force(session: Session, program_id: UUID) -> Agreement | None:
    """As `in_force`, as it stands once nobody else is ending it."""
    wanted = _in_force(program_id).with_for_update(key_share=True)
    return session.exec(wanted, execution_options={"populate_existing": True}).first()


def _in_force(program_id: UUID) -> SelectOfScalar[Agreement]:
    return select(Agreement).where(Agreement.program_id == program_id, Agreement.status == AgreementStatus.IN_FORCE)


def held_from(session: Session, program_id: UUID, day: date, agreement_id: UUID | None = None) -> Sequence[Held]:
    """The programme's assignments that are in force on `day` or some day after it."""
    wanted = select(Held).where(Held.program_id == program_id, col(Held.ended_at).is_(None), _lasts_until(day))
    if agreement_id is not None:
        wanted = wanted.where(Held.agreement_id == agreement_id)
    return session.exec(wanted.order_by(col(Held.id))).all()


def held_on(session: Session, program_id: UUID, duty: Responsibility, level: Level, day: date) -> Sequence[Held]:
    """Who holds the duty at this level on a day, today or later."""
    wanted = select(Held).where(
        Held.program_id == program_id,
        Held.duty == duty,
        Held.level == level,
        Held.valid_from <= day,
        col(Held.ended_at).is_(None),
        _lasts_until(day),
    )
    return session.exec(wanted).all()


def _lasts_until(day: date) -> ColumnElement[bool]:
    return or_(col(Held.valid_until).is_(None), col(Held.valid_until) >= day)


def open_handovers(session: Session, program_id: UUID) -> Sequence[DutyHandover]:
    """The hand-overs that wait for an answer; one that is being answered right now is left to its answer."""
    wanted = select(DutyHandover).where(
        DutyHandover.program_id == program_id, DutyHandover.status == HandoverStatus.PROPOSED
    )
    return session.exec(wanted.with_for_update(skip_locked=True)).all()


def responsibilities(session: Session, program_id: UUID, day: date) -> ResponsibilitiesRead:
    """The matrix as it was, is or will be on a day: one line for every duty.

    An assignment that was ended counts for the days before the day it was ended.
    """
    night = datetime.combine(day + timedelta(days=1), time.min, STOCKHOLM)
    held = session.exec(
        select(Held, Partner.name)
        .join(Partner, col(Partner.id) == col(Held.partner_id))
        .where(
            Held.program_id == program_id,
            Held.valid_from <= day,
            _lasts_until(day),
            or_(col(Held.ended_at).is_(None), col(Held.ended_at) >= night),
        )
        .order_by(col(Partner.name), col(Held.id))
    )
    by_duty: dict[Responsibility, list[tuple[Held, str]]] = defaultdict(list)
    for assignment, name in held:
        by_duty[assignment.duty].append((assignment, name))
    return ResponsibilitiesRead(
        program_id=program_id, on=day, items=[_line(duty, by_duty[duty]) for duty in Responsibility]
    )


def _line(duty: Responsibility, held: Sequence[tuple[Held, str]]) -> ResponsibilityRead:
    first = sorted(held, key=lambda one: one[0].level is not Level.ACCOUNTABLE)[:1]
    named = [(one.level, PartnerName(id=one.partner_id, name=name)) for one, name in held]
    return ResponsibilityRead(
        duty=duty,
        accountable=next((partner for level, partner in named if level is Level.ACCOUNTABLE), None),
        supporting=[partner for level, partner in named if level is Level.SUPPORTING],
        agreement_id=first[0][0].agreement_id if first else None,
    )
