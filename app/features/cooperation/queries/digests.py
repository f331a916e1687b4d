"""Who has not read what, who wants to be told, and which digests are to go? For the scheduled job, but for one's own setting."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, case, func, or_, text
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from app.domain.cooperation import DigestChoice, Unread
from app.domain.reminders import LetterStatus
from app.features.access.scope import Scope
from app.features.access.tables import UserAccount
from app.features.cooperation.queries.allies import allies, is_colleague
from app.features.cooperation.tables import ChannelPost, ChannelReadMark, Digest, DigestSetting
from app.features.programs.tables import Program

LOCK = text("select pg_try_advisory_xact_lock(hashtextextended('digests', 0))")
UNSENT = (LetterStatus.QUEUED, LetterStatus.SENDING)
ByProgram = dict[UUID, Unread]


def own_setting(scope: Scope[Any]) -> DigestSetting | None:
    """The caller's setting, if they have made one, locked against a twin that changes it."""
    wanted = select(DigestSetting).where(DigestSetting.user_id == scope.actor.user_id)
    return scope.session.exec(wanted.with_for_update()).first()


def own_choice(scope: Scope[Any]) -> DigestChoice:
    """When the caller gets the digest."""
    wanted = select(DigestSetting).where(DigestSetting.user_id == scope.actor.user_id)
    setting = scope.session.exec(wanted).first()
    return DigestChoice.DAILY if setting is None else setting.digest


def is_first(scope: Scope[None]) -> bool:
    """May this transaction write the digests, or does another one at this moment?"""
    return bool(scope.session.scalar(LOCK))


def unread_by_user(scope: Scope[Any], user_id: UUID | None = None) -> dict[UUID, tuple[DigestChoice, ByProgram]]:
    """Of each colleague with a mailbox who has not turned it off (or this one): what is unread, by program."""
    user, post, mark = UserAccount, ChannelPost, ChannelReadMark
    within, choice = allies(scope.today), func.coalesce(DigestSetting.digest, DigestChoice.DAILY.value)
    is_mentioned = or_(
        col(user.id) == any_(col(post.mentioned_user_ids)),
        col(user.partner_id) == any_(col(post.mentioned_partner_ids)),
    )
    unread = and_(
        col(post.program_id) == within.c.program_id,
        col(post.author_user_id) != col(user.id),
        col(post.withdrawn_at).is_(None),
        col(post.number) > func.coalesce(mark.last_number, 0),
    )
    counted: Any = (
        columns(
            col(user.id),
            choice,
            within.c.program_id,
            func.count(),
            func.sum(case((is_mentioned, 1), else_=0)),
            func.max(post.number),
            func.coalesce(func.max(post.number).filter(is_mentioned), 0),
        )
        .select_from(user)
        .join(within, within.c.partner_id == col(user.partner_id))
        .outerjoin(mark, and_(col(mark.user_id) == col(user.id), col(mark.program_id) == within.c.program_id))
        .join(post, unread)
        .outerjoin(DigestSetting, col(DigestSetting.user_id) == col(user.id))
        .where(*is_colleague(), col(user.email).is_not(None), choice != DigestChoice.OFF.value)
        .group_by(col(user.id), choice, within.c.program_id)
    )
    if user_id is not None:
        counted = counted.where(col(user.id) == user_id)
    found: dict[UUID, tuple[DigestChoice, ByProgram]] = {}
    for one, wanted, program, posts, mentions, newest, newest_mention in scope.session.execute(counted):
        found.setdefault(one, (DigestChoice(wanted), {}))[1][program] = Unread(posts, mentions, newest, newest_mention)
    return found


def last_told(scope: Scope[None]) -> dict[UUID, dict[UUID, int]]:
    """Of each user the newest numbers that the last digest told of."""
    newest = select(Digest).ext(distinct_on(col(Digest.user_id)))
    rows = scope.session.exec(newest.order_by(col(Digest.user_id), col(Digest.digest_on).desc()))
    return {row.user_id: {UUID(program): number for program, number in row.told.items()} for row in rows}


def settled(scope: Scope[None]) -> frozenset[UUID]:
    """The users who have had today's digest, or to whom one is under way."""
    wanted = select(Digest.user_id).where(or_(col(Digest.digest_on) == scope.today, col(Digest.status).in_(UNSENT)))
    return frozenset(scope.session.exec(wanted))


def next_digest(session: Session, now: datetime) -> Digest | None:
    """A digest whose turn it is, locked; those that another worker holds are passed over."""
    found = select(Digest).where(col(Digest.status).in_(UNSENT), Digest.next_at <= now)
    return session.exec(found.order_by(col(Digest.next_at)).limit(1).with_for_update(skip_locked=True)).first()


def address_of(session: Session, user_id: UUID) -> str | None:
    """The reader's address; None: nobody reads there any more."""
    return session.exec(select(UserAccount.email).where(UserAccount.id == user_id, *is_colleague())).first()


def program_names(session: Session, programs: Collection[UUID]) -> dict[UUID, str]:
    return dict(session.exec(select(Program.id, Program.name).where(col(Program.id).in_(programs))).all())
