"""Who comes in? The guards: each operation declares exactly one, and only they make a Scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request
from fastapi.dependencies.models import Dependant
from fastapi.params import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session, select

from app.domain.access import SYSTEM, Actor, Row, Verdict, decide
from app.domain.errors import RuleViolation
from app.domain.grants import GRANTS
from app.domain.purposes import WITH_PURPOSE, Stated, read_purpose
from app.domain.roles import Permission
from app.features.access.policy import Policy
from app.features.access.queries import caller, caller_by_id
from app.features.access.records import note_end, note_use
from app.features.access.restriction import refusing_restricted
from app.features.access.rows import beyond_reach, confine
from app.features.access.scope import Scope, refusal
from app.features.access.tables import Guarded, UserAccount
from app.features.access.visible import visible
from app.kit.bodies import check_body
from app.kit.clock import today
from app.kit.conditional import check_if_match
from app.kit.idempotency import Replayed, begin
from app.kit.jobs import Outbox
from app.kit.pages import Cursors
from app.kit.problems import Problem
from app.kit.rates import address_of
from app.kit.runtime import Runtime
from app.kit.telemetry import trace_id_of
from app.kit.tokens import InvalidToken
from app.kit.wire import Exchange

SAFE = frozenset({"GET", "HEAD"})
bearer = HTTPBearer(bearerFormat="JWT", auto_error=False, description="An access token from /auth/sessions.")
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def raw_body(request: Request) -> bytes:
    """The body's bytes (FastAPI has read them already): what an Idempotency-Key is bound to."""
    return await request.body()


Body = Annotated[bytes, Depends(raw_body)]


@dataclass(frozen=True)
class Target:
    """The row an operation is about, as the path names it."""

    kind: type[Guarded]
    row_id: str
    is_conditional: bool


def on(
    kind: type[Guarded],
    permission: Permission,
    *,
    alias: str | None = None,
    is_conditional: bool = True,
    is_file: bool = False,
) -> Any:
    """Guard an operation on one row: invisible → 404, visible but not permitted → 403 with the duty and its holder.

    `alias` names the path parameter (default: `programId` for Program). `is_conditional=False` for a PUT on something
    below the row, whose own entity tag the row's version is not. `is_file=True` for a body that is not read here.
    """
    location = _location(kind, alias)
    if is_file:

        def without_body(request: Request, token: Token, row_id: Annotated[str, location]) -> Iterator[Scope[Any]]:
            yield from _session(request, token, b"", permission, Target(kind, row_id, is_conditional))

        return _declare(without_body, permission)

    def guard(request: Request, token: Token, body: Body, row_id: Annotated[str, location]) -> Iterator[Scope[Any]]:
        yield from _session(request, token, body, permission, Target(kind, row_id, is_conditional))

    return _declare(guard, permission)


def admission(kind: type[Guarded], permission: Permission) -> Any:
    """Ask what the guard will ask, in a transaction of its own that has ended before a long body is read."""
    location = _location(kind, None)

    def admit(request: Request, token: Token, row_id: Annotated[str, location]) -> None:
        target = Target(kind, row_id, is_conditional=False)
        for _ in _session(request, token, b"", permission, target, is_use=False):
            pass

    return Depends(admit)


def _location(kind: type[Guarded], alias: str | None) -> Any:
    name = alias or kind.__name__[0].lower() + kind.__name__[1:] + "Id"
    return Path(alias=name, description=f"Id of the {kind.__name__}.", json_schema_extra={"format": "uuid"})


def anywhere(permission: Permission) -> Any:
    """Guard an operation on a collection that no row leads to: the role decides, queries filter by reach."""

    def guard(request: Request, token: Token, body: Body) -> Iterator[Scope[None]]:
        yield from _session(request, token, body, permission, None)

    return _declare(guard, permission)


@dataclass(frozen=True)
class Visit:
    """What a public operation receives: the session is there, an actor is not."""

    session: Session
    runtime: Runtime
    now: datetime
    exchange: Exchange
    trace_id: str
    address: str = ""
    """From where the request came."""

    def acting_as(self, user: UserAccount) -> Scope[UserAccount]:
        """The scope of somebody who has just proved who they are, for changes to their own account."""
        actor = Actor(user_id=user.id, role=user.role, partner_id=user.partner_id)
        return Scope(self.session, actor, Permission.ME_READ, self.now, user, self.exchange, self.trace_id)

    def reading_for(self, user_id: UUID, permission: Permission) -> Scope[None] | None:
        """The scope of the person whose own secret address is asked for, as they may today; None when they may not."""
        actor = caller_by_id(self.session, user_id, today(self.now))
        if actor is None or not actor.has_role_for(permission):
            return None
        confine(self.session, actor)
        return Scope(self.session, actor, permission, self.now, None, self.exchange, self.trace_id)


