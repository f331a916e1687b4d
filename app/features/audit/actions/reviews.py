"""How is a month's review signed? Once, by somebody who is responsible at the partner."""

from app.domain.access_reviews import ReviewFinding
from app.domain.changes import ChangeKind
from app.features.access.scope import Scope
from app.features.audit import queries
from app.features.audit.tables import AccessReviewSignature
from app.features.changes.actions import record
from app.features.partners.tables import Partner


def sign_review(scope: Scope[Partner], month: str, finding: ReviewFinding) -> AccessReviewSignature:
    """Raises: Problem 404 while there is nothing to review; at the flush `access_review.already_signed`."""
    review = queries.review_of(scope, month)
    signature = AccessReviewSignature(
        partner_id=scope.row.id,
        month=month,
        finding=finding,
        seal_number=review.seal_number,
        signed_by_user_id=scope.actor.user_id,
        signed_at=scope.now,
    )
    scope.session.add(signature)
    record(scope, ChangeKind.ACCESS_REVIEW_SIGNED, signature)
    return signature
