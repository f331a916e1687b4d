"""Of which changes may this caller know? The very conditions that the reading of the things themselves uses."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Uuid, and_, any_, bindparam, false, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Actor
from app.domain.grants import GRANTS
from app.domain.roles import Permission
from app.features.access.tables import guarded_kinds
from app.features.access.visible import visible

PARTS: Mapping[str, Permission] = {
    "partner_member": Permission.PARTNER_READ,
    "agreement_party": Permission.AGREEMENT_READ,
    "agreement_duty": Permission.AGREEMENT_READ,
}
"""Recorded tables that are no resources of their own, and the permission that reads what they are part of."""


def within_reach(named: Subquery, actor: Actor, subjects: frozenset[str]) -> ColumnElement[bool]:
    """The condition that what `named` names (subject, subject_id, program_id, partner_id) is visible to the actor.

    `subjects` are the kinds of things that occur in it: the condition speaks of no others.
    """
    return or_(false(), *_resources(named, actor, subjects), *_parts(named, actor, subjects))


def subjects_beyond(scopes: frozenset[str], permitted: frozenset[str]) -> list[str]:
    """The kinds of things that `permitted` reads and `scopes` does not: what a narrower token may not hear of."""
    reads = {str(kind.__tablename__): kind.reach.read for kind in guarded_kinds()} | dict(PARTS)
    return sorted(subject for subject, read in reads.items() if read.value in permitted - scopes)


def _resources(named: Subquery, actor: Actor, subjects: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    for kind in guarded_kinds():
        if str(kind.__tablename__) not in subjects:
            continue
        condition = visible(kind, actor)
        if isinstance(condition, type(false())):
            continue
        row: Select[Any] = select(true()).where(kind.id == named.c.subject_id, condition)  # type: ignore[arg-type]
        # A scalar subquery looks up one row by key; of an EXISTS the planner may read and hash the whole table.
        yield and_(named.c.subject == str(kind.__tablename__), row.scalar_subquery())


def _parts(named: Subquery, actor: Actor, subjects: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    for subject, permission in PARTS.items():
        if subject not in subjects or not actor.has_role_for(permission):
            continue
        programs = bindparam(None, sorted(actor.programs_for(permission)), type_=ARRAY(Uuid), unique=True)
        ways: list[ColumnElement[bool]] = [named.c.program_id == any_(programs)]
        if actor.partner_id is not None:
            ways.append(named.c.partner_id == actor.partner_id)
        yield and_(named.c.subject == subject, true() if GRANTS[permission].anyone else or_(*ways))
