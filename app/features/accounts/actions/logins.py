"""How do people come in: with which password, which code, and what do they hold then?"""

from app.features.access.guards import Visit
from app.features.access.tables import UserAccount
from app.features.accounts import queries
from app.features.accounts.actions.factors import is_second_step
from app.features.accounts.actions.sessions import begin_session
from app.features.accounts.actions.throttling import Draw, device_token, draw, leave_open, succeed
from app.features.accounts.schemas import LoginRead, SessionCreate
from app.kit.passwords import verify_against_dummy, verify_password
from app.kit.problems import Problem

PASSWORD = ("pwd",)
TWO_STEPS = ("pwd", "otp")
"""Authentication methods by their names in RFC 8176."""


def log_in(visit: Visit, body: SessionCreate) -> LoginRead:
    """Begin a session.

    Raises: `auth.login_failed`, the same for every cause and as slow for unknown addresses; `auth.too_many_attempts`,
    the same for everybody; and to whoever knows the password `auth.totp_required` and `auth.totp_invalid`.
    """
    drawn = draw(visit, body.email, body.device_token)
    user = queries.user_by_email(visit.session, body.email)
    if user is None or user.password_hash is None:
        verify_against_dummy(body.password)
        raise Problem("auth.login_failed")
    if not verify_password(body.password, user.password_hash) or user.is_locked:
        raise Problem("auth.login_failed")
    methods = _second_step(visit, drawn, user, body)
    tokens = begin_session(visit, user, methods)
    told = LoginRead(**dict(tokens), device_token=device_token(visit, drawn))
    succeed(visit.session, drawn)
    return told


def _second_step(visit: Visit, drawn: Draw, user: UserAccount, body: SessionCreate) -> tuple[str, ...]:
    """The methods that were used. Raises: as above."""
    if user.totp_since is None:
        return PASSWORD
    if body.totp_code is None and body.recovery_code is None:
        leave_open(visit, drawn)
        raise Problem("auth.totp_required")
    if not is_second_step(visit.session, visit.runtime, user, (body.totp_code, body.recovery_code), visit.now):
        raise Problem("auth.totp_invalid")
    return TWO_STEPS
