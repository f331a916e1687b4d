"""How is the mutual agreement of a program's pairs published, and how does each side sign it?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.grants import PAIR
from app.domain.match_agreements import Signer, check_signable
from app.domain.matches import BOTH_ACCEPTED
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matches import queries
from app.features.matches.actions.answers import demand_own_side
from app.features.matches.schemas import MatchAgreementTextCreate, SignatureCreate
from app.features.matches.tables import Match, MatchAgreementText
from app.features.participants.actions import refuse_personnummer
from app.features.programs.tables import Program
from app.kit.columns import amend


def publish_agreement_text(scope: Scope[Program], body: MatchAgreementTextCreate) -> MatchAgreementText:
    """Publish the next version of what pairs agree on, or a translation of one.

    Raises: `text.personnummer_refused`, `match.agreement_text_unknown`, and at the flush
    `match.agreement_language_taken`.
    """
    refuse_personnummer(body)
    # Publishers of one program queue up at its row (the guard locked it), so numbers have no gaps and no twins.
    newest = queries.newest_agreement(scope.session, scope.row.id)
    if body.number is not None and body.number > newest:
        raise RuleViolation("match.agreement_text_unknown", pointer="/number")
    own = {"program_id": scope.row.id, "number": body.number or newest + 1}
    text = MatchAgreementText.model_validate({**body.model_dump(), **own})
    scope.session.add(text)
    record(scope, ChangeKind.MATCH_TEXT_PUBLISHED, text)
    return text


def sign_agreement(scope: Scope[Match], body: SignatureCreate) -> Match:
    """Sign for a side: the person by their own login, or staff that notes it.

    Staff that answers for signing notes it for either side, other staff for the person whom their partner holds.
    Raises: Problem 403 for the other side, `match.agreement_not_open`, `match.agreement_text_unknown`,
    `match.agreement_text_outdated`, `match.already_signed`.
    """
    match, side = scope.row, body.side
    is_signing = match.program_id in scope.actor.programs_for(scope.permission) and scope.actor.role not in PAIR
    if not is_signing:
        demand_own_side(scope, side)
    if match.status not in BOTH_ACCEPTED:
        raise RuleViolation("match.agreement_not_open", current=match.status.value)
    text = queries.agreement_text(scope.session, match.program_id, body.text_id)
    if text is None:
        raise RuleViolation("match.agreement_text_unknown", pointer="/textId")
    signed = queries.signed_numbers(scope.session, match)
    if signed.pop(side) == text.number:
        raise RuleViolation("match.already_signed", side=side.value)
    (others,) = signed.values()
    check_signable(text.number, queries.newest_agreement(scope.session, match.program_id), others)
    signer = Signer.SELF if scope.actor.role in PAIR else Signer.STAFF
    told = {"signed_text_id": text.id, "signed_at": scope.now, "signer": signer}
    changed = amend(match, {f"{side.value}_{name}": value for name, value in told.items()})
    record(scope, ChangeKind.MATCH_SIGNED, match, changed)
    return match
