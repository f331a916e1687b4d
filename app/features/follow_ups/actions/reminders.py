"""How is a reminder decided once, and its letter sent until the mail server has it?

Decided: reminders and their letter are written in one transaction, each reminder once by a unique index. Sent: a letter
is claimed, given to the server outside any transaction, and noted. Whoever dies in between leaves a claim that runs out;
the next try carries the same Message-ID.
"""

from collections import defaultdict
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.reminders import TO_THE_ANSWERING, Item, LetterKind, LetterStatus, Rung, language_of, rung_on, write
from app.domain.roles import Level
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.queries import reminders as queries
from app.features.follow_ups.tables import FollowUp, Letter, Reminder
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.columns import amend
from app.kit.mail import compose

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=5)
"""After each failed try it is twice as long; also how long a claim lasts."""


def remind_in_program(scope: Scope[Program]) -> list[Letter]:
    """Write the reminders of a program that are due today and have not been written, and the letters that carry them."""
    if not queries.is_first(scope):
        return []
    profile, waiting = profile_of(scope.row), queries.waiting(scope)
    told = queries.told(scope.session, [one.row.id for one in waiting])
    staff = {level: queries.followers(scope, level) for level in Level}
    bundles: dict[tuple[UUID, LetterKind], list[tuple[FollowUp, Rung]]] = defaultdict(list)
    for one in waiting:
        rung = rung_on(one.row.due_on, scope.today, profile, one.row.lead_days)
        if rung is None or (one.row.id, one.row.due_on, rung) in told:
            continue
        own = one.user_id if rung in TO_THE_ANSWERING else None
        for user_id in [own] if own else _staff_for(rung, staff):
            bundles[user_id, LetterKind.of(rung, is_own=own is not None)].append((one.row, rung))
    return [_write(scope, user_id, kind, bundle) for (user_id, kind), bundle in bundles.items()]


def _staff_for(rung: Rung, staff: dict[Level, list[UUID]]) -> list[UUID]:
    """Whoever supports is asked first. What nobody else can answer is the accountable partner's when nobody supports."""
    if rung is Rung.ACCOUNTABLE or (rung in TO_THE_ANSWERING and not staff[Level.SUPPORTING]):
        return staff[Level.ACCOUNTABLE]
    return staff[Level.SUPPORTING]


def _write(scope: Scope[Program], user_id: UUID, kind: LetterKind, bundle: list[tuple[FollowUp, Rung]]) -> Letter:
    letter = Letter(user_id=user_id, program_id=scope.row.id, kind=kind, next_at=scope.now)
    scope.session.add(letter)
    scope.session.flush()
    for row, rung in bundle:
        reminder = Reminder.model_validate(
            {
                "program_id": row.program_id,
                "follow_up_id": row.id,
                "participant_id": row.participant_id,
                "mentor_participant_id": row.mentor_participant_id,
                "mentee_participant_id": row.mentee_participant_id,
                "due_on": row.due_on,
                "rung": rung,
                "user_id": user_id,
                "letter_id": letter.id,
            }
        )
        scope.session.add(reminder)
        record(scope, ChangeKind.FOLLOW_UP_REMINDED, reminder)
    return letter


def claim_letter(scope: Scope[Any], sender: str) -> tuple[UUID, EmailMessage | None] | None:
    """Take the next letter and write it as things stand now; None when no letter waits.

    Without text when nothing of what it would tell is still true: answered meanwhile, the reader gone, somebody protected.
    """
    letter = queries.next_letter(scope.session, scope.now)
    if letter is None:
        return None
    if letter.attempts >= MOST_ATTEMPTS:
        amend(letter, {"status": LetterStatus.FAILED})
        return letter.id, None
    said = _text(scope, letter, sender)
    if said is None:
        amend(letter, {"status": LetterStatus.DROPPED})
        return letter.id, None
    pause = FIRST_PAUSE * 2**letter.attempts
    amend(
        letter,
        {"status": LetterStatus.SENDING, "attempts": letter.attempts + 1, "next_at": scope.now + pause},
    )
    return letter.id, said


def _text(scope: Scope[Any], letter: Letter, sender: str) -> EmailMessage | None:
    about = scope.about(scope.session.get_one(Program, letter.program_id))
    address, skills = queries.reader(scope.session, letter)
    carried = {one.follow_up_id: one.due_on for one in queries.carried_by(scope.session, letter)}
    items = [
        Item(one.row.kind, one.row.due_on)
        for one in queries.waiting(about, of=carried)
        if one.row.due_on == carried[one.row.id] and _still_concerns(about, letter, one)
    ]
    if address is None or not items:
        return None
    told = write(letter.kind, language_of(skills), items, about.row.name, scope.today)
    return compose(sender=sender, to=address, subject=told.subject, body=told.body, key=str(letter.id), at=scope.now)


def _still_concerns(scope: Scope[Program], letter: Letter, one: queries.Waiting) -> bool:
    """Is the follow-up still the reader's: their own, or one of a program where their partner holds the duty?"""
    if letter.kind is LetterKind.ANSWERING:
        return one.user_id == letter.user_id
    return any(letter.user_id in queries.followers(scope, level) for level in Level)


def note_letter(scope: Scope[Any], letter_id: UUID, status: LetterStatus) -> None:
    """Write down what became of a letter that was given to the mail server."""
    letter = scope.session.get_one(Letter, letter_id, with_for_update=True)
    amend(letter, {"status": status, "sent_at": scope.now if status is LetterStatus.SENT else None})
