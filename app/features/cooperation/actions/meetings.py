"""How is a joint meeting called, changed, cancelled and answered?"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.cooperation import (
    check_answerable,
    check_link,
    check_not_cancelled,
    check_partners,
    check_times,
    check_where,
)
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.cooperation.queries import allies, meetings
from app.features.cooperation.schemas import AnswerCreate, JointMeetingCreate, JointMeetingPatch
from app.features.cooperation.tables import JointMeeting, JointMeetingInvitation, JointMeetingVersion
from app.features.programs.tables import Program
from app.kit.columns import amend

PLANNED = ("program_id", "title", "starts_at", "ends_at", "place", "url", "agenda", "minutes_url")
"""What a version keeps."""


def plan_meeting(scope: Scope[Program], body: JointMeetingCreate) -> JointMeeting:
    """Call a meeting of partners in the channel.

    Raises: `joint_meeting.in_past`, `joint_meeting.ends_before_start`, `joint_meeting.too_long`,
    `joint_meeting.place_needed`, `joint_meeting.partner_outside`, `link.not_https`.
    """
    inside = allies.partners_in(scope.session, scope.row.id, scope.today)
    invited = sorted(inside) if body.invited_partner_ids is None else list(dict.fromkeys(body.invited_partner_ids))
    given = body.model_dump(mode="json", include={"agenda"}) | body.model_dump(
        exclude={"agenda", "invited_partner_ids"}
    )
    own = {"program_id": scope.row.id, "partner_id": scope.actor.partner_id, "planned_by_user_id": scope.actor.user_id}
    meeting = JointMeeting.model_validate({**given, **own})
    check_times(meeting.starts_at, meeting.ends_at, scope.now)
    _check(meeting, invited, inside)
    scope.session.add(meeting)
    record(scope, ChangeKind.JOINT_MEETING_PLANNED, meeting)
    scope.session.flush()
    _invite(scope, meeting, invited)
    return meeting


def _check(meeting: JointMeeting, invited: Collection[UUID], inside: Collection[UUID]) -> None:
    check_where(meeting.place, meeting.url)
    for url, pointer in ((meeting.url, "/url"), (meeting.minutes_url, "/minutesUrl")):
        if url is not None:
            check_link(url, pointer)
    check_partners(invited, inside, "/invitedPartnerIds")
    named = {UUID(one["responsible_partner_id"]) for one in meeting.agenda if one["responsible_partner_id"]}
    check_partners(named, inside, "/agenda")


def _invite(scope: Scope[Any], meeting: JointMeeting, partners: Collection[UUID]) -> None:
    for partner_id in partners:
        scope.session.add(
            JointMeetingInvitation(program_id=meeting.program_id, joint_meeting_id=meeting.id, partner_id=partner_id)
        )


def change_meeting(scope: Scope[JointMeeting], body: JointMeetingPatch) -> JointMeeting:
    """Plan it otherwise, or say where the minutes are; what was planned is kept. At another time all are asked anew.

    Raises: `joint_meeting.cancelled` and what `plan_meeting` raises.
    """
    meeting, session = scope.row, scope.session
    check_not_cancelled(is_cancelled=meeting.cancelled_at is not None)
    present = meetings.invitations(session, meeting.id)
    before = {name: getattr(meeting, name) for name in PLANNED}
    before |= {"joint_meeting_id": meeting.id, "number": meeting.revision, "invited_partner_ids": sorted(present)}
    given = body.model_dump(mode="json", exclude_unset=True, include={"agenda"})
    changed = amend(meeting, given | body.model_dump(exclude_unset=True, exclude={"agenda", "invited_partner_ids"}))
    wanted = present.keys() if body.invited_partner_ids is None else dict.fromkeys(body.invited_partner_ids)
    if wanted != present.keys():
        changed.append("invitations")
    if not changed:
        return meeting
    is_moved = not {"starts_at", "ends_at"}.isdisjoint(changed)
    if is_moved:
        check_times(meeting.starts_at, meeting.ends_at, scope.now)
    inside = allies.partners_in(session, meeting.program_id, scope.today)
    _check(meeting, wanted - present.keys(), inside | _named(before))
    _keep(scope, before)
    _reinvite(scope, present, wanted, is_moved=is_moved)
    amend(meeting, {"revision": meeting.revision + 1})
    record(scope, ChangeKind.JOINT_MEETING_CHANGED, meeting, changed)
    return meeting


def _named(before: dict[str, Any]) -> set[UUID]:
    """Partners that stand on the agenda already may stay there, also when they have left."""
    return {UUID(one["responsible_partner_id"]) for one in before["agenda"] if one["responsible_partner_id"]}


def _keep(scope: Scope[Any], before: dict[str, Any]) -> None:
    replaced = {"replaced_at": scope.now, "replaced_by_user_id": scope.actor.user_id}
    scope.session.add(JointMeetingVersion.model_validate({**before, **replaced}))


def _reinvite(
    scope: Scope[JointMeeting],
    present: dict[UUID, JointMeetingInvitation],
    wanted: Collection[UUID],
    *,
    is_moved: bool,
) -> None:
    for partner_id, invitation in present.items():
        if partner_id not in wanted:
            scope.session.delete(invitation)
        elif is_moved:
            amend(invitation, {"answer": None, "answered_at": None, "answered_by_user_id": None})
    _invite(scope, scope.row, [one for one in wanted if one not in present])


def cancel_meeting(scope: Scope[JointMeeting]) -> JointMeeting:
    """Cancel it: calendars are told, answers are not asked for any more. Twice is once."""
    meeting = scope.row
    if meeting.cancelled_at is None:
        changed = amend(meeting, {"cancelled_at": scope.now})
        record(scope, ChangeKind.JOINT_MEETING_CANCELLED, meeting, changed)
    return meeting


def answer_meeting(scope: Scope[JointMeeting], body: AnswerCreate) -> JointMeeting:
    """Say whether the caller's partner comes.

    Raises: `joint_meeting.cancelled`, `joint_meeting.not_invited`, `joint_meeting.has_ended`.
    """
    meeting, actor = scope.row, scope.actor
    check_not_cancelled(is_cancelled=meeting.cancelled_at is not None)
    found = meetings.invitations(scope.session, meeting.id)
    own = found.get(actor.partner_id) if actor.partner_id is not None else None
    check_answerable(meeting.ends_at, scope.now, is_invited=own is not None)
    if own is not None and own.answer is not body.answer:
        said = {"answer": body.answer, "answered_at": scope.now, "answered_by_user_id": actor.user_id}
        record(scope, ChangeKind.JOINT_MEETING_ANSWERED, own, amend(own, said))
    return meeting
