"""What waits for the caller's partner, as far as the caller may act on it? One statement or a few for each kind.

`visible` with the permission of the act decides what counts, so nothing of protected people is in a number. Of what concerns
people the links lead to lists, which record whom they show; of everything else to the thing itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from app.domain.lifecycles import (
    AgreementStatus,
    EnrolmentStatus,
    HandoverStatus,
    IncidentStatus,
    MatchStatus,
    ReferralStatus,
    RunStatus,
)
from app.domain.matches import BOTH_ACCEPTED
from app.domain.roles import Permission
from app.domain.waiting import WORDS, WaitingKind
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.agreements.tables import Agreement, AgreementParty, DutyHandover
from app.features.cooperation.queries.posts import is_unread, mentions
from app.features.cooperation.schemas import PartnerWaiting, WaitingItem
from app.features.cooperation.schemas.overviews import MOST_LINKS
from app.features.cooperation.tables import ChannelPost, JointMeeting, JointMeetingInvitation
from app.features.enrolments.tables import Enrolment
from app.features.follow_ups.queries.overdue import is_late
from app.features.follow_ups.tables import FollowUp
from app.features.incidents.tables import Incident
from app.features.matches.tables import Match, MatchAgreementText
from app.features.matching.tables import MatchRun
from app.features.partners.tables import Partner
from app.features.readiness.queries import unmet_for
from app.features.referrals.queries import unanswered
from app.features.referrals.tables import Referral
from app.kit.clock import today

SIGNABLE = (AgreementStatus.PROPOSED, AgreementStatus.PARTLY_SIGNED)
BEFORE_START = sorted(BOTH_ACCEPTED & {MatchStatus.ACCEPTED, MatchStatus.PREPARED})


@dataclass(frozen=True)
class Found:
    """How much waits, from which day on it is due, and where it is (below the address of the API)."""

    count: int
    next_on: date | None = None
    links: tuple[str, ...] = ()


def waiting(scope: Scope[Partner]) -> PartnerWaiting:
    """Every kind that the caller may act on, also those of which nothing waits."""
    base = scope.exchange.path.partition("/partners/")[0]
    found = {kind: look(scope) for kind, (needs, look) in KINDS.items() if scope.actor.has_role_for(needs)}
    items = [
        WaitingItem(
            kind=kind,
            sv=WORDS[kind]["sv"],
            en=WORDS[kind]["en"],
            count=one.count,
            next_on=one.next_on,
            links=[base + link for link in one.links[:MOST_LINKS]],
        )
        for kind, one in found.items()
    ]
    return PartnerWaiting(partner_id=scope.row.id, as_of=scope.now, items=items)


def _counted(scope: Scope[Any], link: str, wanted: Iterable[ColumnElement[bool]], due: Any = None) -> Found:
    """How many rows fulfil the conditions; one link to where they are listed, unless there are none."""
    first = func.min(due) if due is not None else func.min(None)
    count, next_on = scope.session.execute(columns(func.count(), first).where(*wanted)).one()
    return Found(count, next_on, (link,) if count else ())


def _linked(scope: Scope[Any], rows: Any, link: str) -> Found:
    """Rows of (id, day or instant), each with a link of its own; the earliest first."""
    found = scope.session.execute(rows).all()
    days = [today(at) if isinstance(at, datetime) else at for _, at in found]
    return Found(len(found), min(days, default=None), tuple(link.format(one) for one, _ in found))


def _agreements(scope: Scope[Partner]) -> Found:
    rows = (
        columns(col(Agreement.id), col(Agreement.valid_from))
        .join(AgreementParty, col(AgreementParty.agreement_id) == col(Agreement.id))
        .where(
            col(AgreementParty.partner_id) == scope.row.id,
            col(AgreementParty.signed_at).is_(None),
            col(Agreement.status).in_(SIGNABLE),
            visible(Agreement, scope.actor),
        )
        .order_by(col(Agreement.valid_from), col(Agreement.id))
    )
    return _linked(scope, rows, "/agreements/{}")


def _handovers(scope: Scope[Partner]) -> Found:
    rows = columns(col(DutyHandover.id), col(DutyHandover.begins_on)).where(
        col(DutyHandover.to_partner_id) == scope.row.id,
        col(DutyHandover.status) == HandoverStatus.PROPOSED,
        visible(DutyHandover, scope.actor, Permission.HANDOVER_ANSWER),
    )
    ordered = rows.order_by(col(DutyHandover.begins_on), col(DutyHandover.id))
    return _linked(scope, ordered, "/handovers/{}")


def _referrals(scope: Scope[Partner]) -> Found:
    link = f"/partners/{scope.row.id}/referrals?direction=received&status={ReferralStatus.SENT}"
    return _counted(scope, link, unanswered(scope), col(Referral.answer_by))


def _screenings(scope: Scope[Partner]) -> Found:
    counts = []
    for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.SCREENING):
        wanted = [col(Enrolment.status) == status, visible(Enrolment, scope.actor, Permission.ENROLMENT_SCREEN)]
        counts.append(_counted(scope, f"/enrolments?status={status}", wanted))
    return Found(sum(one.count for one in counts), None, tuple(link for one in counts for link in one.links))


def _runs(scope: Scope[Partner]) -> Found:
    rows = select(MatchRun).where(
        col(MatchRun.status) == RunStatus.COMPLETED, visible(MatchRun, scope.actor, Permission.MATCH_RUN_APPROVE)
    )
    found = scope.session.exec(rows.order_by(col(MatchRun.created_at), col(MatchRun.id))).all()
    return Found(len(found), None, tuple(f"/match-runs/{run.id}" for run in found))


def _signatures(scope: Scope[Partner]) -> Found:
    """Of a pair whose program has a text to sign: by who answers for signing either side, by holders their own."""
    mentor, mentee = (col(one).is_(None) for one in (Match.mentor_signed_text_id, Match.mentee_signed_text_id))
    signing = col(Match.program_id).in_(scope.actor.programs_for(Permission.MATCH_SIGN))
    wanted = [
        col(Match.status).in_(BEFORE_START),
        exists().where(col(MatchAgreementText.program_id) == col(Match.program_id)),
        visible(Match, scope.actor, Permission.MATCH_SIGN),
        or_(
            and_(signing, or_(mentor, mentee)),
            and_(col(Match.mentor_partner_id) == scope.row.id, mentor),
            and_(col(Match.mentee_partner_id) == scope.row.id, mentee),
        ),
    ]
    return _counted(scope, "/matches", wanted)


def _activations(scope: Scope[Partner]) -> Found:
    wanted = [
        col(Match.status) == MatchStatus.PREPARED,
        visible(Match, scope.actor, Permission.MATCH_ACTIVATE),
    ]
    return _counted(scope, f"/matches?status={MatchStatus.PREPARED}", wanted)


def _overdue(scope: Scope[Partner]) -> Found:
    return _counted(scope, "/overdue-follow-ups", is_late(scope), col(FollowUp.due_on))


def _incidents(scope: Scope[Partner]) -> Found:
    wanted = [
        col(Incident.status) != IncidentStatus.CLOSED,
        visible(Incident, scope.actor, Permission.INCIDENT_HANDLE),
    ]
    return _counted(scope, "/incidents", wanted)


def _readiness(scope: Scope[Partner]) -> Found:
    unmet = unmet_for(scope)
    programs = dict.fromkeys(program_id for program_id, _ in unmet)
    return Found(len(unmet), None, tuple(f"/programs/{one}/readiness" for one in programs))


def _meetings(scope: Scope[Partner]) -> Found:
    unanswered_by_us = exists().where(
        col(JointMeetingInvitation.joint_meeting_id) == col(JointMeeting.id),
        col(JointMeetingInvitation.partner_id) == scope.row.id,
        col(JointMeetingInvitation.answer).is_(None),
    )
    rows = columns(col(JointMeeting.id), col(JointMeeting.starts_at)).where(
        col(JointMeeting.cancelled_at).is_(None),
        col(JointMeeting.ends_at) > scope.now,
        visible(JointMeeting, scope.actor),
        unanswered_by_us,
    )
    return _linked(scope, rows.order_by(col(JointMeeting.starts_at), col(JointMeeting.id)), "/joint-meetings/{}")


def _posts(scope: Scope[Partner], *narrowed: ColumnElement[bool], query: str = "isUnread=true") -> Found:
    wanted = [visible(ChannelPost, scope.actor), is_unread(scope.actor), *narrowed]
    rows = scope.session.execute(
        columns(col(ChannelPost.program_id), func.count()).where(*wanted).group_by(col(ChannelPost.program_id))
    ).all()
    links = tuple(f"/programs/{program}/channel-posts?{query}" for program, _ in sorted(rows))
    return Found(sum(count for _, count in rows), None, links)


def _mentions(scope: Scope[Partner]) -> Found:
    return _posts(scope, mentions(scope.actor), query="isUnread=true&mentionsMe=true")


KINDS: Mapping[WaitingKind, tuple[Permission, Callable[[Scope[Partner]], Found]]] = {
    WaitingKind.AGREEMENTS_TO_SIGN: (Permission.AGREEMENT_SIGN, _agreements),
    WaitingKind.HANDOVERS_TO_ANSWER: (Permission.HANDOVER_ANSWER, _handovers),
    WaitingKind.REFERRALS_TO_ANSWER: (Permission.REFERRAL_ANSWER, _referrals),
    WaitingKind.PARTICIPANTS_TO_SCREEN: (Permission.ENROLMENT_SCREEN, _screenings),
    WaitingKind.MATCH_RUNS_TO_APPROVE: (Permission.MATCH_RUN_APPROVE, _runs),
    WaitingKind.MATCHES_TO_SIGN: (Permission.MATCH_SIGN, _signatures),
    WaitingKind.MATCHES_TO_ACTIVATE: (Permission.MATCH_ACTIVATE, _activations),
    WaitingKind.FOLLOW_UPS_OVERDUE: (Permission.OVERDUE_READ, _overdue),
    WaitingKind.INCIDENTS_OPEN: (Permission.INCIDENT_HANDLE, _incidents),
    WaitingKind.READINESS_ITEMS: (Permission.READINESS_READ, _readiness),
    WaitingKind.MEETINGS_TO_ANSWER: (Permission.JOINT_MEETING_ANSWER, _meetings),
    WaitingKind.UNREAD_POSTS: (Permission.CHANNEL_READ, _posts),
    WaitingKind.UNREAD_MENTIONS: (Permission.CHANNEL_READ, _mentions),
}
"""In the order in which they are told: which permission a kind needs, and how it is looked up."""
