"""Which records may be of one person, and what has been decided about them?"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, any_, bindparam, case, func, or_, true
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.participants.tables import ContactDigest, LinkDecision, Participant
from app.features.partners.tables import Partner
from app.kit.pages import PageQuery

Own, OwnDigest = aliased(Participant), aliased(ContactDigest)


def digests_of(session: Session, participant_id: UUID, guardian_id: UUID | None) -> list[ContactDigest]:
    """The digests of a person's own contacts, or of those of one of their guardians."""
    wanted = select(ContactDigest).where(
        ContactDigest.participant_id == participant_id,
        col(ContactDigest.guardian_id).is_not_distinct_from(guardian_id),
    )
    return list(session.exec(wanted))


def possible_duplicates(scope: Scope[Participant]) -> Select[Any]:
    """Other records in the caller's reach with an equal contact, unless they were decided to be somebody else's."""
    is_same = case((col(Own.person_id) == col(Participant.person_id), true()), else_=None)
    return _alike(scope).add_columns(is_same.label("is_same_person")).where(col(Own.id) == scope.row.id)


def duplicate_counts(
    scope: Scope[Any], digests: Mapping[UUID, Collection[str]], known: Collection[str]
) -> dict[UUID, int]:
    """For each of these people how many other records in reach have an equal contact, as far as nobody has decided.

    `digests` are those of each person's own contacts as they are stored now; `known` those of them that others have.
    """
    sharing = _sharing(digests, known)
    if not sharing:
        return {}
    undecided = _alike(scope).where(col(Own.id).in_(sharing), col(Own.person_id) != col(Participant.person_id))
    pairs = undecided.subquery()
    counted = select_columns(pairs.c.participant_id, func.count().label("others")).group_by(pairs.c.participant_id)
    return {row.participant_id: row.others for row in scope.session.execute(counted)}


def _sharing(digests: Mapping[UUID, Collection[str]], known: Collection[str]) -> set[UUID]:
    """Those of many people who have an equal contact with anybody: usually few."""
    first: dict[str, UUID] = {}
    found = set()
    for participant_id, own in digests.items():
        for digest in own:
            other = first.setdefault(digest, participant_id)
            if other != participant_id:
                found |= {other, participant_id}
            elif digest in known:
                found.add(participant_id)
    return found


def known_digests(session: Session, digests: Iterable[str], beside: Collection[UUID] = ()) -> set[str]:
    """Which of these are those of somebody's own contacts, of people beside these; asked before new ones are stored."""
    wanted = select(ContactDigest.digest).where(
        col(ContactDigest.digest) == any_(bindparam(None, list(digests), type_=ARRAY(String), unique=True)),
        col(ContactDigest.guardian_id).is_(None),
    )
    if beside:
        wanted = wanted.where(col(ContactDigest.participant_id).not_in(beside))
    return set(session.exec(wanted))


def duplicate_pairs(scope: Scope[Partner]) -> Select[Any]:
    """Pairs with an equal contact, one of them held by the partner, both in reach, that nobody has decided about."""
    partner_id = scope.row.id
    own = select(Participant.id).where(visible(Participant, scope.actor)).correlate(None)
    return _alike(scope).where(
        col(Own.partner_id) == partner_id,
        col(Own.id).in_(own),
        col(Own.person_id) != col(Participant.person_id),
        or_(col(Participant.partner_id) != partner_id, col(Own.id) < col(Participant.id)),
    )


