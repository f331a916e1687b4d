"""What do the records say about the seven success factors of a programme?"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from app.domain.benchmarks import profile
from app.domain.glossary import Sector, Side
from app.domain.lifecycles import AgreementStatus
from app.domain.readiness import ReadinessFacts, ReadinessItem, ToDo, check_readiness, to_do
from app.domain.roles import Level, Responsibility
from app.features.access.queries import accountable_for, in_force_on
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.access.visible import visible
from app.features.agreements.schemas import PartnerName
from app.features.agreements.tables import Agreement, AgreementParty
from app.features.matching.queries import latest_policy
from app.features.matching.tables import MatchingPolicy
from app.features.partners.tables import Partner
from app.features.preparation.tables import InformationPack
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program, ProgramTarget
from app.features.readiness.schemas import ReadinessItemRead, ReadinessRead, Text, ToDoRead


def readiness(session: Session, program: Program, today: date) -> Sequence[ReadinessItem]:
    """The seven items, in the order of the factors."""
    return check_readiness(program.kind, facts_of(session, program, today))


def facts_of(session: Session, program: Program, today: date) -> ReadinessFacts:
    """What every slice knows about the programme on a day.

    Zero minutes of training count as set only where the picked profile itself asks for none: a programme that sets
    its own training to zero has no training.
    """
    own, picked = profile_of(program), profile(program.profile_id)
    return ReadinessFacts(
        has_purpose=bool(program.purpose and program.purpose.strip()),
        target_count=_target_count(session, program.id),
        accountable=_accountable(session, program.id, today),
        has_policy=_has_policy(session, program.id),
        mentor_training_minutes=own.training_minutes(Side.MENTOR),
        mentee_training_minutes=own.training_minutes(Side.MENTEE),
        zero_training_by_profile=frozenset(side for side in Side if picked.training_minutes(side) == 0),
        sectors=_sectors(session, program.id),
        single_sector_reason=program.single_sector_reason,
        information_packs=_informed_sides(session, program.id),
        is_information_required=own.is_information_required,
        follow_up_profile=own.id,
    )


def explained(scope: Scope[Program]) -> ReadinessRead:
    """The items with the partner that each unmet one waits for, and the tasks that are left."""
    session, program = scope.session, scope.row
    items = readiness(session, program, scope.today)
    tasks = to_do(items)
    duties = {one.waits_for for one in items if one.waits_for} | {one.waits_for for one in tasks}
    holders = _holders(session, program.id, duties, scope.today)
    owner = session.get_one(Partner, program.owner_partner_id)
    return ReadinessRead(
        program_id=program.id,
        is_ready=all(item.is_met for item in items),
        items=[_told(item, holders) for item in items],
        to_do=[_task(one, holders.get(one.waits_for) or PartnerName.model_validate(owner), scope) for one in tasks],
    )


def _told(item: ReadinessItem, holders: Mapping[Responsibility, PartnerName]) -> ReadinessItemRead:
    return ReadinessItemRead(
        factor=item.factor,
        code=item.code,
        text=Text(sv=item.sv, en=item.en),
        is_met=item.is_met,
        missing=list(item.missing),
        waits_for=item.waits_for,
        partner=holders.get(item.waits_for) if item.waits_for else None,
    )


def _task(task: ToDo, partner: PartnerName, scope: Scope[Program]) -> ToDoRead:
    return ToDoRead(
        factor=task.factor,
        code=task.code,
        missing=task.missing,
        text=Text(sv=task.sv, en=task.en),
        waits_for=task.waits_for,
        partner=partner,
        is_yours=partner.id == scope.actor.partner_id,
    )


def _holders(
    session: Session, program_id: UUID, duties: set[Responsibility], today: date
) -> dict[Responsibility, PartnerName]:
    return {
        Responsibility(str(fact["duty"])): PartnerName(id=UUID(fact["partnerId"]), name=str(fact["partnerName"]))
        for fact in accountable_for(session, program_id, duties, today)
        if fact["partnerId"] is not None
    }


def readable_policy(scope: Scope[Program]) -> MatchingPolicy | None:
    """The example's present policy, when its owner offers it or the caller may read it anyway."""
    newest = latest_policy(scope)
    if newest is None or scope.row.is_example:
        return newest
    seen = select(MatchingPolicy.id).where(MatchingPolicy.id == newest.id, visible(MatchingPolicy, scope.actor))
    return newest if scope.session.exec(seen).first() else None


def _target_count(session: Session, program_id: UUID) -> int:
    return session.scalar(select(func.count()).where(col(ProgramTarget.program_id) == program_id)) or 0


def _accountable(session: Session, program_id: UUID, today: date) -> frozenset[Responsibility]:
    held = ResponsibilityAssignment
    wanted = select(col(held.duty)).where(
        held.program_id == program_id, held.level == Level.ACCOUNTABLE, in_force_on(today)
    )
    return frozenset(session.exec(wanted))


def _has_policy(session: Session, program_id: UUID) -> bool:
    return bool(session.scalar(select(exists().where(col(MatchingPolicy.program_id) == program_id))))


def _sectors(session: Session, program_id: UUID) -> frozenset[Sector]:
    """The sectors of the parties of the agreement in force."""
    wanted = (
        select(col(Partner.sector))
        .join(AgreementParty, col(AgreementParty.partner_id) == col(Partner.id))
        .join(Agreement, col(Agreement.id) == col(AgreementParty.agreement_id))
        .where(Agreement.program_id == program_id, Agreement.status == AgreementStatus.IN_FORCE)
    )
    return frozenset(session.exec(wanted))


def _informed_sides(session: Session, program_id: UUID) -> frozenset[Side]:
    return frozenset(session.exec(select(col(InformationPack.side)).where(InformationPack.program_id == program_id)))


def program_of(session: Session, program_id: UUID) -> Program:
    return session.get_one(Program, program_id)
