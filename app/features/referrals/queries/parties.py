"""Whom and what may a referral name: the person, the cohort, the receiver, the consent, and the receiver's own record?"""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.glossary import Side
from app.domain.lifecycles import ReferralStatus
from app.domain.roles import Permission, Responsibility
from app.features.access.queries import in_force_on
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.access.visible import visible
from app.features.consents.tables import Consent
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort
from app.features.referrals.tables import Referral

RECRUITS = {Side.MENTOR: Responsibility.RECRUIT_MENTORS, Side.MENTEE: Responsibility.RECRUIT_MENTEES}
SHARED = {"read": True}
"""A shared lock: those who would change the row wait until this transaction ends."""


def own_person(scope: Scope[Partner], participant_id: UUID) -> Participant | None:
    """The person, lock shared, when the partner holds them and the caller may know of them."""
    wanted = select(Participant).where(
        Participant.id == participant_id,
        Participant.partner_id == scope.row.id,
        visible(Participant, scope.actor, Permission.REFERRAL_SEND),
    )
    return scope.session.exec(wanted.with_for_update(read=True)).first()


@looks_beyond_reach
def referred_person(session: Session, participant_id: UUID) -> Participant:
    """The sender's record, lock shared: nobody makes it anonymous or protected while the referral is answered."""
    return session.get_one(Participant, participant_id, with_for_update=SHARED)


@looks_beyond_reach
def keep_consent(session: Session, consent_id: UUID) -> None:
    """Let nobody withdraw the consent before this transaction ends; whoever is doing so is waited for."""
    session.get_one(Consent, consent_id, with_for_update=SHARED)


def reachable_cohort(scope: Scope[Any], cohort_id: UUID) -> Cohort | None:
    """The cohort, when the caller may see it."""
    return scope.session.exec(select(Cohort).where(Cohort.id == cohort_id, visible(Cohort, scope.actor))).first()


def is_recruiting(scope: Scope[Any], program_id: UUID, partner_id: UUID, side: Side) -> bool:
    """Does the partner recruit this side of the program today, accountable or supporting?"""
    wanted = select(ResponsibilityAssignment.id).where(
        ResponsibilityAssignment.program_id == program_id,
        ResponsibilityAssignment.partner_id == partner_id,
        ResponsibilityAssignment.duty == RECRUITS[side],
        in_force_on(scope.today),
    )
    return scope.session.exec(wanted.limit(1)).first() is not None


def unanswered_twins(session: Session, participant_id: UUID, cohort_id: UUID) -> list[Referral]:
    """The referrals of the person to the cohort that are stored as unanswered, locked."""
    wanted = select(Referral).where(
        Referral.participant_id == participant_id,
        Referral.cohort_id == cohort_id,
        Referral.status == ReferralStatus.SENT,
    )
    return list(session.exec(wanted.with_for_update(key_share=True)))


@looks_beyond_reach
def known_to(session: Session, partner_id: UUID, person_id: UUID) -> Participant | None:
    """The partner's own record that was confirmed to be of this person, the oldest when there are several.

    Two acceptances for one person wait for each other here, so that they do not make two records of them.
    """
    number: Any = func.hashtextextended(f"referral:{partner_id}:{person_id}", 0)
    session.execute(select_columns(func.pg_advisory_xact_lock(number)))
    wanted = select(Participant).where(
        Participant.partner_id == partner_id, Participant.person_id == person_id, ~col(Participant.is_anonymous)
    )
    return session.exec(wanted.order_by(col(Participant.id)).limit(1)).first()


def may_take(scope: Scope[Any], participant: Participant) -> bool:
    """Is the record within the caller's reach: not of somebody protected for whom they are not cleared?"""
    wanted = select(Participant.id).where(
        Participant.id == participant.id, visible(Participant, scope.actor, Permission.REFERRAL_ANSWER)
    )
    return scope.session.exec(wanted).first() is not None
