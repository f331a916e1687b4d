"""Who has an account, and who is locked out?"""

from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.roles import Role
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.actions.factors import forget_totp
from app.features.accounts.actions.invitations import invite
from app.features.accounts.schemas import STAFF_ROLES, AdministratorCreate, InvitedUserRead, UserCreate, UserPatch
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.kit.columns import amend


def create_administrator(scope: Scope[Partner], body: AdministratorCreate) -> InvitedUserRead:
    """A partner's (first) administrator, made by the system's."""
    return invite(scope, body, Role.PARTNER_ADMINISTRATOR, scope.row.id)[1]


def create_user(scope: Scope[Partner], body: UserCreate) -> InvitedUserRead:
    """A colleague with a staff role at the own partner. Raises: `user.role_not_assignable`."""
    if body.role not in STAFF_ROLES:
        raise RuleViolation("user.role_not_assignable", pointer="/role", assignable=[str(role) for role in STAFF_ROLES])
    return invite(scope, body, body.role, scope.row.id)[1]


def update_user(scope: Scope[UserAccount], body: UserPatch) -> UserAccount:
    """Lock or unlock, or say from which networks a service may come. A locked user has no logins any more.

    Raises: `user.self_lock`: nobody locks themself out; `user.not_a_service`.
    """
    if scope.row.id == scope.actor.user_id:
        raise RuleViolation("user.self_lock")
    if body.allowed_networks is not None and scope.row.role is not Role.SERVICE:
        raise RuleViolation("user.not_a_service", pointer="/allowedNetworks")
    if changed := amend(scope.row, body):
        amend(scope.row, {"auth_version": scope.row.auth_version + 1})
        record(scope, ChangeKind.USER_UPDATED, scope.row, changed)
    if scope.row.is_locked:
        queries.revoke_sessions(scope.session, scope.row.id, scope.now)
    return scope.row


@looks_beyond_reach
def close_account(scope: Scope[object], user_id: UUID) -> None:
    """Lock an account for good and forget whose it was: the row stays, because what its user did names it."""
    user = scope.session.get_one(UserAccount, user_id)
    gone = {"name": "-", "email": f"{user.id}@closed.invalid", "password_hash": None, "is_locked": True}
    forget_totp(scope, user, **gone, auth_version=user.auth_version + 1)
    queries.revoke_sessions(scope.session, user.id, scope.now)
    queries.drop_identities(scope.session, user.id)
