"""Which requests about their data have people made, and how do they stand?"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.lifecycles import OPEN_ENROLMENTS, OPEN_MATCHES, DataRequestStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.rights.schemas import DataRequestQuery
from app.features.rights.tables import DataExport, DataRequest, Erasure
from app.kit.pages import PageQuery

Asked = Select[Any]
"""A statement for requests, of which one page is read."""
WAITING = (DataRequestStatus.RECEIVED, DataRequestStatus.ASSESSED)


def requests(scope: Scope[Any], query: DataRequestQuery, today: date) -> Select[Any]:
    """Those within the caller's reach."""
    wanted: Select[Any] = select(DataRequest).where(visible(DataRequest, scope.actor))
    if query.status is not None:
        wanted = wanted.where(col(DataRequest.status) == query.status)
    if query.overdue:
        wanted = wanted.where(col(DataRequest.due_on) < today, col(DataRequest.status).in_(WAITING))
    return wanted


def requests_of(scope: Scope[Participant], query: DataRequestQuery) -> Select[Any]:
    """About one record."""
    return requests(scope, query, scope.today).where(col(DataRequest.participant_id) == scope.row.id)


def requests_at(scope: Scope[Partner], query: DataRequestQuery) -> Select[Any]:
    """At one holder."""
    return requests(scope, query, scope.today).where(col(DataRequest.partner_id) == scope.row.id)


def requests_of_mine(scope: Scope[None], query: DataRequestQuery) -> Select[Any]:
    """About the caller's own records."""
    return requests(scope, query, scope.today).where(col(DataRequest.participant_id).in_(sorted(scope.actor.persons)))


def page_of(session: Session, wanted: Asked, query: PageQuery) -> tuple[Sequence[DataRequest], int]:
    """One page of the statement, and how many there are."""
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = session.scalars(wanted.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    return rows, total


def own_record(scope: Scope[None], participant_id: UUID) -> Participant | None:
    """The record with this id, when it is the caller's own."""
    if participant_id not in scope.actor.persons:
        return None
    return scope.session.get(Participant, participant_id)


def export_made(session: Session, request: DataRequest) -> DataExport | None:
    """What was put together for a request, as long as it is there."""
    return session.exec(select(DataExport).where(DataExport.data_request_id == request.id)).first()


def restriction_of(session: Session, participant_id: UUID) -> Concealment | None:
    """What keeps others from working with the person's data."""
    wanted = select(Concealment).where(
        Concealment.participant_id == participant_id, Concealment.kind == Concealing.RESTRICTED
    )
    return session.exec(wanted).first()


@looks_beyond_reach
def has_open_case(session: Session, participant_id: UUID) -> bool:
    """Does the person take part in anything, in any program, whoever runs it?"""
    enrolled = select(Enrolment.id).where(
        Enrolment.participant_id == participant_id, col(Enrolment.status).in_(OPEN_ENROLMENTS)
    )
    pair = (col(Match.mentor_participant_id) == participant_id) | (col(Match.mentee_participant_id) == participant_id)
    matched = select(Match.id).where(pair, col(Match.status).in_(OPEN_MATCHES))
    return any(session.exec(one.limit(1)).first() is not None for one in (enrolled, matched))


def erasures_at(scope: Scope[Partner]) -> Select[Any]:
    """The protocols of a holder's erasures."""
    wanted: Select[Any] = select(Erasure).where(Erasure.partner_id == scope.row.id, visible(Erasure, scope.actor))
    return wanted


@looks_beyond_reach
def has_approved_erasure(session: Session, participant_id: UUID) -> bool:
    """Is the person about to be erased?"""
    wanted = select(DataRequest.id).where(
        DataRequest.participant_id == participant_id,
        DataRequest.status == DataRequestStatus.GRANTED,
        col(DataRequest.approved_at).is_not(None),
    )
    return session.exec(wanted.limit(1)).first() is not None


def lock_request(session: Session, request_id: UUID) -> DataRequest:
    """The request, for the job that carries it out."""
    return session.exec(select(DataRequest).where(DataRequest.id == request_id).with_for_update()).one()
