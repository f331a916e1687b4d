"""What does a partner have under way: its programs with agreements, duties, cohorts and key figures, in one look?"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select

from app.domain.lifecycles import AgreementStatus, CohortStatus
from app.domain.reports import ScopeKind
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.agreements.schemas import PartnerName
from app.features.agreements.tables import Agreement, AgreementParty
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort, Program
from app.features.reports.queries.asking import period_of, period_read
from app.features.reports.queries.employed import employed
from app.features.reports.queries.report import report_on
from app.features.reports.schemas import (
    Effort,
    EffortAgreement,
    EffortDuty,
    FigureRead,
    PartnerEfforts,
    TertialQuery,
)

KEY_FIGURES = frozenset({"inEffort", "ended", "endedToSelfSufficiency", "koladaShare"})
ALIVE = (AgreementStatus.PROPOSED, AgreementStatus.PARTLY_SIGNED, AgreementStatus.IN_FORCE)


def efforts(scope: Scope[Partner], query: TertialQuery) -> PartnerEfforts:
    """The partner's programs by name: owned, begun, or worked in. The number of statements does not depend on theirs.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    programs = _programs(scope)
    ids = [program.id for program in programs]
    agreements, cohorts, figures = _agreements(scope, ids), _cohorts(scope, ids), _figures(scope, query, ids)
    duties = defaultdict(list)
    for held in sorted(scope.actor.duties, key=lambda one: (one.level.value, one.duty.value)):
        duties[held.program_id].append(EffortDuty(duty=held.duty, level=held.level))
    told = [
        Effort.model_validate(
            {
                **program.model_dump(include={"name", "kind", "category", "listing"}),
                "program_id": program.id,
                "is_owner": program.owner_partner_id == scope.row.id,
                "is_initiator": program.initiator_partner_id == scope.row.id,
                "duties": duties[program.id],
                "agreements": agreements[program.id],
                "cohort_count": cohorts.get(program.id, (0, 0))[0],
                "open_cohort_count": cohorts.get(program.id, (0, 0))[1],
                "figures": figures.get(program.id),
            }
        )
        for program in programs
    ]
    tertial = period_of(query, scope.today)
    return PartnerEfforts(
        partner_id=scope.row.id,
        period=period_read(tertial, scope.today),
        as_of=scope.now,
        efforts=told,
        employed=employed(scope, *tertial.period()),
    )


def _programs(scope: Scope[Partner]) -> Sequence[Program]:
    worked_in = scope.actor.programs_for(Permission.DIRECTORY_READ)
    wanted = select(Program).where(
        visible(Program, scope.actor),
        or_(col(Program.initiator_partner_id) == scope.row.id, col(Program.id).in_(worked_in)),
    )
    return scope.session.exec(wanted.order_by(col(Program.name), col(Program.id))).all()


def _agreements(scope: Scope[Partner], ids: Collection[UUID]) -> dict[UUID, list[EffortAgreement]]:
    wanted = select(Agreement).where(
        col(Agreement.program_id).in_(ids), col(Agreement.status).in_(ALIVE), visible(Agreement, scope.actor)
    )
    rows = scope.session.exec(wanted.order_by(col(Agreement.number), col(Agreement.id))).all()
    parties = (
        select(AgreementParty.agreement_id, Partner)
        .join(Partner, col(Partner.id) == col(AgreementParty.partner_id))
        .where(col(AgreementParty.agreement_id).in_([row.id for row in rows]))
    )
    named: dict[UUID, list[PartnerName]] = defaultdict(list)
    for agreement_id, partner in scope.session.exec(parties.order_by(col(Partner.name), col(Partner.id))):
        named[agreement_id].append(PartnerName(id=partner.id, name=partner.name))
    found: dict[UUID, list[EffortAgreement]] = defaultdict(list)
    for row in rows:
        own = row.model_dump(include=set(EffortAgreement.model_fields))
        found[row.program_id].append(EffortAgreement.model_validate({**own, "parties": named[row.id]}))
    return found


def _cohorts(scope: Scope[Partner], ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each program how many cohorts there are, and how many of them are open."""
    is_open = col(Cohort.status) == CohortStatus.OPEN
    counted = select(Cohort.program_id, func.count(), func.count().filter(is_open)).where(
        col(Cohort.program_id).in_(ids), visible(Cohort, scope.actor)
    )
    rows: Any = scope.session.exec(counted.group_by(col(Cohort.program_id)))
    return {program: (number, open_) for program, number, open_ in rows}


def _figures(scope: Scope[Partner], query: TertialQuery, ids: Collection[UUID]) -> dict[UUID, list[FigureRead]]:
    """The key figures of the programs that the caller reports on: exact or protected, as in the report itself."""
    if not scope.actor.has_role_for(Permission.REPORT_READ):
        return {}
    reported = scope.actor.programs_for(Permission.REPORT_READ) & set(ids)
    found: dict[UUID, list[FigureRead]] = {program: [] for program in reported}
    for figure in report_on(scope, query, reported).figures if reported else ():
        if figure.scope.kind is ScopeKind.PROGRAM and figure.id in KEY_FIGURES and figure.scope.key:
            found[UUID(figure.scope.key)].append(figure)
    return found
