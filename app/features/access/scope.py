"""What does an action receive? A `Scope`: the row, the actor and the proof that the actor may. Made by guards only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from sqlmodel import Session

from app.domain.access import Actor, Decision, carries
from app.domain.glossary import Side
from app.domain.grants import GRANTS, SIDED
from app.domain.roles import Permission, Responsibility
from app.features.access.queries import accountable_for
from app.features.access.tables import AccessRecord, Guarded
from app.kit.clock import today
from app.kit.problems import Problem
from app.kit.wire import Exchange

R_co = TypeVar("R_co", covariant=True)
S = TypeVar("S")


@dataclass(frozen=True)
class Scope(Generic[R_co]):
    """Permission already checked, for one row (or None for collections), at one instant."""

    session: Session
    actor: Actor
    permission: Permission
    now: datetime
    row: R_co
    exchange: Exchange
    trace_id: str

    @property
    def today(self) -> date:
        """The Stockholm day of this request: duties are in force by days."""
        return today(self.now)

    def about(self, row: S) -> "Scope[S]":
        """The same permission for a row that the action itself made or reached from the permitted one."""
        return replace(self, row=row)  # type: ignore[arg-type,return-value]  # only the row's type changes

    def demand_permission(self, permission: Permission) -> None:
        """Demand that role and scopes allow this too, for an act that is several in one. Raises: 403."""
        if not self.actor.has_role_for(permission):
            raise Problem("access.role_not_permitted", permission=permission.value)

    def demand_side(self, program_id: UUID, side: Side) -> None:
        """Narrow a two-sided permission to the side the body names. Raises: 403 naming the duty and its holder."""
        if program_id in self.actor.programs_for(self.permission, side):
            return
        duties = {duty for duty in GRANTS[self.permission].duties if duty not in SIDED or _is_of(duty, side)}
        raise refusal(self.session, program_id, duties, self.today)

    def demand_duty(self, program_id: UUID, duty: Responsibility) -> None:
        """Demand that the actor's partner holds this very duty. Raises: 403 naming its holder."""
        grant = GRANTS[self.permission]
        if not any(h.program_id == program_id and h.duty is duty and carries(h, grant) for h in self.actor.duties):
            raise refusal(self.session, program_id, {duty}, self.today)


def _is_of(duty: Responsibility, side: Side) -> bool:
    return duty.value.lower().endswith(f"{side.value}s")


def access_record(
    scope: Scope[object], decision: Decision, people: Iterable[UUID] = (), asked: tuple[str, UUID | None] | None = None
) -> AccessRecord:
    """Who used which permission on what, about whom, for what, and how it was decided; ids only.

    `asked` names what was asked for (table and id) where the scope has not reached it.
    """
    row, exchange = scope.row, scope.exchange
    if isinstance(row, Guarded):
        asked = str(type(row).__tablename__), row.id
    subject, subject_id = asked or (None, None)
    return AccessRecord(
        at=scope.now,
        user_id=scope.actor.user_id,
        login_id=exchange.login_id,
        partner_id=scope.actor.partner_id,
        role=scope.actor.role.value,
        permission=scope.permission.value,
        decision=decision.value,
        subject=subject,
        subject_id=subject_id,
        people=sorted(people),
        purpose=exchange.purpose,
        reference=exchange.reference,
        trace_id=scope.trace_id,
    )


def refusal(session: Session, program_id: UUID | None, duties: set[Responsibility], on: date) -> Problem:
    """The 403 that names the duty and the partner accountable for it today."""
    holders = accountable_for(session, program_id, duties, on) if program_id else []
    return Problem("access.duty_not_held", duties=holders)
