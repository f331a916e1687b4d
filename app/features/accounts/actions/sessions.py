"""How does a login last: its tokens, their renewal, and its end?"""

from collections.abc import Sequence
from datetime import timedelta

from app.features.access.guards import Visit
from app.features.access.tables import LoginSession, UserAccount
from app.features.accounts import queries
from app.features.accounts.schemas import TokensRead
from app.features.accounts.tables import RefreshToken
from app.kit.passwords import hash_secret, new_secret

REUSE_GRACE = timedelta(seconds=10)


def begin_session(visit: Visit, user: UserAccount, methods: Sequence[str]) -> TokensRead:
    """A login of somebody who has proved who they are by `methods`; their oldest ones beyond the limit end."""
    rules = visit.runtime.logins
    login = LoginSession(user_id=user.id, expires_at=visit.now + rules.life(user.role), methods=list(methods))
    queries.end_oldest_sessions(visit.session, user.id, rules.most_sessions - 1, visit.now)
    visit.session.add(login)
    visit.session.flush()
    return _tokens(visit, user, login)[0]


def refresh(visit: Visit, presented: str) -> TokensRead | None:
    """The next pair for a refresh token; None when it is worthless (the family of a reused one is then ended).

    A token that was used less than ten seconds ago, and whose successor nobody has used, is honoured once more: the
    answer was lost on its way.
    """
    digest = hash_secret(presented)
    token = queries.take_refresh_token(visit.session, digest, visit.now)
    if token is None:
        token = _lost_answer(visit, digest)
    login = visit.session.get(LoginSession, token.session_id) if token else None
    if token is None or login is None or login.revoked_at is not None or login.expires_at <= visit.now:
        return None
    user = visit.session.get_one(UserAccount, login.user_id)
    if user.is_locked:
        return None
    tokens, successor = _tokens(visit, user, login)
    token.successor_id = successor.id
    return tokens


def _lost_answer(visit: Visit, digest: str) -> RefreshToken | None:
    """A used token within the grace, its successor unused: retire the successor. Otherwise end the whole family."""
    token = queries.refresh_token(visit.session, digest)
    if token is None or token.used_at is None:
        return None
    successor = visit.session.get(RefreshToken, token.successor_id) if token.successor_id else None
    if successor is not None and successor.used_at is None and visit.now - token.used_at <= REUSE_GRACE:
        successor.used_at = visit.now - REUSE_GRACE - timedelta(seconds=1)
        return token
    login = visit.session.get_one(LoginSession, token.session_id)
    queries.revoke_session(visit.session, login.id, login.user_id, visit.now)
    return None


def _tokens(visit: Visit, user: UserAccount, login: LoginSession) -> tuple[TokensRead, RefreshToken]:
    shown, digest = new_secret("mrt_")
    idle = visit.runtime.logins.idle(user.role)
    token = RefreshToken(session_id=login.id, token_hash=digest, expires_at=min(visit.now + idle, login.expires_at))
    visit.session.add(token)
    visit.session.flush()
    issuer = visit.runtime.issuer
    access = issuer.issue(
        sub=user.id, role=user.role.value, ver=user.auth_version, now=visit.now, sid=login.id, partner=user.partner_id,
        amr=login.methods,
    )  # fmt: skip
    tokens = TokensRead(
        access_token=access,
        token_type="Bearer",  # noqa: S106  the scheme's name
        expires_in=issuer.lifetime_seconds,
        refresh_token=shown,
        session_id=login.id,
    )
    return tokens, token
