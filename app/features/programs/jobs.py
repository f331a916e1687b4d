"""Whose description of a programme has nobody vouched for in a year? Its owner is asked, on Monday mornings."""

from email.message import EmailMessage

from app.features.access.guards import steward
from app.features.programs.actions import ask_for_assurance
from app.features.programs.queries import unassured
from app.kit.jobs import scheduled
from app.kit.mail import Undeliverable
from app.kit.runtime import Runtime
from app.kit.telemetry import log

JOB = "programs.askForAssurance"


@scheduled(JOB, "0 8 * * 1")
def ask(runtime: Runtime, trace_id: str) -> None:
    """Ask every owner of stale descriptions, each in a transaction of its own."""
    with steward(runtime, trace_id) as scope:
        partners = [*unassured(scope.session, scope.today)]
    for partner_id in partners:
        try:
            # Sent before it is noted: a letter may come twice after a crash, under the same id, but none is lost.
            with steward(runtime, trace_id) as scope:
                for letter in ask_for_assurance(scope, partner_id, runtime.mail_from):
                    _send(runtime, letter)
        except Exception as failed:  # noqa: BLE001  one owner must not keep the others waiting; next Monday comes
            facts = {"partnerId": str(partner_id), "why": type(failed).__name__}
            log.warning("assurance not asked for", extra={"facts": facts})


def _send(runtime: Runtime, letter: EmailMessage) -> None:
    try:
        runtime.mailer.send(letter)
    except Undeliverable:
        log.warning("letter refused", extra={"facts": {"job": JOB}})
