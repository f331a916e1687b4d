"""How does a person whom a partner holds get a login of their own?"""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing, Side
from app.domain.roles import Role
from app.features.access.scope import Scope
from app.features.access.tables import Concealment, UserAccount
from app.features.accounts import queries
from app.features.accounts.actions import invitation_of, invite
from app.features.accounts.schemas import AdministratorCreate, InvitedUserRead
from app.features.changes.actions import record
from app.features.participants.schemas import LoginCreate
from app.features.participants.tables import Participant
from app.kit.columns import amend

ROLES = {Side.MENTOR: Role.MENTOR, Side.MENTEE: Role.MENTEE}
IS_PROTECTED = col(Concealment.kind) == Concealing.PROTECTED_IDENTITY


def give_login(scope: Scope[Participant], body: LoginCreate) -> InvitedUserRead:
    """Make the person's account and its one-time invitation; the account has one role, the side's.

    Again while they have not chosen a password: another invitation, and the earlier one is worthless.
    Raises: `participant.has_login`, `participant.email_missing`, `user.email_taken`.
    """
    person = scope.row
    if person.user_id is not None:
        return _again(scope, person.user_id, ROLES[body.side])
    if person.email is None:
        raise RuleViolation("participant.email_missing")
    named = AdministratorCreate(name=f"{person.given_name} {person.family_name}"[:120], email=person.email)
    user, invitation = invite(scope, named, ROLES[body.side], person.partner_id)
    record(scope, ChangeKind.PARTICIPANT_UPDATED, person, amend(person, {"user_id": user.id}))
    # A protected person's login is hidden with them, from its first moment.
    scope.session.execute(
        update(Concealment).where(col(Concealment.participant_id) == person.id, IS_PROTECTED).values(user_id=user.id)
    )
    return invitation


def _again(scope: Scope[Participant], user_id: UUID, role: Role) -> InvitedUserRead:
    user = queries.invited(scope.session, col(UserAccount.id) == user_id, col(UserAccount.role) == role)
    if user is None:
        raise RuleViolation("participant.has_login")
    return invitation_of(scope, user)
