"""Which people are there, what do their matches hold, and why are their rows kept from some?"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Enum, Integer, Select, String, Text, Uuid, any_, bindparam, cast, column, func, table
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.sync import ExternalKey
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.access.visible import concealed_from, visible
from app.features.participants.tables import Participant

# Tables of later slices are named, not imported: participants lie below matches and consents.
MATCH = table(
    "match",
    column("mentor_participant_id", Uuid),
    column("mentee_participant_id", Uuid),
    column("mentor_place", Integer),
    column("status"),
)
CONSENT = table("consent", column("participant_id", Uuid), column("withdrawn_at"))


def participants(scope: Scope[Any]) -> Select[Any]:
    """The people in the caller's reach."""
    return select(Participant).where(visible(Participant, scope.actor))


def held_participant(scope: Scope[Any], participant_id: UUID) -> Participant | None:
    """The person with this id, when the caller's own partner holds them and they are not kept from the caller."""
    own = select(Participant).where(
        Participant.id == participant_id,
        Participant.partner_id == scope.actor.partner_id,
        col(Participant.id).not_in(concealed_from(scope.actor)),
    )
    return scope.session.exec(own).first()


def by_external_keys(
    scope: Scope[Any], partner_id: UUID, keys: Iterable[ExternalKey]
) -> dict[ExternalKey, Participant]:
    """The people whom the partner holds under these keys and the caller may see, locked in the order of their ids."""
    found = {}
    for system, ids in _by_system(keys).items():
        for row in scope.session.exec(_held_under(select(Participant), scope, partner_id, system, ids)):
            found[ExternalKey(system, str(row.external_id))] = row
    return found


def held_facts(
    scope: Scope[Any], partner_id: UUID, keys: Iterable[ExternalKey], names: Iterable[str]
) -> dict[ExternalKey, tuple[UUID, dict[str, Any]]]:
    """The ids of the same people and these facts of theirs as they are stored, locked likewise."""
    wanted = sorted(names)
    of = [Participant.__table__.c[name] for name in wanted]  # type: ignore[attr-defined]  # SQLModel tells of no tables
    lists = {name for name, one in zip(wanted, of, strict=True) if isinstance(one.type, JSON)}
    texts = [cast(one, Text) if isinstance(one.type, JSON | Enum) else one for one in of]  # of few spellings
    columns = select_columns(col(Participant.id), col(Participant.external_id), *texts)
    found = {}
    for system, ids in _by_system(keys).items():
        for row in scope.session.execute(_held_under(columns, scope, partner_id, system, ids)):
            facts = dict(zip(wanted, row[2:], strict=True))
            for name in lists:
                facts[name] = _parsed(facts[name])
            found[ExternalKey(system, row[1])] = (row[0], facts)
    return found


_parsed = lru_cache(4_096)(json.loads)
"""Most lists are as others' are; whoever is given one does not change it."""


def _by_system(keys: Iterable[ExternalKey]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        found[key.system].append(key.id)
    return found


def _held_under(wanted: Any, scope: Scope[Any], partner_id: UUID, system: str, ids: list[str]) -> Any:
    return (
        wanted.where(
            Participant.partner_id == partner_id,
            Participant.external_system == system,
            col(Participant.external_id) == any_(bindparam(None, ids, type_=ARRAY(String), unique=True)),
            visible(Participant, scope.actor),
        )
        .order_by(col(Participant.id))
        .with_for_update(key_share=True)
    )


def by_external_key(scope: Scope[Any], partner_id: UUID, key: ExternalKey) -> Participant | None:
    return by_external_keys(scope, partner_id, [key]).get(key)


@looks_beyond_reach
def mentor_load(session: Session, participant_id: UUID) -> tuple[int, int]:
    """How many mentor places matches hold now in all programs, and the highest number among those places."""
    held = select_columns(func.count(MATCH.c.mentor_place), func.coalesce(func.max(MATCH.c.mentor_place), 0)).where(
        MATCH.c.mentor_participant_id == participant_id
    )
    count, highest = session.execute(held).one()
    return count, highest


def concealment_as_anonymous(session: Session, participant_id: UUID) -> Concealment:
    """The row that keeps an anonymous person's record from everyone but the holder's staff."""
    wanted = select(Concealment).where(
        Concealment.participant_id == participant_id, Concealment.kind == Concealing.ANONYMOUS
    )
    return session.exec(wanted).one()


def has_consents(session: Session, participant_id: UUID) -> bool:
    """Is any consent of the person in force?"""
    wanted = select_columns(CONSENT.c.participant_id).where(
        CONSENT.c.participant_id == participant_id, CONSENT.c.withdrawn_at.is_(None)
    )
    return session.scalar(wanted.limit(1)) is not None
