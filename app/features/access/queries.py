"""What does the database say about the caller, and who holds a duty? One statement each."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, and_, or_, text
from sqlmodel import Session, col, select

from app.domain.access import Actor, Held
from app.domain.glossary import Concealing, Side
from app.domain.networks import is_within
from app.domain.roles import Level, Permission, Responsibility, Role
from app.features.access.rows import beyond_reach
from app.features.access.tables import Concealment, ResponsibilityAssignment, UserAccount
from app.features.access.visible import REACHABLE_ENROLMENTS
from app.kit.problems import Problem
from app.kit.tokens import Claims

OWN_LOGIN = frozenset({Permission.ME_READ, Permission.ME_UPDATE})
"""What somebody needs to add an authenticator app."""
SECOND_FACTORS = frozenset({"otp", "mfa"})

# One round trip per request: the user, the session, and everything that authority rests on today.
# Tables of later slices are named, not imported: access lies below them.
IN_FORCE = "a.ended_at is null and a.valid_from <= :today and (a.valid_until is null or a.valid_until >= :today)"
CALLER: TextClause = text(f"""
select u.role, u.partner_id, u.auth_version, u.is_locked, u.scopes, u.allowed_networks,
       (s.id is not null and s.revoked_at is null) as has_session,
       (select o.totp_roles ? u.role from partner o where o.id = u.partner_id) as is_app_demanded,
       (select coalesce(jsonb_agg(jsonb_build_array(a.program_id, a.duty, a.level)), '[]')
          from responsibility_assignment a where a.partner_id = u.partner_id and {IN_FORCE}) as duties,
       array(select p.id from program p where p.owner_partner_id = u.partner_id) as owned,
       array(select p.id from program p where p.owner_partner_id = u.partner_id
              and not exists (select 1 from responsibility_assignment a where a.program_id = p.id)) as founding,
       array(select distinct g.program_id from agreement_party y join agreement g on g.id = y.agreement_id
              where y.partner_id = u.partner_id and g.status in ('proposed', 'partlySigned', 'inForce')) as parties,
       array(select g.program_id from agreement_party y join agreement g on g.id = y.agreement_id
              where y.partner_id = u.partner_id and g.status = 'inForce'
                and (g.valid_until is null or g.valid_until >= :today)) as allied,
       persons_of(u.id) as persons,
       programs_of(u.id, array{list(REACHABLE_ENROLMENTS)}) as enrolled,
       array(select distinct c.partner_id from clearance c
              where c.user_id = u.id and c.status = 'approved' and c.valid_until >= :today) as cleared
  from user_account u left join login_session s on s.id = cast(:sid as uuid) and s.user_id = u.id
 where u.id = :sub
""")  # noqa: S608  the only inserted texts are two constants

HOLDERS: TextClause = text(f"""
select a.program_id, a.duty, a.partner_id, o.name
  from responsibility_assignment a join partner o on o.id = a.partner_id
 where a.program_id = :program_id and a.level = 'accountable' and a.duty = any(:duties) and {IN_FORCE}
 order by a.duty
""")  # noqa: S608  the only inserted text is the constant above

PROTECTED = (
    "select c.participant_id from concealment c"  # noqa: S608  two constants
    f" where c.kind in ('{Concealing.PROTECTED_IDENTITY}', '{Concealing.RESTRICTED}')"
)
"""People with protected identity and those whose data is only stored, for statements that count: they are in no figure."""

BEHIND: TextClause = text("""
select e.participant_id from enrolment e where e.id = any(:enrolments)
 union select c.id from participant c where c.user_id = any(:accounts)
