"""Which changes come next, from a place on, so that none is ever passed over?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.domain.access import Actor
from app.domain.roles import Role
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.changes.queries.reach import within_reach
from app.features.changes.tables import Change
from app.kit.db import Database

SCAN = 10_000
"""How many changes one request looks through at most, so that a narrow reach costs no more than a wide one."""
OLDEST_OPEN = select(
    cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger).label("xact_id")
).subquery("oldest_open")
LOG: Any = Change.__table__  # type: ignore[attr-defined]  # every mapped class has its table
READ = ("xact_id", "id", "kind", "at", "subject", "subject_id", "program_id", "partner_id", "fields")
ENDS: Select[Any] = select(
    OLDEST_OPEN.c.xact_id,
    select(func.coalesce(func.max(LOG.c.xact_id), 0))
    .where(LOG.c.xact_id < OLDEST_OPEN.c.xact_id)
    .correlate(OLDEST_OPEN)
    .scalar_subquery(),
)


@dataclass(frozen=True)
class Place:
    """How far somebody has read: the writing transaction and the number of the change; the number of the news of reach.

    `round` is what stood when what was told was last gone through from the start, `subject` and `subject_id` how far that
    has come; no `subject_id`: to its end.
    """

    xact_id: int = 0
    id: int = 0
    number: int = 0
    round: str = ""
    subject: str = ""
    subject_id: UUID | None = None

    def packed(self) -> list[Any]:
        """As JSON can hold it."""
        told = None if self.subject_id is None else str(self.subject_id)
        return [self.xact_id, self.id, self.number, self.round, self.subject, told]

    @classmethod
    def unpacked(cls, packed: Sequence[Any]) -> Self:
        xact_id, one, number, begun, subject, told = packed
        return cls(xact_id, one, number, begun, subject, None if told is None else UUID(told))


@dataclass(frozen=True)
class Wanted:
    """Which changes a reader asks for; None: all."""

    subject: str | None = None
    programs: frozenset[UUID] | None = None
    kinds: frozenset[str] | None = None

    def of(self, named: Any) -> list[ColumnElement[bool]]:
        """The conditions on the subject and the program of what is named."""
        found: list[ColumnElement[bool]] = [] if self.subject is None else [named.c.subject == self.subject]
        if self.programs is not None:
            ids = bindparam(None, sorted(self.programs), type_=ARRAY(Uuid), unique=True)
            found.append(named.c.program_id == any_(ids))
        return found


@dataclass(frozen=True)
class Ends:
    """Where the log ends now: nothing from `horizon` on is read, `newest` is the last transaction below it."""

    horizon: int
    newest: int


def ends(scope: Scope[Any]) -> Ends:
    """Where the log ends now.

    Nothing from the oldest transaction that is still open on is read, because the numbers of rows are not given in the
    order of commits. Whatever commits later has a higher transaction.
    """
    return Ends(*scope.session.execute(ENDS).one())


def newest_change(database: Database) -> int:
    """The newest transaction in the log that everybody can read by now: another number after something has happened."""
    with database.engine.connect() as connection:
        return Ends(*connection.execute(ENDS).one()).newest


def window(start: Place, until: Ends) -> Subquery:
    """The next stretch of the log, in the order of transactions."""
    after = tuple_(LOG.c.xact_id, LOG.c.id) > tuple_(literal(start.xact_id, BigInteger), literal(start.id, BigInteger))
    ordered = select(LOG).where(LOG.c.xact_id < until.horizon, after).order_by(LOG.c.xact_id, LOG.c.id)
    return ordered.limit(SCAN).subquery("window_of_log")


def subjects_in(scope: Scope[Any], stretch: Subquery) -> frozenset[str]:
    """The kinds of things that a stretch names: only of those a condition need be said."""
    return frozenset(scope.session.scalars(select(stretch.c.subject).distinct()))


def wanted_changes(scope: Scope[Any], stretch: Subquery, wanted: Wanted, most: int) -> Sequence[Any]:
    """The first changes of a stretch within the caller's reach as it is now."""
    kinds = true() if wanted.kinds is None else stretch.c.kind.in_(sorted(wanted.kinds))
    reached = within_reach(stretch, scope.actor, subjects_in(scope, stretch))
    found = select(*(stretch.c[name] for name in READ)).where(*wanted.of(stretch), kinds, reached)
    return scope.session.execute(found.order_by(stretch.c.xact_id, stretch.c.id).limit(most)).all()


def end_of(scope: Scope[Any], stretch: Subquery, start: Place, until: Ends) -> tuple[Place, bool]:
    """Where a stretch ends, and whether the log goes on behind it; what was out of reach is not looked at again."""
    numbered = select(stretch.c.xact_id, stretch.c.id, func.count().over().label("number"))
    last = scope.session.execute(numbered.order_by(stretch.c.xact_id.desc(), stretch.c.id.desc()).limit(1)).first()
    if last is not None and last.number == SCAN:
        return replace(start, xact_id=last.xact_id, id=last.id), True
    return replace(start, xact_id=max(start.xact_id, until.horizon), id=0), False


def whole(scope: Scope[Any]) -> Actor:
    """The caller with all that the account may: a token with fewer scopes hides, it does not take away."""
    if scope.actor.role is not Role.SERVICE:
        return scope.actor
    scopes = scope.session.scalar(select(UserAccount.scopes).where(UserAccount.id == scope.actor.user_id))  # type: ignore[call-overload]
    return replace(scope.actor, scopes=frozenset(scopes or ()))


def standing(actor: Actor, newest: int) -> str:
    """What stands now, in short: as long as it is the same, nobody has lost or gained anything."""
    duties = sorted(f"{held.program_id}{held.duty}{held.level}" for held in actor.duties)
    sets = (actor.founding, actor.owned, actor.parties, actor.allied, actor.persons, actor.enrolled, actor.cleared)
    rest = [actor.role, actor.partner_id, sorted(actor.scopes or ()), *(sorted(map(str, one)) for one in sets)]
    return f"{newest}:{hashlib.sha256(repr([duties, *rest]).encode()).hexdigest()[:16]}"