def _alike(scope: Scope[Any]) -> Select[Any]:
    """An own record and another one in reach (`Participant`), for each that shares a contact with it."""
    denied = select(LinkDecision.id).where(
        _is_pair(col(Own.id), col(Participant.id)), col(LinkDecision.is_same_person).is_(False)
    )
    columns: list[Any] = [
        col(Own.id).label("participant_id"),
        col(Participant.id).label("other_participant_id"),
        col(Participant.partner_id).label("other_partner_id"),
        func.array_agg(col(OwnDigest.kind).distinct()).label("same_contacts"),
    ]
    return (
        select_columns(*columns)
        .join(OwnDigest, col(OwnDigest.participant_id) == col(Own.id))
        .join(ContactDigest, col(ContactDigest.digest) == col(OwnDigest.digest))
        .join(Participant, col(Participant.id) == col(ContactDigest.participant_id))
        .where(
            col(OwnDigest.guardian_id).is_(None),
            col(ContactDigest.guardian_id).is_(None),
            col(Own.id) != col(Participant.id),
            visible(Participant, scope.actor),
            ~denied.exists(),
        )
        .group_by(col(Own.id), col(Participant.id))
    )


def page_of(session: Session, statement: Select[Any], query: PageQuery) -> tuple[list[dict[str, Any]], int]:
    """One page of pairs, and how many there are."""
    total = session.scalar(select_columns(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by("participant_id", "other_participant_id")
    rows = session.execute(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).mappings()
    return [dict(row) for row in rows], total


def is_alike(session: Session, one_id: UUID, other_id: UUID) -> bool:
    """Have the two records an equal contact of their own?"""
    same = (
        select(ContactDigest.id)
        .join(OwnDigest, col(OwnDigest.digest) == col(ContactDigest.digest))
        .where(
            ContactDigest.participant_id == other_id,
            col(ContactDigest.guardian_id).is_(None),
            col(OwnDigest.participant_id) == one_id,
            col(OwnDigest.guardian_id).is_(None),
        )
    )
    return session.exec(same.limit(1)).first() is not None


def locked_other(scope: Scope[Participant], participant_id: UUID) -> Participant | None:
    """Another record in the caller's reach, locked as it stands now.

    Two who decide about the same pair from both ends wait for each other; the database lets one go on and answers the
    other `resource.busy`.
    """
    wanted = select(Participant).where(
        Participant.id == participant_id, Participant.id != scope.row.id, visible(Participant, scope.actor)
    )
    return scope.session.exec(wanted.with_for_update(key_share=True)).first()


@looks_beyond_reach
def locked_records(session: Session, person_ids: Collection[UUID]) -> list[Participant]:
    """Every record of these people, whoever holds it, locked in the order of their ids."""
    wanted = select(Participant).where(col(Participant.person_id).in_(person_ids)).order_by(col(Participant.id))
    return list(session.exec(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)))


def decision_on(session: Session, one_id: UUID, other_id: UUID) -> LinkDecision | None:
    """What was decided about two records."""
    first, second = sorted((one_id, other_id))
    return session.exec(
        select(LinkDecision).where(
            LinkDecision.first_participant_id == first, LinkDecision.second_participant_id == second
        )
    ).first()


@looks_beyond_reach
def is_denied_between(session: Session, ones: Collection[UUID], others: Collection[UUID]) -> bool:
    """Has somebody decided that a record of the one group and a record of the other are of two people?"""
    first, second = col(LinkDecision.first_participant_id), col(LinkDecision.second_participant_id)
    across = or_(and_(first.in_(ones), second.in_(others)), and_(first.in_(others), second.in_(ones)))
    wanted = select(LinkDecision.id).where(across, col(LinkDecision.is_same_person).is_(False))
    return session.exec(wanted.limit(1)).first() is not None


def decisions_about(session: Session, participant_id: UUID) -> list[LinkDecision]:
    """Every decision that names this record."""
    named = or_(
        col(LinkDecision.first_participant_id) == participant_id,
        col(LinkDecision.second_participant_id) == participant_id,
    )
    return list(session.exec(select(LinkDecision).where(named)))


def _is_pair(one: Any, other: Any) -> Any:
    first, second = col(LinkDecision.first_participant_id), col(LinkDecision.second_participant_id)
    return and_(first == func.least(one, other), second == func.greatest(one, other))
