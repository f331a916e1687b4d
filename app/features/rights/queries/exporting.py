"""What does one holder have stored about a person, who has received it, and who has seen it?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.domain.self_access import words_for
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import AccessRecord, UserAccount
from app.features.consents.tables import Consent
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.queries import data_about, named_in
from app.features.privacy.queries.accesses import IN_CONFIDENCE, PEOPLE
from app.features.privacy.schemas import MOST_ROWS, Told
from app.features.referrals.tables import Referral
from app.features.rights.schemas import DataExportRead, ExportedAccess, ExportedAccount, RecipientRead, RecipientWay

FORMAT = "mentorskap-export"


@looks_beyond_reach
def export_of(scope: Scope[Any], person: Participant) -> DataExportRead:
    """Everything about this record, as it is now."""
    told = data_about(scope, person.id)
    partners, programs = named_in(scope, told)
    accesses = _accesses(scope, person)
    return DataExportRead(
        format=FORMAT,
        as_of=scope.now,
        partner_id=person.partner_id,
        partner_name=scope.session.get_one(Partner, person.partner_id).name,
        participant_id=person.id,
        account=_account(scope, person.user_id),
        groups=told,
        recipients=recipients_of(scope, person),
        accesses=accesses[:MOST_ROWS],
        has_all_accesses=len(accesses) <= MOST_ROWS,
        organisations=partners,
        programs=programs,
    )


@looks_beyond_reach
def recipients_of(scope: Scope[Any], person: Participant) -> list[RecipientRead]:
    """The other organisations that have read something of the person's, were sent a referral, or are named in a consent."""
    log, sent, given = AccessRecord, Referral, Consent
    reads = select(col(log.partner_id), func.min(log.at), func.max(log.at), func.count()).where(
        PEOPLE.contains([person.id]), log.decision == "allowed", col(log.permission).not_in(IN_CONFIDENCE)
    )
    ways = {
        RecipientWay.READ: reads.group_by(col(log.partner_id)),
        RecipientWay.REFERRED: select(
            col(sent.to_partner_id), func.min(sent.created_at), func.max(sent.created_at), func.count()
        )
        .where(sent.participant_id == person.id)
        .group_by(col(sent.to_partner_id)),
        RecipientWay.CONSENTED: select(
            col(given.recipient_partner_id), func.min(given.given_at), func.max(given.given_at), func.count()
        )
        .where(given.participant_id == person.id)
        .group_by(col(given.recipient_partner_id)),
    }
    found = [(way, *row) for way, wanted in ways.items() for row in scope.session.execute(wanted)]
    others = [one for one in found if one[1] not in {None, person.partner_id}]
    return _told(scope, others)


def _told(
    scope: Scope[Any], found: Iterable[tuple[RecipientWay, UUID, datetime, datetime, int]]
) -> list[RecipientRead]:
    rows = list(found)
    wanted = select(Partner.id, Partner.name).where(col(Partner.id).in_({row[1] for row in rows}))
    names = dict(scope.session.exec(wanted).all())
    told = [
        RecipientRead(partner_id=one, partner_name=names[one], way=way, first_at=first, last_at=last, count=count)
        for way, one, first, last, count in rows
    ]
    return sorted(told, key=lambda one: (one.partner_name, one.way))


def _accesses(scope: Scope[Any], person: Participant) -> list[ExportedAccess]:
    """By others than the person, newest first; one more than is told, to know whether there are more."""
    partner = col(AccessRecord.partner_id) == col(Partner.id)
    wanted: Any = select(AccessRecord, Partner.name).join(Partner, partner, isouter=True)
    wanted = wanted.where(PEOPLE.contains([person.id]), col(AccessRecord.permission).not_in(IN_CONFIDENCE))
    if person.user_id is not None:
        wanted = wanted.where(col(AccessRecord.user_id) != person.user_id)
    newest = wanted.order_by(col(AccessRecord.id).desc()).limit(MOST_ROWS + 1)
    return [_access(record, name) for record, name in scope.session.execute(newest)]


def _access(record: AccessRecord, partner_name: str | None) -> ExportedAccess:
    words = words_for(record.role, record.permission, record.decision, partner_name)
    line = record.model_dump(include={"at", "role", "permission", "decision"})
    return ExportedAccess.model_validate({**line, "partner_name": partner_name, "words": Told(**words)})


def _account(scope: Scope[Any], user_id: UUID | None) -> ExportedAccount | None:
    if user_id is None:
        return None
    account = scope.session.get_one(UserAccount, user_id)
    return ExportedAccount(name=account.name, email=account.email, created_at=account.created_at)
