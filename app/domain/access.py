"""May this actor do that to this row? The one decision over the grant table.

A role says what kind of user someone is (it stands in the token). A duty says what the user's partner answers
for in a program (it comes from the agreement in force, never from the token). `decide` needs both.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.glossary import Side
from app.domain.grants import DUTIES_OF_SIDE, GRANTS, PAIR, SIDED, Grant
from app.domain.roles import Level, Permission, Responsibility, Role


@dataclass(frozen=True)
class Held:
    """One duty as a partner holds it in a program today."""

    program_id: UUID
    duty: Responsibility
    level: Level


@dataclass(frozen=True)
class Actor:
    """Who acts, as the database knows them at this moment; detached from session and token."""

    user_id: UUID
    role: Role
    partner_id: UUID | None
    scopes: frozenset[str] | None = None
    duties: frozenset[Held] = frozenset()
    founding: frozenset[UUID] = frozenset()
    owned: frozenset[UUID] = frozenset()
    parties: frozenset[UUID] = frozenset()
    allied: frozenset[UUID] = frozenset()
    """The programs whose agreement in force the partner is a party of."""
    persons: frozenset[UUID] = frozenset()
    enrolled: frozenset[UUID] = frozenset()
    """The programs that the user takes part in: applied, going on, or ended in an exit."""
    cleared: frozenset[UUID] = frozenset()
    """The partners whose people with protected identity this user may handle today."""

    def has_role_for(self, permission: Permission) -> bool:
        """Does the role (and, for services, the scope) allow this permission at all?"""
        in_scope = self.scopes is None or permission.value in self.scopes
        return in_scope and self.role in GRANTS[permission].roles

    def programs_for(self, permission: Permission, side: Side | None = None) -> frozenset[UUID]:
        """The programs where a duty, founding, owning, being a party or taking part carries the permission.

        Duties (for rows of `side`) belong to the partner's staff: a mentor or mentee whom the partner holds acts for
        themself only.
        """
        grant = GRANTS[permission]
        own = self.enrolled if grant.enrolled else frozenset[UUID]()
        if self.role in PAIR:
            return own
        found = frozenset(held.program_id for held in self.duties if carries(held, grant, side))
        if grant.founder:
            found |= self.founding
        if grant.owner:
            found |= self.owned
        if grant.party:
            found |= self.parties
        if grant.ally:
            found |= self.allied | self.owned | {held.program_id for held in self.duties}
        return found | own


SYSTEM = Actor(user_id=UUID(int=0), role=Role.SERVICE, partner_id=None, scopes=frozenset())
"""The system itself, when the calendar and no person acts: a service without any scope, whom nothing permits anything."""


@dataclass(frozen=True)
class Row:
    """What a row says about itself: its program and side, who holds it, whom it names and is about, who wrote it."""

    side: Side | None = None
    program_id: UUID | None = None
    holders: frozenset[UUID] = frozenset()
    named: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()
    authors: frozenset[UUID] = frozenset()


class Decision(StrEnum):
    """How a request ended, as the log of accesses says it."""

    ALLOWED = "allowed"
    REFUSED = "refused"  # 403: the thing may be known, the act is not permitted
    OUT_OF_REACH = "outOfReach"  # 404: does not exist, or does not exist for this caller


class Verdict(StrEnum):
    ALLOWED = "allowed"
    ROLE_LACKS = "roleLacks"  # the role or the scope can never do this
    DUTY_LACKS = "dutyLacks"  # the partner does not hold a duty that carries it


def decide(actor: Actor, permission: Permission, row: Row) -> Verdict:
    """The one decision: role and scope, then at least one of the grant's ways to reach the row."""
    if not actor.has_role_for(permission):
        return Verdict.ROLE_LACKS
    grant = GRANTS[permission]
    reaches = (
        grant.anyone
        or (row.program_id is not None and row.program_id in actor.programs_for(permission, row.side))
        or (grant.holder and actor.role not in PAIR and actor.partner_id in row.holders)
        or (grant.named and actor.partner_id in row.named)
        or (grant.person and not actor.persons.isdisjoint(row.persons))
        or (grant.author and actor.user_id in row.authors)
    )
    return Verdict.ALLOWED if reaches else Verdict.DUTY_LACKS


def permissions_in(actor: Actor, program_id: UUID | None) -> dict[Permission, frozenset[Held]]:
    """What the actor may do in a program, each with the duties it rests on (empty: by role, founding or party)."""
    found: dict[Permission, frozenset[Held]] = {}
    for permission, grant in GRANTS.items():
        if not actor.has_role_for(permission):
            continue
        if grant.anyone or program_id in actor.programs_for(permission):
            found[permission] = frozenset(
                held for held in actor.duties if held.program_id == program_id and carries(held, grant)
            )
    return found


def carries(held: Held, grant: Grant, side: Side | None = None) -> bool:
    """Does this held duty carry the grant, for rows of `side` (None: for either side)?"""
    right_side = side is None or held.duty not in SIDED or held.duty in DUTIES_OF_SIDE[side]
    right_level = held.level is Level.ACCOUNTABLE or grant.level is Level.SUPPORTING
    return held.duty in grant.duties and right_side and right_level
