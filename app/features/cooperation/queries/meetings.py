"""Which joint meetings are there, who is invited, and what stands in a colleague's calendar?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, not_, or_
from sqlmodel import Session, col, func, select

from app.domain.calendars import KEPT_DAYS, REFRESH_HOURS, calendar_name
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.cooperation.schemas import InvitationRead, JointMeetingQuery, JointMeetingRead
from app.features.cooperation.tables import JointMeeting, JointMeetingInvitation, JointMeetingVersion
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.calendars import Event, calendar

Invitation = JointMeetingInvitation


def meetings(scope: Scope[Program], query: JointMeetingQuery) -> tuple[list[JointMeetingRead], int]:
    """One page of a program's joint meetings by their start, and how many there are."""
    wanted = [col(JointMeeting.program_id) == scope.row.id, visible(JointMeeting, scope.actor)]
    if query.is_upcoming is not None:
        upcoming = and_(col(JointMeeting.ends_at) > scope.now, col(JointMeeting.cancelled_at).is_(None))
        wanted += [upcoming if query.is_upcoming else not_(upcoming)]
    total = scope.session.exec(select(func.count()).select_from(JointMeeting).where(*wanted)).one()
    ordered = select(JointMeeting).where(*wanted).order_by(col(JointMeeting.starts_at), col(JointMeeting.id))
    found = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return told(scope, found), total


def told(scope: Scope[Any], rows: Sequence[JointMeeting]) -> list[JointMeetingRead]:
    """The meetings with who is invited; two statements, whatever their number."""
    scope.session.flush()
    invited = _invited(scope.session, [row.id for row in rows])
    shown = set(JointMeetingRead.model_fields)
    return [
        JointMeetingRead.model_validate({**row.model_dump(include=shown), "invitations": invited[row.id]})
        for row in rows
    ]


def _invited(session: Session, ids: Collection[UUID]) -> dict[UUID, list[InvitationRead]]:
    wanted = (
        select(Invitation, Partner.name)
        .join(Partner, col(Partner.id) == col(Invitation.partner_id))
        .where(col(Invitation.joint_meeting_id).in_(ids))
        .order_by(col(Partner.name), col(Partner.id))
    )
    found: dict[UUID, list[InvitationRead]] = defaultdict(list)
    for row, name in session.exec(wanted):
        read = InvitationRead.model_validate(
            {**row.model_dump(include=set(InvitationRead.model_fields)), "partner_name": name}
        )
        found[row.joint_meeting_id].append(read)
    return found


def invitations(session: Session, meeting_id: UUID) -> dict[UUID, Invitation]:
    """The invitations to a meeting by partner, locked in one order."""
    wanted = select(Invitation).where(Invitation.joint_meeting_id == meeting_id).order_by(col(Invitation.id))
    return {row.partner_id: row for row in session.exec(wanted.with_for_update())}


def versions(scope: Scope[JointMeeting]) -> Select[Any]:
    """What was planned before the meeting was changed."""
    return select(JointMeetingVersion).where(
        JointMeetingVersion.joint_meeting_id == scope.row.id, visible(JointMeetingVersion, scope.actor)
    )


def as_calendar(meeting: JointMeeting, language: str) -> bytes:
    """One meeting for a calendar (RFC 5545)."""
    return calendar(calendar_name(language), language, [_event(meeting)], REFRESH_HOURS)


def events(scope: Scope[Any], _language: str) -> Iterable[Event]:
    """The joint meetings that the caller's partner calls or is invited to; cancelled ones are told as cancelled."""
    actor, since = scope.actor, scope.now - timedelta(days=KEPT_DAYS)
    if not actor.has_role_for(Permission.JOINT_MEETING_READ):
        return []
    is_invited = exists().where(
        col(Invitation.joint_meeting_id) == col(JointMeeting.id), col(Invitation.partner_id) == actor.partner_id
    )
    wanted = select(JointMeeting).where(
        visible(JointMeeting, actor),
        col(JointMeeting.ends_at) >= since,
        or_(col(JointMeeting.partner_id) == actor.partner_id, is_invited),
    )
    return map(_event, scope.session.exec(wanted.order_by(col(JointMeeting.starts_at), col(JointMeeting.id))))


def _event(meeting: JointMeeting) -> Event:
    return Event(
        uid=f"{meeting.id}@mentorskap",
        summary=meeting.title,
        starts=meeting.starts_at,
        minutes=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        changed_at=meeting.updated_at,
        sequence=meeting.version - 1,
        location=meeting.place or "",
        url=meeting.url or "",
        is_cancelled=meeting.cancelled_at is not None,
    )
