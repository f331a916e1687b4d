"""Which referrals may the caller read, and what of each?

The receiver reads the copy of the record, the sender what became of it, the person both. Neither side reads the
other's rows: what the sender is told of an enrolment, a match and an outcome is written down here, field by field.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, column, func, or_, table
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.grants import PAIR
from app.domain.lifecycles import MatchStatus, ReferralStatus
from app.domain.matches import BOTH_ACCEPTED
from app.domain.outcomes import Occasion
from app.domain.referrals import keeps_snapshot, standing
from app.domain.roles import Permission
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.partners.tables import Partner
from app.features.referrals.queries.coverage import is_covered, stands, uncovered
from app.features.referrals.schemas import (
    Direction,
    PartnerReferralQuery,
    ReferralOutcome,
    ReferralQuery,
    ReferralRead,
    ReferralSnapshot,
    ReferralSummary,
)
from app.features.referrals.tables import Referral
from app.kit.clock import today as day_of

# Tables of later slices are named, not imported: referrals lie below matches and follow-ups.
MATCH = table(
    "match",
    column("mentor_enrolment_id", Uuid),
    column("mentee_enrolment_id", Uuid),
    column("status"),
    column("accepted_at"),
)
OUTCOME = table("outcome", column("enrolment_id", Uuid), column("occasion"), column("occupation"))
UNDER_WAY = tuple(status.value for status in BOTH_ACCEPTED)


def of_partner(scope: Scope[Partner], query: PartnerReferralQuery) -> tuple[list[ReferralSummary], int]:
    """One page of what the partner has sent or received, newest first, and how many there are in all."""
    is_sender, is_receiver = col(Referral.from_partner_id) == scope.row.id, col(Referral.to_partner_id) == scope.row.id
    ways = {Direction.SENT: [is_sender], Direction.RECEIVED: [is_receiver], None: [is_sender, is_receiver]}
    return _page(scope, query, or_(*ways[query.direction]))


def within_reach(scope: Scope[None], query: ReferralQuery) -> tuple[list[ReferralSummary], int]:
    """One page of the referrals that the caller may see, newest first, and how many there are in all."""
    return _page(scope, query)


def unanswered(scope: Scope[Partner]) -> list[ColumnElement[bool]]:
    """The conditions that a referral waits for the answer of this partner, and that the caller may answer it."""
    received = [
        col(Referral.to_partner_id) == scope.row.id,
        col(Referral.status) == ReferralStatus.SENT,
        visible(Referral, scope.actor, Permission.REFERRAL_ANSWER),
    ]
    lost = uncovered(scope.session, scope.session.exec(select(Referral.id).where(*received)).all())
    return [*received, stands(scope.today, lost) == ReferralStatus.SENT.value]


def _page(scope: Scope[Any], query: ReferralQuery, *narrowed: ColumnElement[bool]) -> tuple[list[ReferralSummary], int]:
    session, mine = scope.session, [visible(Referral, scope.actor), *narrowed]
    unanswered = select(Referral.id).where(*mine, Referral.status == ReferralStatus.SENT)
    lost = uncovered(session, session.exec(unanswered).all())
    if query.status is not None:
        mine.append(stands(scope.today, lost) == query.status.value)
    total = session.exec(select(func.count()).select_from(Referral).where(*mine)).one()
    newest = select(Referral).where(*mine).order_by(col(Referral.created_at).desc(), col(Referral.id).desc())
    found = session.exec(newest.limit(query.limit).offset((query.page - 1) * query.limit))
    return [_summary(scope, row, is_covered=row.id not in lost) for row in found], total


def in_full(scope: Scope[Referral]) -> ReferralRead:
    """The referral with what the caller may read of it; flushes first, so that its version is final."""
    session, row = scope.session, scope.row
    session.flush()
    is_still_covered = is_covered(session, row)
    summary = _summary(scope, row, is_covered=is_still_covered)
    is_sender, is_receiver = _sides(scope, row)
    answered_on = day_of(row.answered_at) if row.answered_at else None
    is_kept = keeps_snapshot(summary.status, answered_on, scope.today, is_covered=is_still_covered)
    return ReferralRead(
        **summary.model_dump(),
        consent_id=row.consent_id if is_sender else None,
        snapshot=ReferralSnapshot.model_validate(row.snapshot) if is_receiver and is_kept and row.snapshot else None,
        outcome=_outcome(session, row.enrolment_id) if is_sender and is_still_covered and row.enrolment_id else None,
    )


def _summary(scope: Scope[Any], row: Referral, *, is_covered: bool) -> ReferralSummary:
    is_sender, is_receiver = _sides(scope, row)
    own = {
        "participant_id": row.participant_id if is_sender else None,
        "received_participant_id": row.received_participant_id if is_receiver else None,
        "enrolment_id": row.enrolment_id if is_receiver else None,
        "status": standing(row.status, row.answer_by, scope.today, is_covered=is_covered),
    }
    return ReferralSummary.model_validate({**row.model_dump(include=set(ReferralSummary.model_fields)), **own})


def _sides(scope: Scope[Any], row: Referral) -> tuple[bool, bool]:
    """Does the caller read as the sender does, and as the receiver does?"""
    actor = scope.actor
    if actor.role in PAIR:
        return True, True  # they reach what is about themself, nothing else
    return actor.partner_id == row.from_partner_id, actor.partner_id == row.to_partner_id


@looks_beyond_reach
def _outcome(session: Session, enrolment_id: UUID) -> ReferralOutcome:
    enrolment = session.get_one(Enrolment, enrolment_id)
    either = or_(MATCH.c.mentor_enrolment_id == enrolment_id, MATCH.c.mentee_enrolment_id == enrolment_id)
    under_way = func.count().filter(MATCH.c.status.in_(UNDER_WAY))
    accepted = func.count().filter(MATCH.c.accepted_at.is_not(None), MATCH.c.status != MatchStatus.VOID.value)
    now, ever = session.execute(select_columns(under_way, accepted).select_from(MATCH).where(either)).one()
    at_exit = select_columns(OUTCOME.c.occupation).where(
        OUTCOME.c.enrolment_id == enrolment_id, OUTCOME.c.occasion == Occasion.EXIT.value
    )
    return ReferralOutcome(
        enrolment_status=enrolment.status,
        is_matched=bool(now),
        has_been_matched=bool(ever),
        exited_on=enrolment.exited_on,
        exit_reason=enrolment.exit_reason,
        occupation_at_exit=session.scalar(at_exit),
    )