""")


def caller(session: Session, claims: Claims, permission: Permission, today: date, address: str) -> Actor | None:
    """The actor behind verified claims, or None when the token no longer says what the database says.

    Raises: Problem `auth.network_not_allowed` for a service that comes from elsewhere than it may, and
    `auth.totp_demanded` for somebody without the second factor that their partner demands.
    """
    found = session.execute(CALLER, {"sub": claims.sub, "sid": claims.sid, "today": today}).mappings().first()
    if found is None or found["is_locked"] or not _still_true(claims, found):
        return None
    if found["allowed_networks"] is not None and not is_within(address, found["allowed_networks"]):
        raise Problem("auth.network_not_allowed")
    if found["is_app_demanded"] and permission not in OWN_LOGIN and not SECOND_FACTORS & set(claims.amr):
        raise Problem("auth.totp_demanded")
    return _actor(claims.sub, found, claims.scope or frozenset())


def caller_by_id(session: Session, user_id: UUID, today: date) -> Actor | None:
    """The actor a job works for, without a token; None when the user is gone or locked."""
    found = session.execute(CALLER, {"sub": user_id, "sid": None, "today": today}).mappings().first()
    if found is None or found["is_locked"]:
        return None
    return _actor(user_id, found, frozenset(found["scopes"] or ()))


def _actor(user_id: UUID, found: Any, scopes: frozenset[str]) -> Actor:
    duties = (Held(UUID(program), Responsibility(duty), Level(level)) for program, duty, level in found["duties"])
    is_service = found["role"] == Role.SERVICE
    return Actor(
        user_id=user_id,
        role=Role(found["role"]),
        partner_id=found["partner_id"],
        scopes=scopes & frozenset(found["scopes"] or ()) if is_service else None,
        duties=frozenset(duties),
        founding=frozenset(found["founding"]),
        owned=frozenset(found["owned"]),
        parties=frozenset(found["parties"]),
        allied=frozenset(found["allied"]),
        persons=frozenset(found["persons"]),
        enrolled=frozenset(found["enrolled"]),
        cleared=frozenset(found["cleared"]),
    )


def _still_true(claims: Claims, found: Any) -> bool:
    """Role, partner and version in the token are a ceiling: any difference makes it stale."""
    same = (claims.role, claims.partner, claims.ver) == (found["role"], found["partner_id"], found["auth_version"])
    return same and (found["has_session"] or found["role"] == Role.SERVICE)


def accountable_for(
    session: Session, program_id: UUID, duties: Iterable[Responsibility], today: date
) -> list[dict[str, str | None]]:
    """Per duty the partner that is accountable for it today, as facts for a 403: duty, partnerId, partnerName."""
    wanted = sorted(duties)
    found = session.execute(HOLDERS, {"program_id": program_id, "duties": wanted, "today": today})
    by_duty = {row.duty: (str(row.partner_id), row.name) for row in found}
    return [
        {
            "duty": duty,
            "partnerId": by_duty.get(duty, (None, None))[0],
            "partnerName": by_duty.get(duty, (None, None))[1],
        }
        for duty in wanted
    ]


def people_behind(session: Session, enrolments: set[UUID], accounts: set[UUID]) -> set[UUID]:
    """The participants of these enrolments, and those who log in with these accounts."""
    if not enrolments and not accounts:
        return set()
    with beyond_reach(session):
        return set(session.scalars(BEHIND, {"enrolments": sorted(enrolments), "accounts": sorted(accounts)}))


def has_protected(session: Session, people: Iterable[UUID]) -> bool:
    """Is one of these people's identity protected?"""
    wanted = select(Concealment.id).where(
        Concealment.kind == Concealing.PROTECTED_IDENTITY, col(Concealment.participant_id).in_(sorted(people))
    )
    return session.scalars(wanted.limit(1)).first() is not None


def programs_known(session: Session, actor: Actor, permissions: Iterable[Permission]) -> frozenset[UUID]:
    """The programs whose records of mentees the actor may read one by one by these permissions: every one of them.

    Where a record is kept from the actor, exact figures minus the records that they see would tell of it.
    """
    wanted = list(permissions)
    if not all(actor.has_role_for(permission) for permission in wanted):
        return frozenset()
    known = frozenset.intersection(*(actor.programs_for(permission, Side.MENTEE) for permission in wanted))
    return known - _with_secrets(session, actor, known)


def _with_secrets(session: Session, actor: Actor, program_ids: frozenset[UUID]) -> frozenset[UUID]:
    """The programs where somebody's record is kept from the actor, because a consent has been withdrawn."""
    if not program_ids:
        return program_ids
    found = select(Concealment.program_id).where(
        Concealment.kind == Concealing.WITHDRAWN_CONSENT,
        col(Concealment.partner_id).is_distinct_from(actor.partner_id),
        col(Concealment.program_id).in_(sorted(program_ids)),
    )
    return frozenset(one for one in session.exec(found) if one is not None)


def restricted_among(session: Session, people: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people whose data is only stored (begränsad behandling)."""
    wanted = select(Concealment.participant_id).where(
        Concealment.kind == Concealing.RESTRICTED, col(Concealment.participant_id).in_(sorted(people))
    )
    return frozenset(session.exec(wanted))


def user(session: Session, actor: Actor) -> dict[str, Any]:
    """The caller's own account, without secrets."""
    account = session.get_one(UserAccount, actor.user_id)
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "partner_id": account.partner_id,
        "participant_ids": sorted(actor.persons),
    }


def agreements_behind(
    session: Session, program_id: UUID | None, partner_id: UUID | None, today: date
) -> dict[tuple[Responsibility, Level], UUID]:
    """The agreement that gives each duty the partner holds in the program today."""
    found = session.exec(
        select(ResponsibilityAssignment).where(
            ResponsibilityAssignment.program_id == program_id,
            ResponsibilityAssignment.partner_id == partner_id,
            in_force_on(today),
        )
    )
    return {(held.duty, held.level): held.agreement_id for held in found}


def in_force_on(day: date) -> Any:
    """The condition that an assignment is in force on a day."""
    held = ResponsibilityAssignment
    return and_(
        col(held.ended_at).is_(None),
        col(held.valid_from) <= day,
        or_(col(held.valid_until).is_(None), col(held.valid_until) >= day),
    )
