"""How is a digest asked for or declined, decided once a day, and sent until the mail server has it?

Decided: one for each user and day, by a unique index. Sent: claimed, given to the server outside any transaction, and noted, as
letters of reminders are (docs/adr/0019). Whoever dies in between leaves a claim that runs out; the next try carries the
same Message-ID.
"""

from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.cooperation import DIGEST_HOURS, DigestChoice, is_digest_due
from app.domain.digests import Line, write_digest
from app.domain.reminders import LetterStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.cooperation.queries import digests as queries
from app.features.cooperation.tables import Digest, DigestSetting
from app.features.follow_ups.actions.reminders import FIRST_PAUSE, MOST_ATTEMPTS
from app.kit.clock import STOCKHOLM
from app.kit.columns import amend
from app.kit.mail import compose


def set_digest(scope: Scope[None], choice: DigestChoice) -> DigestSetting:
    """Say when the caller wants the digest. Twins are refused by the unique index and may send the same again."""
    setting = queries.own_setting(scope)
    if setting is None:
        setting = DigestSetting(user_id=scope.actor.user_id, digest=choice)
        scope.session.add(setting)
        record(scope, ChangeKind.DIGEST_SET, setting)
    elif changed := amend(setting, {"digest": choice}):
        record(scope, ChangeKind.DIGEST_SET, setting, changed)
    return setting


def is_time(now: datetime) -> bool:
    """Is it morning in Sweden, when the day's digests are written?"""
    return now.astimezone(STOCKHOLM).hour in DIGEST_HOURS


def write_digests(scope: Scope[None]) -> list[Digest]:
    """Decide the day's digests that nobody has decided yet; one that is still under way keeps its successor waiting."""
    if not is_time(scope.now) or not queries.is_first(scope):
        return []
    told, settled = queries.last_told(scope), queries.settled(scope)
    made = []
    for user_id, (choice, unread) in queries.unread_by_user(scope).items():
        if user_id not in settled and is_digest_due(choice, unread, told.get(user_id, {})):
            newest = told.get(user_id, {}) | {program: one.newest for program, one in unread.items()}
            by_program = {str(program): number for program, number in newest.items()}
            made.append(Digest(user_id=user_id, digest_on=scope.today, told=by_program, next_at=scope.now))
    scope.session.add_all(made)
    return made


def claim_digest(scope: Scope[Any], sender: str, address: str) -> tuple[UUID, EmailMessage | None] | None:
    """Take the next digest and write it as things stand now; None when none waits.

    Without text when there is nothing to tell any more: read meanwhile, turned off, or the reader has left.
    """
    digest = queries.next_digest(scope.session, scope.now)
    if digest is None:
        return None
    if digest.attempts >= MOST_ATTEMPTS:
        amend(digest, {"status": LetterStatus.FAILED})
        return digest.id, None
    letter = _text(scope, digest, sender, address)
    if letter is None:
        amend(digest, {"status": LetterStatus.DROPPED})
        return digest.id, None
    pause = FIRST_PAUSE * 2**digest.attempts
    amend(digest, {"status": LetterStatus.SENDING, "attempts": digest.attempts + 1, "next_at": scope.now + pause})
    return digest.id, letter


def _text(scope: Scope[Any], digest: Digest, sender: str, address: str) -> EmailMessage | None:
    choice, unread = queries.unread_by_user(scope, digest.user_id).get(digest.user_id, (DigestChoice.OFF, {}))
    to = queries.address_of(scope.session, digest.user_id)
    if to is None or not is_digest_due(choice, unread, {}):
        return None
    names = queries.program_names(scope.session, unread)
    lines = [
        Line(names[program], f"{address}/programs/{program}/channel-posts", one.posts, one.mentions)
        for program, one in unread.items()
    ]
    told = write_digest(lines)
    return compose(sender=sender, to=to, subject=told.subject, body=told.body, key=str(digest.id), at=scope.now)


def note_digest(scope: Scope[Any], digest_id: UUID, status: LetterStatus) -> None:
    """Write down what became of a digest that was given to the mail server."""
    digest = scope.session.get_one(Digest, digest_id, with_for_update=True)
    amend(digest, {"status": status, "sent_at": scope.now if status is LetterStatus.SENT else None})
