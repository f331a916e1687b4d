"""Does a referral still rest on something, and how does it stand today? In SQL, for lists and for the calendar.

What it rests on lies with the sender (the consent, the record), and after a yes also with the receiver. The functions
that take a session look there for whichever side asks, beyond its reach, and tell no more than yes or no.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_
from sqlmodel import Session, col, select

from app.domain.lifecycles import ReferralStatus
from app.domain.referrals import SNAPSHOT_DAYS
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.consents.tables import Consent
from app.features.participants.tables import Participant
from app.features.referrals.tables import Referral
from app.kit.clock import STOCKHOLM


def _covered() -> ColumnElement[bool]:
    """Is the consent in force, and is the person neither anonymous nor protected on either side?"""
    records = [col(Referral.participant_id), col(Referral.received_participant_id)]
    in_force = exists().where(col(Consent.id) == col(Referral.consent_id), col(Consent.withdrawn_at).is_(None))
    hidden = exists().where(
        or_(*(col(Participant.id) == one for one in records)),
        or_(col(Participant.is_anonymous), col(Participant.protection).is_not(None)),
    )
    return and_(in_force, ~hidden)


@looks_beyond_reach
def uncovered(session: Session, referral_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the referrals that rest on nothing any more."""
    return frozenset(session.exec(select(Referral.id).where(col(Referral.id).in_(referral_ids), ~_covered())))


def is_covered(session: Session, referral: Referral) -> bool:
    """Does this one still rest on a consent in force, of somebody neither anonymous nor protected?"""
    return not uncovered(session, [referral.id])


def stands(today: date, lost: Collection[UUID]) -> ColumnElement[Any]:
    """`app.domain.referrals.standing` as SQL, so that a list can be narrowed by it; `lost` are the `uncovered`."""
    return case(
        (col(Referral.status) != ReferralStatus.SENT, col(Referral.status)),
        (col(Referral.answer_by) < today, literal(ReferralStatus.EXPIRED.value)),
        (col(Referral.id).in_(lost), literal(ReferralStatus.WITHDRAWN.value)),
        else_=literal(ReferralStatus.SENT.value),
    )


@looks_beyond_reach
def overtaken(scope: Scope[None]) -> list[UUID]:
    """The referrals whose stored status, or whose kept copy, time or the person has overtaken."""
    unanswered = and_(
        col(Referral.status) == ReferralStatus.SENT, or_(col(Referral.answer_by) < scope.today, ~_covered())
    )
    last_night = datetime.combine(scope.today - timedelta(days=SNAPSHOT_DAYS), time.min, STOCKHOLM)
    kept = and_(
        col(Referral.status) == ReferralStatus.ACCEPTED,
        col(Referral.snapshot).is_not(None),
        or_(col(Referral.answered_at) < last_night, ~_covered()),
    )
    return list(scope.session.exec(select(Referral.id).where(or_(unanswered, kept)).order_by(col(Referral.id))))


@looks_beyond_reach
def locked(session: Session, referral_id: UUID) -> Referral | None:
    """The referral as it stands; None while somebody is answering it."""
    wanted = select(Referral).where(Referral.id == referral_id)
    return session.exec(wanted.with_for_update(key_share=True, skip_locked=True)).first()
