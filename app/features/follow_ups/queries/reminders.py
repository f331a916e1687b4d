"""Which follow-ups wait, who is to be reminded of them, and which letters are to go?

For the scheduled job only. Nothing here tells of people with a protected identity, or of those who have withdrawn the
consent that the program rests on: of them nobody gets a letter, nor does anybody about them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, text
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.reminders import LetterStatus, Rung
from app.domain.roles import Level, Responsibility, Role
from app.features.access.queries import in_force_on
from app.features.access.scope import Scope
from app.features.access.tables import Concealment, ResponsibilityAssignment, UserAccount
from app.features.follow_ups.queries.follow_ups import is_worth_making
from app.features.follow_ups.tables import FollowUp, Letter, Reminder
from app.features.participants.tables import Participant
from app.features.programs.tables import Program

MOST_AHEAD = timedelta(days=30)
LOCK = text("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))")


def _is_unconcealed() -> ColumnElement[bool]:
    about = (FollowUp.participant_id, FollowUp.mentor_participant_id, FollowUp.mentee_participant_id)
    hidden = exists().where(
        col(Concealment.participant_id).in_([col(one) for one in about]),
        or_(
            col(Concealment.kind).in_([Concealing.PROTECTED_IDENTITY, Concealing.RESTRICTED]),
            and_(
                col(Concealment.kind) == Concealing.WITHDRAWN_CONSENT,
                col(Concealment.program_id) == col(FollowUp.program_id),
            ),
        ),
    )
    return ~hidden


def _may_be_told(today: date) -> list[ColumnElement[bool]]:
    return [is_worth_making(), _is_unconcealed(), col(FollowUp.due_on) <= today + MOST_AHEAD]


def programs_to_remind(scope: Scope[Any]) -> Sequence[UUID]:
    """The programs where something waits."""
    return scope.session.exec(select(FollowUp.program_id).where(*_may_be_told(scope.today)).distinct()).all()


def is_first(scope: Scope[Program]) -> bool:
    """May this transaction write the program's reminders, or does another one at this moment?"""
    return bool(scope.session.scalar(LOCK, {"key": f"reminders:{scope.row.id}"}))


@dataclass(frozen=True)
class Waiting:
    """A follow-up that waits, and the login of the person who is to answer it (None: it is for staff to ask)."""

    row: FollowUp
    user_id: UUID | None


def waiting(scope: Scope[Program], of: Collection[UUID] | None = None) -> list[Waiting]:
    """What waits in a program and has not come to the end of the ladder; with `of`, of these follow-ups all that wait."""
    found = (
        select(FollowUp, UserAccount.id)
        .outerjoin(Participant, col(Participant.id) == col(FollowUp.participant_id))
        .outerjoin(UserAccount, and_(col(UserAccount.id) == col(Participant.user_id), _has_a_box()))
        .where(FollowUp.program_id == scope.row.id, *_may_be_told(scope.today))
        .order_by(col(FollowUp.due_on), col(FollowUp.id))
    )
    if of is None:
        at_the_end = exists().where(
            col(Reminder.follow_up_id) == col(FollowUp.id),
            col(Reminder.due_on) == col(FollowUp.due_on),
            col(Reminder.rung) == Rung.ACCOUNTABLE,
        )
        found = found.where(~at_the_end)
    else:
        found = found.where(col(FollowUp.id).in_(of))
    return [Waiting(row, user_id) for row, user_id in scope.session.exec(found)]


def _has_a_box() -> ColumnElement[bool]:
    return and_(~col(UserAccount.is_locked), col(UserAccount.email).is_not(None))


def told(session: Session, follow_ups: Collection[UUID]) -> set[tuple[UUID, date, Rung]]:
    """What of these has been reminded of already: follow-up, day, rung."""
    found = select(Reminder).where(col(Reminder.follow_up_id).in_(follow_ups))
    return {(one.follow_up_id, one.due_on, one.rung) for one in session.exec(found)}


def followers(scope: Scope[Program], level: Level) -> list[UUID]:
    """The coordinators of the partners that hold `followUpMatches` so; of a partner without any, its case handlers."""
    held = ResponsibilityAssignment
    partners = select(held.partner_id).where(
        held.program_id == scope.row.id,
        held.duty == Responsibility.FOLLOW_UP_MATCHES,
        held.level == level,
        in_force_on(scope.today),
    )
    wanted = select(UserAccount).where(
        col(UserAccount.partner_id).in_(partners),
        col(UserAccount.role).in_([Role.COORDINATOR, Role.CASE_HANDLER]),
        _has_a_box(),
    )
    found = scope.session.exec(wanted.order_by(col(UserAccount.id))).all()
    coordinated = {one.partner_id for one in found if one.role is Role.COORDINATOR}
    return [one.id for one in found if one.role is Role.COORDINATOR or one.partner_id not in coordinated]


def next_letter(session: Session, now: datetime) -> Letter | None:
    """A letter whose turn it is, locked; letters that another worker holds are passed over."""
    unsent = (LetterStatus.QUEUED, LetterStatus.SENDING)
    found = select(Letter).where(col(Letter.status).in_(unsent), Letter.next_at <= now)
    return session.exec(found.order_by(col(Letter.next_at)).limit(1).with_for_update(skip_locked=True)).first()


def carried_by(session: Session, letter: Letter) -> Sequence[Reminder]:
    """The reminders that a letter carries."""
    return session.exec(select(Reminder).where(Reminder.letter_id == letter.id)).all()


def reader(session: Session, letter: Letter) -> tuple[str | None, Sequence[dict[str, Any]]]:
    """The address of a letter's reader, and which languages they speak; no address: nobody reads there any more."""
    address = session.exec(select(UserAccount.email).where(UserAccount.id == letter.user_id, _has_a_box())).first()
    skills = session.exec(select(Participant.languages).where(Participant.user_id == letter.user_id)).first()
    return address, skills or []
