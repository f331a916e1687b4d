"""How is something said in a program's channel, edited, taken back and marked as read?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from app.domain.changes import ChangeKind
from app.domain.cooperation import (
    PostKind,
    check_link,
    check_mentions,
    check_not_withdrawn,
    check_replied,
    read_until,
)
from app.domain.errors import RuleViolation
from app.features.access.scope import Scope
from app.features.agreements.queries import lock_program
from app.features.changes.actions import record
from app.features.cooperation.queries import allies, posts
from app.features.cooperation.schemas import Link, PostCreate, PostPatch, ReadMarkUpdate, ReplyCreate
from app.features.cooperation.tables import ChannelPost, ChannelPostVersion, ChannelReadMark
from app.features.programs.tables import Program
from app.kit.columns import amend


def publish_post(scope: Scope[Program], body: PostCreate) -> ChannelPost:
    """Say something in the channel.

    Raises: `channel_post.meeting_unknown`, `channel_post.mention_outside`, `link.not_https`.
    """
    meeting_id = body.joint_meeting_id
    if meeting_id is not None and posts.meeting_in(scope.session, scope.row.id, meeting_id) is None:
        raise RuleViolation("channel_post.meeting_unknown", pointer="/jointMeetingId")
    own = {"kind": PostKind(body.kind.value), "joint_meeting_id": meeting_id}
    return _publish(scope, scope.row.id, body, own)


def reply(scope: Scope[ChannelPost], body: ReplyCreate) -> ChannelPost:
    """Reply to a post.

    Raises: `channel_post.reply_to_reply`, `channel_post.withdrawn`, `channel_post.mention_outside`, `link.not_https`.
    """
    above = scope.row
    check_replied(above.kind, is_withdrawn=above.withdrawn_at is not None)
    own = {"kind": PostKind.REPLY, "reply_to_id": above.id, "joint_meeting_id": above.joint_meeting_id}
    return _publish(scope, above.program_id, body, own)


def _publish(scope: Scope[Any], program_id: UUID, body: ReplyCreate, own: dict[str, Any]) -> ChannelPost:
    """Whoever posts in a program queues up, so that numbers follow the order in which readers come to see them."""
    _check_mentions(scope, program_id, body)
    _check_links(body.links)
    lock_program(scope.session, program_id)
    post = ChannelPost.model_validate(
        {
            **own,
            "program_id": program_id,
            "number": posts.next_number(scope.session, program_id),
            "partner_id": scope.actor.partner_id,
            "author_user_id": scope.actor.user_id,
            "body": body.body,
            "links": [link.model_dump() for link in body.links],
            "mentioned_user_ids": list(dict.fromkeys(body.mentioned_user_ids)),
            "mentioned_partner_ids": list(dict.fromkeys(body.mentioned_partner_ids)),
        }
    )
    scope.session.add(post)
    record(scope, ChangeKind.CHANNEL_POST_PUBLISHED, post)
    return post


def _check_mentions(scope: Scope[Any], program_id: UUID, body: ReplyCreate) -> None:
    users, partners = body.mentioned_user_ids, body.mentioned_partner_ids
    if users:
        inside = allies.colleagues_among(scope.session, users, program_id, scope.today)
        check_mentions(users, inside, "/mentionedUserIds")
    if partners:
        check_mentions(partners, allies.partners_in(scope.session, program_id, scope.today), "/mentionedPartnerIds")


def _check_links(links: Sequence[Link]) -> None:
    for place, link in enumerate(links):
        check_link(link.url, f"/links/{place}/url")


def edit_post(scope: Scope[ChannelPost], body: PostPatch) -> ChannelPost:
    """Say it otherwise; what it said is kept. Raises: `channel_post.withdrawn`, `link.not_https`."""
    post = scope.row
    check_not_withdrawn(is_withdrawn=post.withdrawn_at is not None)
    _check_links(body.links or [])
    before = {"post_id": post.id, "number": post.revision, "replaced_at": scope.now}
    before |= post.model_dump(include={"program_id", "body", "links"})
    changed = amend(post, body)
    if changed:
        scope.session.add(ChannelPostVersion.model_validate(before))
        amend(post, {"revision": post.revision + 1, "edited_at": scope.now})
        record(scope, ChangeKind.CHANNEL_POST_EDITED, post, changed)
    return post


def withdraw_post(scope: Scope[ChannelPost]) -> ChannelPost:
    """Take it back: its place stays, what it said is gone, also from its history. Twice is once."""
    post = scope.row
    if post.withdrawn_at is not None:
        return post
    scope.session.execute(delete(ChannelPostVersion).where(col(ChannelPostVersion.post_id) == post.id))
    gone = {"body": "", "links": [], "mentioned_user_ids": [], "mentioned_partner_ids": []}
    record(scope, ChangeKind.CHANNEL_POST_WITHDRAWN, post, amend(post, {**gone, "withdrawn_at": scope.now}))
    return post


def mark_read(scope: Scope[Program], body: ReadMarkUpdate) -> ChannelReadMark:
    """Note how far the caller has read: never back, never beyond the newest post. The guard holds the program."""
    mark = posts.own_mark(scope)
    if mark is None:
        mark = ChannelReadMark(user_id=scope.actor.user_id, program_id=scope.row.id)
        scope.session.add(mark)
    newest = posts.newest_number(scope.session, scope.row.id)
    amend(mark, {"last_number": read_until(body.last_read_number, mark.last_number, newest)})
    return mark
