"""Where is everything of mine? Records, enrolments and matches with the addresses of the next steps."""

from typing import Any

from sqlmodel import col, or_, select

from app.domain.glossary import Side
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.schemas import MyEnrolment, MyMatch, MyRecord, OverviewRead


def overview(scope: Scope[Any]) -> OverviewRead:
    """The caller's own records at each organisation, enrolments and matches, newest first."""
    base = scope.exchange.path.removesuffix("/me/overview")
    return OverviewRead(
        records=_records(scope, base),
        enrolments=_enrolments(scope, base),
        matches=_matches(scope, base),
        data=f"{base}/me/data",
        accesses=f"{base}/me/accesses",
    )


def _records(scope: Scope[Any], base: str) -> list[MyRecord]:
    mine = select(Participant, Partner.name).join(Partner, col(Partner.id) == col(Participant.partner_id))
    found = scope.session.exec(mine.where(col(Participant.id).in_(sorted(scope.actor.persons))))
    return [
        MyRecord(id=row.id, partner_id=row.partner_id, partner_name=name, profile=f"{base}/participants/{row.id}")
        for row, name in found
    ]


def _enrolments(scope: Scope[Any], base: str) -> list[MyEnrolment]:
    mine = select(Enrolment).where(col(Enrolment.participant_id).in_(sorted(scope.actor.persons)))
    return [
        MyEnrolment(
            id=row.id,
            program_id=row.program_id,
            cohort_id=row.cohort_id,
            side=row.side,
            status=row.status,
            enrolment=(address := f"{base}/enrolments/{row.id}"),
            preparation=f"{address}/preparation",
            training_records=f"{address}/training-records",
        )
        for row in scope.session.exec(mine.order_by(col(Enrolment.id).desc()).limit(1000))
    ]


def _matches(scope: Scope[Any], base: str) -> list[MyMatch]:
    me = sorted(scope.actor.persons)
    mine = select(Match).where(or_(col(Match.mentor_participant_id).in_(me), col(Match.mentee_participant_id).in_(me)))
    return [
        MyMatch(
            id=row.id,
            program_id=row.program_id,
            side=Side.MENTOR if row.mentor_participant_id in scope.actor.persons else Side.MENTEE,
            status=row.status,
            match=f"{base}/matches/{row.id}",
        )
        for row in scope.session.exec(mine.order_by(col(Match.id).desc()).limit(1000))
    ]
