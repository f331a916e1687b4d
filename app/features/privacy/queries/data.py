"""What is stored about me? Every table that names its people in its reach, without what belongs to others."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel
from sqlalchemy import func, or_
from sqlmodel import col, select

from app.domain.glossary import Side
from app.domain.self_access import Group, groups, told_columns
from app.features.access.scope import Scope
from app.features.access.tables import Guarded, LoginSession, UserAccount
from app.features.partners.tables import Partner
from app.features.privacy.queries.accesses import count_accesses_to_me
from app.features.privacy.schemas import MOST_ROWS, DataGroup, MyAccount, MyDataRead, Named, Told
from app.features.programs.tables import Program
from app.kit.wire import Instant

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def my_data(scope: Scope[Any]) -> MyDataRead:
    """The caller's account and, by kind, each record that is about them."""
    kinds = tables_about_people()
    told = [_group(scope, group, kinds[group.table], scope.actor.persons) for group in groups()]
    partners, programs = named_in(scope, told)
    return MyDataRead(as_of=scope.now, account=_account(scope), groups=told, organisations=partners, programs=programs)


def data_about(scope: Scope[Any], person: UUID) -> list[DataGroup]:
    """By kind, each record that is about this person, as the scope's transaction sees it."""
    kinds = tables_about_people()
    return [_group(scope, group, kinds[group.table], frozenset({person})) for group in groups()]


def named_in(scope: Scope[Any], told: Sequence[DataGroup]) -> tuple[list[Named], list[Named]]:
    """The names of the organisations and of the programs behind the ids."""
    ids = list(_references(told))
    partners = _names(scope, Partner, {found for name, found in ids if name.endswith("artnerId")})
    return partners, _names(scope, Program, {found for name, found in ids if name == "programId"})


def tables_about_people() -> dict[str, type[Guarded]]:
    """Every table, by name, whose rows say in their reach whom they are about."""
    return {str(kind.__tablename__): kind for kind in _kinds(Guarded) if hasattr(kind, "reach") and kind.reach.persons}


def _kinds(kind: type[Guarded]) -> Iterator[type[Guarded]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _kinds(inner)


def _group(scope: Scope[Any], group: Group, kind: type[Guarded], people: frozenset[UUID]) -> DataGroup:
    mine = or_(*(col(getattr(kind, name)).in_(sorted(people)) for name in kind.reach.persons))
    rows = scope.session.exec(select(kind).where(mine).order_by(col(kind.id)).limit(MOST_ROWS + 1)).all()
    return DataGroup(
        kind=to_camel(group.table),
        purpose=Told(**group.purpose),
        items=[_fields(people, group, row) for row in rows[:MOST_ROWS]],
        is_complete=len(rows) <= MOST_ROWS,
    )


def _fields(people: frozenset[UUID], group: Group, row: Guarded) -> dict[str, Any]:
    sides = [side for side in Side if getattr(row, f"{side.value}_participant_id", None) in people]
    told = told_columns(group, sides)
    return {to_camel(name): _plain(getattr(row, name)) for name in type(row).model_fields if name in told}


def _plain(value: Any) -> Any:
    return INSTANT.dump_python(value, mode="json") if isinstance(value, datetime) else value


def _account(scope: Scope[Any]) -> MyAccount:
    account = scope.session.get_one(UserAccount, scope.actor.user_id)
    sessions = select(func.count()).select_from(LoginSession).where(LoginSession.user_id == account.id)
    return MyAccount(
        name=account.name,
        email=account.email,
        role=account.role,
        partner_id=account.partner_id,
        created_at=account.created_at,
        session_count=scope.session.exec(sessions).one(),
        access_count=count_accesses_to_me(scope),
    )


def _references(told: Sequence[DataGroup]) -> Iterator[tuple[str, UUID]]:
    for group in told:
        for item in group.items:
            yield from ((name, value) for name, value in item.items() if isinstance(value, UUID))


def _names(scope: Scope[Any], kind: type[Any], ids: set[UUID]) -> list[Named]:
    """The names of organisations and programs are open; what they do is read at their own addresses."""
    found = scope.session.exec(select(kind).where(col(kind.id).in_(ids)).order_by(col(kind.name)))
    return [Named(id=row.id, name=row.name) for row in found]