def public(request: Request) -> Iterator[Visit]:
    """Open to everyone on purpose."""
    _refuse_unknown_query(request)
    runtime = _runtime(request)
    with runtime.database.transaction() as session:
        exchange = _exchange(request, session)
        yield Visit(session, runtime, runtime.clock(), exchange, trace_id_of(request.scope), address_of(request))


public.policy = Policy(None)  # type: ignore[attr-defined]  # read by assert_every_route_has_a_policy
PUBLIC = Depends(public, scope="function")


def _declare(guard: Any, permission: Permission) -> Any:
    guard.policy = Policy(permission)
    return Security(guard, scope="function", scopes=[permission.value])


def _session(
    request: Request,
    token: HTTPAuthorizationCredentials | None,
    body: bytes,
    permission: Permission,
    target: Target | None,
    *,
    is_use: bool = True,
) -> Iterator[Scope[Any]]:
    """One transaction around the endpoint; a refusal is recorded in a transaction of its own.

    `is_use=False` when it is only asked whether the caller may: whoever does it afterwards records it.
    """
    runtime = _runtime(request)
    scope: Scope[Any] | None = None
    try:
        with runtime.database.transaction() as session:
            scope = _admit(request, runtime, session, token, permission)
            _check_caller(scope)
            _refuse_unknown_query(request)
            if target is not None:
                scope = _reach(request, scope, target)
                if permission is not target.kind.reach.read:
                    _decide(scope, target.kind, scope.row)
            check_body(body)  # after the refusals above: who may not write learns nothing else
            key = request.headers.get("idempotency-key")
            if request.method == "POST" and key is not None:
                what = (request.method, request.url.path, body)
                scope.exchange.slot = begin(session, scope.actor.user_id, key, what, scope.now)
            if target is not None and target.is_conditional and request.method not in SAFE:
                # After the key: a retry is answered as before, although the first try has raised the version.
                check_if_match(request.method, request.headers.get("if-match"), scope.row.version)
            with refusing_restricted(scope, is_writing=request.method not in SAFE):
                yield scope
            if is_use:
                note_use(scope, is_read=request.method in SAFE)
    except (Problem, RuleViolation, Replayed) as ended:
        if scope is not None:
            note_end(runtime, scope, ended, None if target is None else (target.kind, target.row_id))
        raise


def _admit(
    request: Request,
    runtime: Runtime,
    session: Session,
    token: HTTPAuthorizationCredentials | None,
    permission: Permission,
) -> Scope[Any]:
    """From a bearer token to the actor behind it, as the database knows them now. Raises: Problem 401, 403."""
    if token is None:
        raise Problem("auth.token_missing")
    now = runtime.clock()
    try:
        claims = runtime.verifier.verify(token.credentials, now)
    except InvalidToken as invalid:
        raise Problem("auth.token_invalid") from invalid
    stated = _stated(request)
    actor = caller(session, claims, permission, today(now), address_of(request))
    if actor is None:
        raise Problem("auth.token_stale")
    confine(session, actor)
    exchange = _exchange(request, session)
    exchange.login_id, exchange.purpose, exchange.reference = claims.sid, stated.purpose, stated.reference
    return Scope(session, actor, permission, now, None, exchange, trace_id_of(request.scope))


def _stated(request: Request) -> Stated:
    """Raises: Problem 400."""
    try:
        return read_purpose(request.headers.get("mentorskap-purpose"))
    except ValueError as wrong:
        raise Problem("request.purpose_invalid") from wrong


def _check_caller(scope: Scope[Any]) -> None:
    """Raises: Problem 403 for whom the role does not let, and for what nobody does without saying why."""
    if not scope.actor.has_role_for(scope.permission):
        raise Problem("access.role_not_permitted", permission=scope.permission.value)
    if scope.permission in WITH_PURPOSE and scope.exchange.purpose is None:
        raise Problem("access.purpose_required")


def _reach(request: Request, scope: Scope[Any], target: Target) -> Scope[Any]:
    """Load the row within the caller's reach. Raises: Problem 404."""
    kind = target.kind
    wanted = select(kind).where(kind.id == uuid_of(target.row_id), visible(kind, scope.actor))
    if request.method not in SAFE:
        # Writers of one row queue up here; readers and foreign keys to it do not wait.
        wanted = wanted.with_for_update(key_share=True)
    row = scope.session.scalars(wanted).first()
    if row is None:
        raise Problem("resource.not_found")
    return scope.about(row)


