"""What does the certificate of a training record say, and how does it become a page?"""

from sqlmodel import col, select

from app.domain.certificates import Certificate, template
from app.domain.errors import RuleViolation
from app.domain.glossary import TrainingTopic
from app.domain.grants import DUTIES_OF_SIDE, GRANTS, SIDED
from app.domain.roles import Permission
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope, refusal
from app.features.access.tables import UserAccount
from app.features.access.visible import visible
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.features.training.tables import TrainingRecord, TrainingSession
from app.kit.pdf import UnprintableError, typeset


def certificate(scope: Scope[TrainingRecord]) -> Certificate:
    """The facts of the certificate. It bears the person's name, so the caller must also see the person.

    Raises: 403 naming who may; `training.revoked`, `certificate.no_name`.
    """
    record = scope.row
    if record.revoked_at is not None:
        raise RuleViolation("training.revoked")
    person = _person(scope)
    if person.is_anonymous:
        raise RuleViolation("certificate.no_name")
    return Certificate(
        id=record.id,
        name=f"{person.given_name} {person.family_name}",
        course=record.title,
        topics=[TrainingTopic(topic) for topic in record.topics],
        minutes=record.minutes,
        completed_on=record.completed_on,
        program=scope.session.get_one(Program, record.program_id).name,
        issuer=_issuer(scope),
    )


def certificate_pdf(scope: Scope[TrainingRecord], language: str) -> bytes:
    """The certificate as PDF/UA-1 in `sv` or `en`. Raises as `certificate`, and `certificate.not_printable`."""
    said = certificate(scope).said_in(language)
    try:
        return typeset(template(), said, scope.row.updated_at)
    except UnprintableError:
        raise RuleViolation("certificate.not_printable") from None


def _person(scope: Scope[TrainingRecord]) -> Participant:
    record = scope.row
    wanted = select(Participant).where(Participant.id == record.participant_id, visible(Participant, scope.actor))
    found = scope.session.exec(wanted).first()
    if found is None:
        reading = GRANTS[Permission.PARTICIPANT_READ].duties
        duties = {duty for duty in reading if duty not in SIDED or duty in DUTIES_OF_SIDE[record.side]}
        raise refusal(scope.session, record.program_id, duties, scope.today)
    return found


@looks_beyond_reach
def _issuer(scope: Scope[TrainingRecord]) -> str:
    """Who held the session that completed the course, else whose staff recorded the training."""
    record = scope.row
    recorder = select(UserAccount.partner_id).where(UserAccount.id == record.recorded_by_user_id)
    holder = select(TrainingSession.partner_id).where(TrainingSession.id == record.session_id)
    source = recorder if record.session_id is None else holder
    return scope.session.exec(select(Partner.name).where(col(Partner.id).in_(source))).one()
