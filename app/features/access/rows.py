"""Which rows does the database itself let a transaction touch? What row-level security is told, and where it is widened.

The application's filters (`visible`) stay the first wall; this is the second. Every table with personal data has a
policy that reads settings of the transaction: lists of ids, made here from the same grants. Nothing told, no rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.domain.access import Actor, Held, carries
from app.domain.glossary import Side
from app.domain.grants import CONVERSATIONS, GRANTS, PAIR, PERSONAL
from app.domain.roles import Level, Permission, Responsibility, Role
from app.kit.db import goes_on

READS = tuple(sorted(one for one in PERSONAL | CONVERSATIONS | {Permission.USER_READ} if not GRANTS[one].anyone))
"""The permissions that the policies ask for."""
NOWHERE = UUID(int=0)
WIDE = "mentorskap.beyond_reach"
TELL = text("""
select count(set_config('mentorskap.' || told.name, told.ids, true))
  from unnest(cast(:names as text[]), cast(:ids as text[])) as told (name, ids)
""")
WIDEN = text(f"select set_config('{WIDE}', :to, true)")

P = ParamSpec("P")
T = TypeVar("T")


def way(permission: Permission, through: str) -> str:
    """The setting that lists where a permission reaches through `partner`, `persons`, `author`, `any`, or duties of a side."""
    return f"{permission.name.lower()}.{through}"


def confine(session: Session, actor: Actor) -> None:
    """Tell the database who acts, until this transaction ends; from here on it shows this actor's rows only."""
    told = reach_of(actor)
    session.execute(TELL, {"names": list(told), "ids": [_array(ids) for ids in told.values()]})


def reach_of(actor: Actor) -> dict[str, Iterable[UUID]]:
    """Everything that the policies ask about an actor: setting → ids.

    The scopes of a service account are left to the application: they narrow what a partner's own system may do, not
    whose rows those are.
    """
    own = [actor.partner_id] if actor.partner_id is not None else []
    reach: dict[str, Iterable[UUID]] = {"user": [actor.user_id], "partner": own, "cleared": actor.cleared}
    programs: dict[str, set[UUID]] = defaultdict(set)
    for held in actor.duties:
        for carried in _carried(actor.role, held.duty, held.level):
            programs[carried].add(held.program_id)
    for permission in READS:
        grant = GRANTS[permission]
        is_open = actor.role in grant.roles
        reach[way(permission, "persons")] = actor.persons if is_open and grant.person else ()
        if grant.author:
            reach[way(permission, "author")] = [actor.user_id] if is_open else ()
        for name in _sided(permission).values() if grant.ally and is_open else ():
            programs[name] |= actor.programs_for(permission)
        reach[way(permission, "partner")] = own if is_open and grant.holder and actor.role not in PAIR else ()
        reach |= {one: programs[one] for one in _sided(permission).values()}
    return reach


@cache
def _carried(role: Role, duty: Responsibility, level: Level) -> tuple[str, ...]:
    """The settings that a duty, held by the partner of somebody with this role, adds its program to."""
    held = Held(NOWHERE, duty, level)
    return tuple(
        name
        for permission in READS
        if role in GRANTS[permission].roles - PAIR
        for side, name in _sided(permission).items()
        if carries(held, GRANTS[permission], side)
    )


@cache
def _sided(permission: Permission) -> dict[Side | None, str]:
    return {None: way(permission, "any"), **{side: way(permission, side.value) for side in Side}}


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


@contextmanager
def beyond_reach(session: Session) -> Iterator[None]:
    """Let the block see and write rows of anybody: to count, to compare, to keep a line in order. Never to answer with.

    What the block changed is written before it ends. Blocks may be nested. Each use is listed, with its reason, in
    `tests/contracts/test_beyond_reach.py`.
    """
    if session.info.get(WIDE):
        yield
        return
    session.execute(WIDEN, {"to": "on"})
    session.info[WIDE] = True
    try:
        yield
        session.flush()
    finally:
        session.info[WIDE] = False
        if goes_on(session):
            session.execute(WIDEN, {"to": "off"})


def looks_beyond_reach(function: Callable[P, T]) -> Callable[P, T]:
    """The whole function is a block of `beyond_reach`; its first argument is the session, or a scope with one."""

    @wraps(function)
    def wide(*args: P.args, **kwargs: P.kwargs) -> T:
        first: Any = args[0]
        with beyond_reach(first if isinstance(first, Session) else first.session):
            return function(*args, **kwargs)

    return wide
