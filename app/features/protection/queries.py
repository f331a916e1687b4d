"""Which clearances are there, and where is a person named whose identity becomes protected?"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, Uuid, column, false, func, or_, table
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.grants import HANDLERS
from app.domain.lifecycles import ClearanceStatus, ReferralStatus, RunStatus
from app.domain.roles import Role
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment, Guarded, UserAccount
from app.features.access.visible import visible
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.protection.schemas import ClearanceQuery
from app.features.protection.tables import Clearance
from app.kit.columns import INSTANT, JSON

# Tables of later slices are named, not imported: protection lies below them.
ENROLMENT = table("enrolment", column("id", Uuid), column("participant_id", Uuid), column("cohort_id", Uuid))
RUN = table(
    "match_run",
    column("id", Uuid),
    column("version", Integer),
    column("updated_at", INSTANT),
    column("program_id", Uuid),
    column("cohort_id", Uuid),
    column("status", String),
    column("finished_at", INSTANT),
    column("rejection_reason", String),
    column("clearance_needed", ARRAY(Uuid)),
)
REFERRAL = table(
    "referral",
    column("id", Uuid),
    column("version", Integer),
    column("updated_at", INSTANT),
    column("program_id", Uuid),
    column("participant_id", Uuid),
    column("status", String),
    column("snapshot", JSON),
)
EXPORT = table("data_export", column("participant_id", Uuid))
CERTIFICATE = table("match_run_certificate", column("run_id", Uuid), column("mentees", JSONB), column("mentors", JSONB))


def clearances(scope: Scope[Partner], query: ClearanceQuery) -> tuple[Sequence[Clearance], int]:
    """One page of the clearances for a partner's protected people, the latest first, and how many there are."""
    wanted = [col(Clearance.partner_id) == scope.row.id, visible(Clearance, scope.actor)]
    if query.status is not None:
        wanted.append(col(Clearance.status) == query.status)
    total = scope.session.exec(select(func.count()).select_from(Clearance).where(*wanted)).one()
    latest = select(Clearance).where(*wanted).order_by(col(Clearance.id).desc())
    return scope.session.exec(latest.limit(query.limit).offset((query.page - 1) * query.limit)).all(), total


@looks_beyond_reach
def clearable(session: Session, user_id: UUID) -> UserAccount | None:
    """The user with this id, when it may have to do with people by name or by log, and is not locked; of any partner."""
    wanted = select(UserAccount).where(
        UserAccount.id == user_id,
        col(UserAccount.role).in_(HANDLERS | {Role.PRIVACY_OFFICER}),
        col(UserAccount.is_locked).is_(False),
    )
    return session.exec(wanted).first()


def lock_approved(scope: Scope[Clearance]) -> Sequence[Clearance]:
    """The other clearances of the same user for the same partner that are approved, locked."""
    row = scope.row
    wanted = select(Clearance).where(
        Clearance.partner_id == row.partner_id,
        Clearance.user_id == row.user_id,
        Clearance.status == ClearanceStatus.APPROVED,
        Clearance.id != row.id,
    )
    return scope.session.exec(wanted.order_by(col(Clearance.id)).with_for_update(key_share=True)).all()


def protecting(session: Session, person: Participant) -> Concealment | None:
    """What keeps the protected person from those who are not cleared."""
    wanted = select(Concealment).where(
        Concealment.participant_id == person.id, Concealment.kind == Concealing.PROTECTED_IDENTITY
    )
    return session.exec(wanted).first()


@looks_beyond_reach
def lock_runs_around(session: Session, person: Participant) -> list[UUID]:
    """The matching runs over the person's cohorts, locked: what a job or an approval stores waits, or is seen after."""
    cohorts = select_columns(ENROLMENT.c.cohort_id).where(ENROLMENT.c.participant_id == person.id)
    wanted = select_columns(RUN.c.id).where(RUN.c.cohort_id.in_(cohorts)).order_by(RUN.c.id)
    return list(session.scalars(wanted.with_for_update(key_share=True)))


@looks_beyond_reach
def runs_in(session: Session, among: Sequence[UUID], status: RunStatus) -> list[UUID]:
    """Those of the runs that stand in this state."""
    return list(session.scalars(select_columns(RUN.c.id).where(RUN.c.id.in_(among), RUN.c.status == status.value)))


@looks_beyond_reach
def unanswered_referrals(session: Session, person: Participant) -> list[UUID]:
    """The referrals of this record that wait for an answer, locked; those in use by others are left to them."""
    wanted = select_columns(REFERRAL.c.id).where(
        REFERRAL.c.participant_id == person.id, REFERRAL.c.status == ReferralStatus.SENT.value
    )
    return list(session.scalars(wanted.order_by(REFERRAL.c.id).with_for_update(skip_locked=True)))


@looks_beyond_reach
def runs_that_saw(session: Session, person: Participant, among: Sequence[UUID]) -> list[UUID]:
    """Those of the runs whose pool held the person: the proof of a run has an entry for everyone in it."""
    enrolments = session.scalars(select_columns(ENROLMENT.c.id).where(ENROLMENT.c.participant_id == person.id)).all()
    entries = [[{"enrolment_id": str(one)}] for one in enrolments]
    held = [side.contains(entry) for entry in entries for side in (CERTIFICATE.c.mentees, CERTIFICATE.c.mentors)]
    wanted = select_columns(CERTIFICATE.c.run_id).where(CERTIFICATE.c.run_id.in_(among), or_(false(), *held))
    return list(session.scalars(wanted))


@looks_beyond_reach
def ids_about(session: Session, person: Participant) -> set[UUID]:
    """The ids by which an answer may name the person: their own, their login's, and those of every row about them."""
    found = {person.id}
    if person.user_id is not None:
        found.add(person.user_id)
    for kind in _guarded(Guarded):
        names = {*kind.reach.persons, *(kind.reach.concealed or ())}
        named: list[ColumnElement[bool]] = [getattr(kind, name) == person.id for name in sorted(names)]
        if named:
            found.update(session.exec(select(kind.id).where(or_(*named))))
    return found


def _guarded(kind: type[Guarded]) -> Iterator[type[Guarded]]:
    for heir in kind.__subclasses__():
        if hasattr(heir, "__table__"):
            yield heir
        yield from _guarded(heir)
