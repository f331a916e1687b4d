"""How do people and systems come in, stay in, and get locked out?"""

from app.features.accounts.actions.factors import confirm_totp, end_totp, enrol_totp, read_totp, remove_totp
from app.features.accounts.actions.identities import link_identity, log_in_by_provider, unlink_identity
from app.features.accounts.actions.invitations import (
    invitation_of,
    invite,
    invite_system_administrator,
    new_invitation,
    reset_password,
    set_password,
)
from app.features.accounts.actions.logins import log_in
from app.features.accounts.actions.services import (
    create_service_account,
    issue_secret,
    register_key,
    revoke_key,
    revoke_secret,
    service_token,
    token_by_assertion,
)
from app.features.accounts.actions.sessions import refresh
from app.features.accounts.actions.users import close_account, create_administrator, create_user, update_user

__all__ = [
    "close_account",
    "confirm_totp",
    "create_administrator",
    "create_service_account",
    "create_user",
    "end_totp",
    "enrol_totp",
    "invitation_of",
    "invite",
    "invite_system_administrator",
    "issue_secret",
    "link_identity",
    "log_in",
    "log_in_by_provider",
    "new_invitation",
    "read_totp",
    "refresh",
    "register_key",
    "remove_totp",
    "reset_password",
    "revoke_key",
    "revoke_secret",
    "service_token",
    "set_password",
    "token_by_assertion",
    "unlink_identity",
    "update_user",
]
