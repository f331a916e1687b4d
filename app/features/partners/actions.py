"""How do organisations come in and change?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.queries import exists
from app.features.partners.schemas import MemberAdd, PartnerCreate, PartnerPatch
from app.features.partners.tables import Partner, PartnerMember
from app.kit.columns import amend


def create_partner(scope: Scope[None], body: PartnerCreate) -> Partner:
    """Register an organisation; an organisation number can be registered once."""
    partner = Partner.model_validate(body.model_dump())
    scope.session.add(partner)
    record(scope, ChangeKind.PARTNER_CREATED, partner)
    return partner


def update_partner(scope: Scope[Partner], body: PartnerPatch) -> Partner:
    """Change what the partner says of itself."""
    if changed := amend(scope.row, body):
        record(scope, ChangeKind.PARTNER_UPDATED, scope.row, changed)
    return scope.row


def add_member(scope: Scope[Partner], body: MemberAdd) -> Partner:
    """Make an existing partner a member organisation of this one. Raises: `partner.unknown`."""
    if not exists(scope.session, body.member_id):
        raise RuleViolation("partner.unknown", pointer="/memberId")
    member = PartnerMember(partner_id=scope.row.id, member_id=body.member_id)
    scope.session.add(member)
    record(scope, ChangeKind.PARTNER_MEMBER_ADDED, member)
    return scope.session.get_one(Partner, body.member_id)
