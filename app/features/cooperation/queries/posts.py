"""Which posts are there in a program's channel, and which of them has the caller not read?"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid
from sqlmodel import Session, col, func, select

from app.domain.access import Actor
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.cooperation.queries.allies import names_of_authors
from app.features.cooperation.schemas import PostQuery, PostRead, ReadMarkRead
from app.features.cooperation.tables import ChannelPost, ChannelPostVersion, ChannelReadMark, JointMeeting
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.pages import PageQuery

Mark = ChannelReadMark


def posts(scope: Scope[Program], query: PostQuery) -> tuple[list[PostRead], int]:
    """One page of the posts and replies of a channel, newest first, and how many there are."""
    wanted = [col(ChannelPost.program_id) == scope.row.id, visible(ChannelPost, scope.actor)]
    if query.kind is not None:
        wanted += [col(ChannelPost.kind) == query.kind]
    if query.joint_meeting_id is not None:
        wanted += [col(ChannelPost.joint_meeting_id) == query.joint_meeting_id]
    if query.is_unread is not None:
        wanted += [is_unread(scope.actor) if query.is_unread else ~is_unread(scope.actor)]
    if query.mentions_me is not None:
        wanted += [mentions(scope.actor) if query.mentions_me else ~mentions(scope.actor)]
    return _page(scope, wanted, query, col(ChannelPost.number).desc())


def replies(scope: Scope[ChannelPost], query: PageQuery) -> tuple[list[PostRead], int]:
    """One page of the replies to a post, oldest first, and how many there are."""
    wanted = [col(ChannelPost.reply_to_id) == scope.row.id, visible(ChannelPost, scope.actor)]
    return _page(scope, wanted, query, col(ChannelPost.number))


def _page(
    scope: Scope[Any], wanted: list[ColumnElement[bool]], query: PageQuery, order: Any
) -> tuple[list[PostRead], int]:
    total = scope.session.exec(select(func.count()).select_from(ChannelPost).where(*wanted)).one()
    ordered = select(ChannelPost).where(*wanted).order_by(order)
    found = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return told(scope, found), total


def versions(scope: Scope[ChannelPost]) -> Select[Any]:
    """What a post said before it was edited."""
    return select(ChannelPostVersion).where(
        ChannelPostVersion.post_id == scope.row.id, visible(ChannelPostVersion, scope.actor)
    )


def told(scope: Scope[Any], rows: Sequence[ChannelPost]) -> list[PostRead]:
    """The posts as the caller reads them; the number of statements does not depend on how many there are."""
    session, ids = scope.session, [row.id for row in rows]
    session.flush()
    authors = names_of_authors(session, {row.author_user_id for row in rows})
    partners = _partner_names(session, {row.partner_id for row in rows})
    counts = _reply_counts(session, ids)
    own = columns(ChannelPost.id, is_unread(scope.actor), mentions(scope.actor)).where(col(ChannelPost.id).in_(ids))  # type: ignore[call-overload]  # columns of a table
    mine = {row[0]: (row[1], row[2]) for row in session.execute(own)}
    return [
        PostRead.model_validate(
            {
                **row.model_dump(include=set(PostRead.model_fields)),
                "author_name": authors.get(row.author_user_id),
                "partner_name": partners[row.partner_id],
                "reply_count": counts.get(row.id, 0),
                "is_unread": mine[row.id][0],
                "mentions_me": mine[row.id][1],
            }
        )
        for row in rows
    ]


def _partner_names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(session.exec(select(Partner.id, Partner.name).where(col(Partner.id).in_(ids))).all())


def _reply_counts(session: Session, ids: Collection[UUID]) -> dict[Any, int]:
    counted = (
        select(ChannelPost.reply_to_id, func.count())
        .where(col(ChannelPost.reply_to_id).in_(ids), col(ChannelPost.withdrawn_at).is_(None))
        .group_by(col(ChannelPost.reply_to_id))
    )
    return dict(session.exec(counted).all())


def is_unread(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor has not read a post: not their own, not withdrawn, behind their mark."""
    mark = (
        select(Mark.last_number)
        .where(Mark.user_id == actor.user_id, Mark.program_id == ChannelPost.program_id)
        .correlate(ChannelPost)
        .scalar_subquery()
    )
    return and_(
        col(ChannelPost.number) > func.coalesce(mark, 0),
        col(ChannelPost.author_user_id) != actor.user_id,
        col(ChannelPost.withdrawn_at).is_(None),
    )


def mentions(actor: Actor) -> ColumnElement[bool]:
    """The condition that a post mentions the actor, or the actor's partner."""
    ways = [_holds(ChannelPost.mentioned_user_ids, actor.user_id)]
    if actor.partner_id is not None:
        ways.append(_holds(ChannelPost.mentioned_partner_ids, actor.partner_id))
    return or_(*ways)


def _holds(ids: Any, one: UUID) -> ColumnElement[bool]:
    held: ColumnElement[bool] = col(ids).contains(literal([one], ARRAY(Uuid)))
    return held


def next_number(session: Session, program_id: UUID) -> int:
    """The number of the channel's next post; the caller holds the lock on the program."""
    return 1 + newest_number(session, program_id)


def newest_number(session: Session, program_id: UUID) -> int:
    newest = select(func.coalesce(func.max(ChannelPost.number), 0)).where(ChannelPost.program_id == program_id)
    return session.exec(newest).one()


def own_mark(scope: Scope[Program]) -> ChannelReadMark | None:
    """The caller's mark in this channel, if there is one."""
    wanted = select(Mark).where(Mark.user_id == scope.actor.user_id, Mark.program_id == scope.row.id)
    return scope.session.exec(wanted).first()


def read_state(scope: Scope[Program]) -> ReadMarkRead:
    """How far the caller has read, and how much is left."""
    session, mark = scope.session, own_mark(scope)
    unread = case((is_unread(scope.actor), 1), else_=0)
    mentioned = case((and_(is_unread(scope.actor), mentions(scope.actor)), 1), else_=0)
    counted: Any = columns(
        func.coalesce(func.max(ChannelPost.number), 0),
        func.coalesce(func.sum(unread), 0),
        func.coalesce(func.sum(mentioned), 0),
    ).where(col(ChannelPost.program_id) == scope.row.id, visible(ChannelPost, scope.actor))
    newest, posts_left, mentions_left = session.execute(counted).one()
    return ReadMarkRead(
        last_read_number=mark.last_number if mark else 0,
        newest_number=newest,
        unread_count=posts_left,
        unread_mention_count=mentions_left,
    )


def meeting_in(session: Session, program_id: UUID, meeting_id: UUID) -> JointMeeting | None:
    """The joint meeting with this id, when it is the program's."""
    wanted = select(JointMeeting).where(JointMeeting.id == meeting_id, JointMeeting.program_id == program_id)
    return session.exec(wanted).first()
