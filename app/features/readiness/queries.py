"""What do the records say about the seven success factors of a programme?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.domain.benchmarks import profile
from app.domain.glossary import Listing, Sector, Side
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
    """What every slice knows about the programme on a day."""
    return facts_by_program(session, [program], today)[program.id]


def facts_by_program(session: Session, programs: Sequence[Program], today: date) -> dict[UUID, ReadinessFacts]:
    """The same of several programmes; five statements, whatever their number.

    Zero minutes of training count as set only where the picked profile itself asks for none: a programme that sets
    its own training to zero has no training.
    """
    ids = [program.id for program in programs]
    targets, accountable = _target_counts(session, ids), _accountable(session, ids, today)
    policies, sectors, informed = _with_policy(session, ids), _sectors(session, ids), _informed_sides(session, ids)
    found = {}
    for program in programs:
        own, picked = profile_of(program), profile(program.profile_id)
        found[program.id] = ReadinessFacts(
            has_purpose=bool(program.purpose and program.purpose.strip()),
            target_count=targets.get(program.id, 0),
            accountable=frozenset(accountable[program.id]),
            has_policy=program.id in policies,
            mentor_training_minutes=own.training_minutes(Side.MENTOR),
            mentee_training_minutes=own.training_minutes(Side.MENTEE),
            zero_training_by_profile=frozenset(side for side in Side if picked.training_minutes(side) == 0),
            sectors=frozenset(sectors[program.id]),
            single_sector_reason=program.single_sector_reason,
            information_packs=frozenset(informed[program.id]),
            is_information_required=own.is_information_required,
            follow_up_profile=own.id,
        )
    return found


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


def _target_counts(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    counted = select(ProgramTarget.program_id, func.count()).where(col(ProgramTarget.program_id).in_(ids))
    return dict(session.exec(counted.group_by(col(ProgramTarget.program_id))).all())


def _accountable(session: Session, ids: Sequence[UUID], today: date) -> dict[UUID, set[Responsibility]]:
    held = ResponsibilityAssignment
    wanted = select(held.program_id, held.duty).where(
        col(held.program_id).in_(ids), held.level == Level.ACCOUNTABLE, in_force_on(today)
    )
    return _by_program(session, wanted)


def _with_policy(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    wanted = select(MatchingPolicy.program_id).where(col(MatchingPolicy.program_id).in_(ids))
    return frozenset(session.exec(wanted.distinct()))


def _sectors(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[Sector]]:
    """The sectors of the parties of the agreement in force."""
    wanted = (
        select(Agreement.program_id, Partner.sector)
        .join(AgreementParty, col(AgreementParty.agreement_id) == col(Agreement.id))
        .join(Partner, col(Partner.id) == col(AgreementParty.partner_id))
        .where(col(Agreement.program_id).in_(ids), Agreement.status == AgreementStatus.IN_FORCE)
    )
    return _by_program(session, wanted)


def _informed_sides(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[Side]]:
    wanted = select(InformationPack.program_id, InformationPack.side).where(col(InformationPack.program_id).in_(ids))
    return _by_program(session, wanted)


def _by_program(session: Session, wanted: Any) -> dict[UUID, set[Any]]:
    """Rows of (program, value) by their program."""
    found: dict[UUID, set[Any]] = defaultdict(set)
    for program_id, value in session.exec(wanted):
        found[program_id].add(value)
    return found


def program_of(session: Session, program_id: UUID) -> Program:
    return session.get_one(Program, program_id)


def unmet_for(scope: Scope[Any]) -> list[tuple[UUID, ReadinessItem]]:
    """What is missing and waits for the caller's partner, by program: of those it founds, all that is missing."""
    actor, session = scope.actor, scope.session
    held = {(one.program_id, one.duty) for one in actor.duties if one.level is Level.ACCOUNTABLE}
    ids = {program_id for program_id, _ in held} | actor.founding
    wanted = select(Program).where(col(Program.id).in_(ids), Program.listing != Listing.LISTED)
    programs = session.exec(wanted.order_by(col(Program.name), col(Program.id))).all()
    facts = facts_by_program(session, programs, scope.today)
    return [
        (program.id, item)
        for program in programs
        for item in check_readiness(program.kind, facts[program.id])
        if not item.is_met and (program.id in actor.founding or (program.id, item.waits_for) in held)
    ]
