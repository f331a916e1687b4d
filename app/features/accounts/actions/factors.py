"""How does somebody add an authenticator app to the password, and take it away again?"""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.totp import SECRET_BYTES, address, matching_step, spelled
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.actions.throttling import draw_for_account, succeed
from app.features.accounts.schemas import (
    RecoveryCodesRead,
    TotpConfirm,
    TotpCreate,
    TotpRead,
    TotpRemove,
    TotpSecretRead,
)
from app.features.accounts.tables import RecoveryCode
from app.features.changes.actions import record
from app.kit.columns import amend
from app.kit.digests import Digester
from app.kit.passwords import WeakPassword, check_password_rules, verify_password
from app.kit.runtime import Runtime
from app.kit.sealing import Sealer

ISSUER = "Mentorskap"
RECOVERY_CODES = 10
_CODE_BYTES, _GROUP = 10, 4  # 80 bits in four groups of four characters


def read_totp(scope: Scope[None]) -> TotpRead:
    """Has the caller an authenticator app, and how many recovery codes are left?"""
    user = _me(scope)
    return TotpRead(enabled_at=user.totp_since, recovery_codes_left=queries.recovery_codes_left(scope.session, user.id))


def enrol_totp(scope: Scope[None], runtime: Runtime, body: TotpCreate) -> TotpSecretRead:
    """A new secret for an app; it counts for nothing until it is confirmed by a code.

    Raises: `totp.enabled`, `totp.password_wrong`, `auth.too_many_attempts`.
    """
    user = _me(scope)
    drawn = draw_for_account(runtime, user.id, scope.now)
    _demand_password(user, body.password)
    if user.totp_since is not None:
        raise RuleViolation("totp.enabled")
    secret = secrets.token_bytes(SECRET_BYTES)
    sealed = {"totp_secret": runtime.sealer.seal(_place(user.id), secret), "totp_step": None}
    record(scope, ChangeKind.USER_UPDATED, user, amend(user, sealed))
    succeed(scope.session, drawn)
    return TotpSecretRead(secret=spelled(secret), address=address(secret, user.email or str(user.id), ISSUER))


def confirm_totp(scope: Scope[None], runtime: Runtime, body: TotpConfirm) -> RecoveryCodesRead:
    """From now on a code is asked for at login. Answers the recovery codes, this once.

    Raises: `totp.enabled`, `totp.not_enrolled`, `totp.code_wrong`, `auth.too_many_attempts`.
    """
    user = _me(scope)
    drawn = draw_for_account(runtime, user.id, scope.now)
    if user.totp_since is not None:
        raise RuleViolation("totp.enabled")
    if user.totp_secret is None:
        raise RuleViolation("totp.not_enrolled")
    step = matching_step(secret_of(runtime.sealer, user), body.code, scope.now, user.totp_step)
    if step is None:
        raise RuleViolation("totp.code_wrong", pointer="/code")
    record(scope, ChangeKind.USER_UPDATED, user, amend(user, {"totp_since": scope.now, "totp_step": step}))
    succeed(scope.session, drawn)
    return _recovery_codes(scope, runtime.digests, user)


def remove_totp(scope: Scope[None], runtime: Runtime, body: TotpRemove) -> TotpRead:
    """Take the app away: the password alone must be long enough then, and every other proof is asked for once more.

    Raises: `totp.not_enrolled`, `totp.password_wrong`, `totp.code_wrong`, `auth.password_weak`,
    `auth.too_many_attempts`.
    """
    user = _me(scope)
    drawn = draw_for_account(runtime, user.id, scope.now)
    if user.totp_since is None:
        raise RuleViolation("totp.not_enrolled")
    _demand_password(user, body.password)
    if not is_second_step(scope.session, runtime, user, (body.code, body.recovery_code), scope.now):
        raise RuleViolation("totp.code_wrong", pointer="/code")
    try:
        check_password_rules(body.password, has_totp=False)
    except WeakPassword as weak:
        raise RuleViolation("auth.password_weak", pointer="/password", reason=weak.reason) from weak
    forget_totp(scope, user)
    succeed(scope.session, drawn)
    return read_totp(scope)


def end_totp(scope: Scope[UserAccount]) -> None:
    """Take away a lost app for somebody else.

    A password that was chosen with it may be too short without: it goes too, with all logins, and an invitation lets
    its owner choose a new one.

    Raises: `totp.not_enrolled`; `user.self_lock`: for oneself there is the other way.
    """
    if scope.row.id == scope.actor.user_id:
        raise RuleViolation("user.self_lock")
    if scope.row.totp_since is None:
        raise RuleViolation("totp.not_enrolled")
    queries.revoke_sessions(scope.session, scope.row.id, scope.now)
    forget_totp(scope, scope.row, password_hash=None, auth_version=scope.row.auth_version + 1)


def forget_totp(scope: Scope[object], user: UserAccount, **besides: object) -> None:
    """Nothing of the app and its recovery codes is left."""
    queries.drop_recovery_codes(scope.session, user.id)
    gone = {"totp_secret": None, "totp_since": None, "totp_step": None, **besides}
    record(scope, ChangeKind.USER_UPDATED, user, amend(user, gone))


def is_second_step(
    session: Session, runtime: Runtime, user: UserAccount, codes: tuple[str | None, str | None], now: datetime
) -> bool:
    """Does the app's code, or else the recovery code, hold for this user now? It is used up then."""
    code, recovery_code = codes
    if code is not None:
        step = matching_step(secret_of(runtime.sealer, user), code, now, user.totp_step)
        return step is not None and queries.take_step(session, user.id, step)
    digest = recovery_digest(runtime.digests, user.id, recovery_code or "")
    return queries.take_recovery_code(session, user.id, digest, now)


def secret_of(sealer: Sealer, user: UserAccount) -> bytes:
    """The secret that the user's app holds."""
    return sealer.open(_place(user.id), user.totp_secret or "")


def recovery_digest(digests: Digester, user_id: UUID, code: str) -> str:
    """What is stored of a recovery code. Blanks, hyphens and small letters are how people type."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return digests.digest("recovery code", f"{user_id}:{plain}")


def _recovery_codes(scope: Scope[None], digests: Digester, user: UserAccount) -> RecoveryCodesRead:
    queries.drop_recovery_codes(scope.session, user.id)
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        scope.session.add(RecoveryCode(user_id=user.id, code_digest=recovery_digest(digests, user.id, code)))
    return RecoveryCodesRead(recovery_codes=codes)


def _new_code() -> str:
    plain = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii").lower()
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def _demand_password(user: UserAccount, password: str) -> None:
    if user.password_hash is None or not verify_password(password, user.password_hash):
        raise RuleViolation("totp.password_wrong", pointer="/password")


def _me(scope: Scope[None]) -> UserAccount:
    return scope.session.get_one(UserAccount, scope.actor.user_id, with_for_update=True)


def _place(user_id: UUID) -> str:
    return f"totp:{user_id}"
