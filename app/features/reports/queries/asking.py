"""Who asks for which period, what do they know record by record, and with which randomness are they answered?"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.errors import RuleViolation
from app.domain.reports import Tertial
from app.domain.roles import Permission
from app.features.access.queries import programs_known
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports.queries.counts import Asked
from app.features.reports.schemas import CoveredProgram, TertialQuery, TertialRead
from app.kit.digests import seed_of

STAYS = (Permission.ENROLMENT_READ, Permission.OUTCOME_READ)
"""Both are needed to see which records did not count: the rule that names a record tells of its outcome."""
PAIRS = (Permission.ENROLMENT_READ, Permission.MATCH_READ)
FOREVER = date(1900, 1, 1)
"""A first day before every record."""


def period_of(query: TertialQuery, today: date) -> Tertial:
    """The tertial asked for, else the last that has ended.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    if query.year is None and query.tertial is None:
        return Tertial.last_ended(today)
    if query.year is None or query.tertial is None:
        raise RuleViolation("report.period_incomplete", pointer="/tertial" if query.tertial is None else "/year")
    tertial = Tertial(query.year, query.tertial)
    if not tertial.has_begun(today):
        raise RuleViolation("report.period_not_begun", pointer="/tertial", firstOn=tertial.period()[0])
    return tertial


def period_read(tertial: Tertial, today: date) -> TertialRead:
    first_on, last_on = tertial.period()
    return TertialRead(
        id=str(tertial),
        year=tertial.year,
        tertial=tertial.number,
        first_on=first_on,
        last_on=last_on,
        has_ended=tertial.has_ended(today),
    )


def asked_by(scope: Scope[Any], tertial: Tertial, program_ids: frozenset[UUID]) -> Asked:
    """What to count for this caller."""
    first_on, last_on = tertial.period()
    stays, pairs = (known_by(scope, permissions) & program_ids for permissions in (STAYS, PAIRS))
    return Asked(program_ids, stays, pairs, first_on, last_on, scope.today, seed_of(scope.session))


def asked_in(scope: Scope[Program], first_on: date, last_on: date) -> Asked:
    """What to count in the one program, over days of our own choice."""
    one = frozenset({scope.row.id})
    stays, pairs = (known_by(scope, permissions) & one for permissions in (STAYS, PAIRS))
    return Asked(one, stays, pairs, first_on, last_on, scope.today, seed_of(scope.session))


def known_by(scope: Scope[Any], permissions: Iterable[Permission]) -> frozenset[UUID]:
    """The programs whose records of mentees the caller may read one by one by these permissions: every one of them."""
    return programs_known(scope.session, scope.actor, permissions)


def programs_read(session: Session, program_ids: frozenset[UUID]) -> list[CoveredProgram]:
    """The programs by name."""
    wanted = select(col(Program.id), col(Program.name), col(Program.category))
    found = session.execute(
        wanted.where(col(Program.id).in_(sorted(program_ids))).order_by(col(Program.name), col(Program.id))
    )
    return [CoveredProgram(id=one, name=name, category=category) for one, name, category in found]
