"""How does somebody get in for the first time, or again when the password is lost? By a one-time invitation."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.roles import Role
from app.features.access.guards import Visit
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.actions.throttling import forgive
from app.features.accounts.schemas import AdministratorCreate, InvitedUserRead, PasswordCreate
from app.features.accounts.tables import Invitation
from app.features.changes.actions import record
from app.kit.columns import amend
from app.kit.passwords import WeakPassword, check_password_rules, hash_password, hash_secret, new_secret
from app.kit.problems import Problem

INVITATION = timedelta(days=7)
RESET = timedelta(hours=24)


def set_password(visit: Visit, body: PasswordCreate) -> UserAccount:
    """Use an invitation: the earlier password and every login end. Raises: `auth.invitation_invalid`, `auth.password_weak`.

    Whoever has an authenticator app may choose a shorter one, and needs the app at login as before.
    """
    user = accept_invitation(visit, body.invitation_token)
    try:
        check_password_rules(body.password, has_totp=user.totp_since is not None)
    except WeakPassword as weak:
        raise RuleViolation("auth.password_weak", pointer="/password", reason=weak.reason) from weak
    changed = amend(user, {"password_hash": hash_password(body.password), "auth_version": user.auth_version + 1})
    record(visit.acting_as(user), ChangeKind.USER_UPDATED, user, changed)
    queries.revoke_sessions(visit.session, user.id, visit.now)
    forgive(visit, user.id, user.email or "")
    return user


def accept_invitation(visit: Visit, token: str) -> UserAccount:
    """Use up an invitation; whose it is. Raises: `auth.invitation_invalid`."""
    invitation = queries.take_invitation(visit.session, hash_secret(token), visit.now)
    if invitation is None:
        raise Problem("auth.invitation_invalid")
    return visit.session.get_one(UserAccount, invitation.user_id)


def invite(
    scope: Scope[object], body: AdministratorCreate, role: Role, partner_id: UUID | None
) -> tuple[UserAccount, InvitedUserRead]:
    """Make a user without a password, and the one-time token with which they set it.

    Whoever was invited so before and has not chosen a password is invited again: the earlier token is worthless then.
    """
    user = queries.invited(
        scope.session,
        func.lower(UserAccount.email) == body.email.lower(),
        col(UserAccount.role) == role,
        col(UserAccount.partner_id).is_not_distinct_from(partner_id),
    )
    if user is None:
        given = {"name": body.name, "email": body.email, "role": role, "partner_id": partner_id}
        user = UserAccount.model_validate(given)
        scope.session.add(user)
        scope.session.flush()
        record(scope, ChangeKind.USER_CREATED, user)
    return user, invitation_of(scope, user)


def reset_password(scope: Scope[UserAccount]) -> InvitedUserRead:
    """A one-time token for somebody to choose another password; until then the earlier one holds.

    Raises: `user.is_a_service`, `user.is_locked`.
    """
    if scope.row.role is Role.SERVICE:
        raise RuleViolation("user.is_a_service")
    if scope.row.is_locked:
        raise RuleViolation("user.is_locked")
    return invitation_of(scope, scope.row, RESET)


def invitation_of(scope: Scope[object], user: UserAccount, life: timedelta = INVITATION) -> InvitedUserRead:
    """A new one-time token for somebody; earlier ones are worthless from now on."""
    queries.end_invitations(scope.session, user.id, scope.now)
    shown, expires_at = new_invitation(scope.session, user, scope.now, life)
    told = {**user.model_dump(), "invitation_token": shown, "invitation_expires_at": expires_at}
    return InvitedUserRead.model_validate({name: told[name] for name in InvitedUserRead.model_fields})


def new_invitation(
    session: Session, user: UserAccount, now: datetime, life: timedelta = INVITATION
) -> tuple[str, datetime]:
    """A fresh one-time token for a user to set a password with; only its hash is stored."""
    shown, digest = new_secret("miv_")
    session.add(Invitation(user_id=user.id, token_hash=digest, expires_at=now + life))
    return shown, now + life


def invite_system_administrator(visit: Visit, body: AdministratorCreate) -> str:
    """Make a system administrator from the command line, or let one choose another password; answers the token.

    Whoever may run commands on the server is who resets a system administrator: nobody stands above them in the API.
    """
    user = queries.user_by_email(visit.session, body.email)
    if user is not None and user.role is Role.SYSTEM_ADMINISTRATOR and not user.is_locked:
        queries.end_invitations(visit.session, user.id, visit.now)
        return new_invitation(visit.session, user, visit.now, RESET)[0]
    user = UserAccount.model_validate({"name": body.name, "email": body.email, "role": Role.SYSTEM_ADMINISTRATOR})
    visit.session.add(user)
    visit.session.flush()
    record(visit.acting_as(user), ChangeKind.USER_CREATED, user)
    return new_invitation(visit.session, user, visit.now)[0]