def _decide(scope: Scope[Any], kind: type[Guarded], row: Guarded) -> None:
    """Raises: Problem 403 naming the duty and its holder."""
    reach = kind.reach
    program_id = getattr(row, reach.program) if reach.program else None
    facts = Row(
        side=getattr(row, reach.side) if reach.side else None,
        program_id=program_id,
        holders=frozenset(getattr(row, name) for name in reach.holders),
        named=frozenset(one for name in reach.named for one in _listed(getattr(row, name))),
        persons=frozenset(getattr(row, name) for name in reach.persons),
        authors=frozenset(getattr(row, name) for name in reach.authors),
    )
    if decide(scope.actor, scope.permission, facts) is not Verdict.ALLOWED and not _by_enrolment(scope, kind, row):
        raise refusal(scope.session, program_id, set(GRANTS[scope.permission].duties), scope.today)


def _listed(value: UUID | list[UUID]) -> list[UUID]:
    return value if isinstance(value, list) else [value]


def _by_enrolment(scope: Scope[Any], kind: type[Guarded], row: Guarded) -> bool:
    """Does a duty carry the permission in a program where the person is enrolled? The row itself has no program."""
    if kind.reach.by_enrolment is None:
        return False
    wanted = select(kind.id).where(kind.id == row.id, visible(kind, scope.actor, scope.permission))
    return scope.session.scalars(wanted).first() is not None


def _exchange(request: Request, session: Session) -> Exchange:
    return Exchange(
        session,
        request.url.path,
        dict(request.query_params),
        request.headers.get("if-none-match") if request.method in SAFE else None,
    )


def _refuse_unknown_query(request: Request) -> None:
    """Operations that declare no query parameters take none: a misspelt filter must not widen an answer."""
    dependant: Dependant | None = getattr(request.scope.get("route"), "dependant", None)
    if request.query_params and dependant is not None and not dependant.query_params:
        raise Problem("request.query_unknown")


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


def uuid_of(text: str) -> UUID:
    """The id in an address. Raises: Problem 404: what is no id is the id of nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise Problem("resource.not_found") from None


def on_behalf(
    runtime: Runtime, session: Session, user_id: UUID, permission: Permission, row: Guarded, trace_id: str
) -> Scope[Any]:
    """The scope of the person a job works for, as authority stands now: checked again when the work is done.

    Raises: Problem 403 when the role, the duty or the user is gone.
    """
    now = runtime.clock()
    actor = caller_by_id(session, user_id, today(now))
    if actor is None or not actor.has_role_for(permission):
        raise Problem("access.role_not_permitted", permission=permission.value)
    confine(session, actor)
    scope: Scope[Any] = Scope(session, actor, permission, now, row, Exchange(session, ""), trace_id)
    _decide(scope, type(row), row)
    return scope


def reading_as(
    runtime: Runtime, session: Session, user_id: UUID, permission: Permission, trace_id: str
) -> Scope[None] | None:
    """The scope in which a job reads for an account, as authority stands now; None when it may not read at all."""
    now = runtime.clock()
    actor = caller_by_id(session, user_id, today(now))
    if actor is None or not actor.has_role_for(permission):
        return None
    confine(session, actor)
    return Scope(session, actor, permission, now, None, Exchange(session, ""), trace_id)


def witness(runtime: Runtime, session: Session, user: UserAccount, row: Guarded, trace_id: str) -> Scope[Any]:
    """A scope that permits nothing: with it a job records what became of work whose starter may no longer do it."""
    actor = Actor(user_id=user.id, role=user.role, partner_id=user.partner_id)
    confine(session, actor)
    return Scope(session, actor, Permission.ME_READ, runtime.clock(), row, Exchange(session, ""), trace_id)


@contextmanager
def steward(runtime: Runtime, trace_id: str) -> Iterator[Scope[None]]:
    """One transaction of a scheduled job, whom nobody started: its scope permits nothing and sees no row as visible.

    With it a job records what the calendar has decided. This is the only place where such a job gets a session.
    """
    with runtime.database.transaction() as session, beyond_reach(session):
        yield Scope(session, SYSTEM, Permission.ME_READ, runtime.clock(), None, Exchange(session, ""), trace_id)


async def outbox(request: Request) -> Outbox:
    """Where an operation puts work for later, in its own transaction. Async: no thread is needed to hand it over."""
    return _runtime(request).outbox


async def file_limit(request: Request) -> int:
    """How many bytes a file may have. Async for the same reason."""
    return _runtime(request).max_file_bytes


async def machinery(request: Request) -> Runtime:
    """What this process carries, for operations that prove who somebody is. Async for the same reason."""
    return _runtime(request)


async def cursors(request: Request) -> Cursors:
    """What seals and opens the places of a feed. Async for the same reason."""
    return _runtime(request).cursors
