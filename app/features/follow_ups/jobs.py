"""Who is reminded when a follow-up waits? Every ten minutes of the day, Swedish time; nobody is woken at night.

Looks for what there is to do and does not ask which tick it is: a missed tick, or two workers at once, change nothing.
"""

from collections.abc import Callable
from email.message import EmailMessage
from uuid import UUID

from app.domain.reminders import LetterStatus
from app.features.access.guards import steward
from app.features.access.scope import Scope
from app.features.follow_ups.actions.reminders import claim_letter, note_letter, remind_in_program
from app.features.follow_ups.queries.reminders import programs_to_remind
from app.features.programs.tables import Program
from app.kit.jobs import scheduled
from app.kit.mail import Undeliverable
from app.kit.runtime import Runtime
from app.kit.telemetry import log

JOB = "followUps.remind"
MOST_LETTERS = 500
"""In one tick: what is left goes with the next."""


@scheduled(JOB, "*/10 6-19 * * *")
def remind(runtime: Runtime, trace_id: str) -> None:
    """Write the reminders that are due, a transaction for each program, and send the letters that wait."""
    with steward(runtime, trace_id) as scope:
        programs = programs_to_remind(scope)
    for program_id in programs:
        try:
            _remind(runtime, trace_id, program_id)
        except Exception:  # noqa: BLE001  one program must not keep the others waiting
            log.exception("reminders not written", extra={"facts": {"programId": str(program_id)}})
    send_waiting(runtime, trace_id, lambda scope: claim_letter(scope, runtime.mail_from), note_letter)


def _remind(runtime: Runtime, trace_id: str, program_id: UUID) -> None:
    with steward(runtime, trace_id) as scope:
        remind_in_program(scope.about(scope.session.get_one(Program, program_id)))


Claim = Callable[[Scope[None]], tuple[UUID, EmailMessage | None] | None]
"""Takes the next letter, and writes it unless there is nothing to tell any more; None when no letter waits."""
Note = Callable[[Scope[None], UUID, LetterStatus], None]


def send_waiting(runtime: Runtime, trace_id: str, claim: Claim, note: Note) -> None:
    """Send the letters that wait, each claimed and noted in transactions of its own, so many in one tick."""
    for _ in range(MOST_LETTERS):
        if not _send_next(runtime, trace_id, claim, note):
            return


def _send_next(runtime: Runtime, trace_id: str, claim: Claim, note: Note) -> bool:
    """Send one letter; False when none waits. What fails for now is tried again when its claim has run out."""
    with steward(runtime, trace_id) as scope:
        claimed = claim(scope)
    if claimed is None:
        return False
    letter_id, letter = claimed
    if letter is None:
        return True
    try:
        runtime.mailer.send(letter)
    except Undeliverable:
        became = LetterStatus.FAILED
        log.warning("letter refused", extra={"facts": {"letterId": str(letter_id)}})
    except Exception as failed:  # noqa: BLE001  whatever the mail server does, the next letter may go
        # The class only: what a server says may repeat the address.
        log.warning("letter not sent", extra={"facts": {"letterId": str(letter_id), "why": type(failed).__name__}})
        return True
    else:
        became = LetterStatus.SENT
    with steward(runtime, trace_id) as scope:
        note(scope, letter_id, became)
    return True
