"""Who was erased, by digest, and who is back after a restore?"""

import hmac
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.errors import RuleViolation
from app.features.access.rows import looks_beyond_reach
from app.features.participants.tables import Participant
from app.features.rights.tables import Erasure
from app.kit.digests import Digester, digester

FORMAT = "mentorskap-erasures"
TOLD = (
    "person_digest", "legal_ground", "decision_reference", "decided_by_user_id", "approved_by_user_id", "erased_at",
)  # fmt: skip


def digest_of(session: Session, participant_id: UUID) -> str:
    """What the ledger knows a record by: a digest keyed with the installation's own secret."""
    return digester(session).digest("erasure", str(participant_id))


@looks_beyond_reach
def ledger(session: Session) -> dict[str, Any]:
    """Every erasure as a document for a file outside the database, sealed with the installation's own secret."""
    rows = session.exec(select(Erasure).order_by(col(Erasure.id)))
    entries = [row.model_dump(mode="json", include=set(TOLD)) for row in rows]
    return {"format": FORMAT, "key": _key(digester(session)), "entries": entries, "seal": _seal(session, entries)}


def check_ledger(session: Session, document: Any) -> list[dict[str, Any]]:
    """The entries of such a document.

    Raises: `erasure.ledger_unreadable`, `erasure.ledger_of_another_key`, `erasure.ledger_changed`.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT or not _is_whole(document):
        raise RuleViolation("erasure.ledger_unreadable")
    if document["key"] != _key(digester(session)):
        raise RuleViolation("erasure.ledger_of_another_key")
    entries: list[dict[str, Any]] = document["entries"]
    if not hmac.compare_digest(document["seal"], _seal(session, entries)):
        raise RuleViolation("erasure.ledger_changed")
    return entries


def _is_whole(document: dict[str, Any]) -> bool:
    is_sealed = isinstance(document.get("seal"), str) and document["seal"].isascii()
    return is_sealed and isinstance(document.get("key"), str) and isinstance(document.get("entries"), list)


@looks_beyond_reach
def people_in(session: Session, digests: set[str]) -> Sequence[tuple[Participant, str]]:
    """The records whose digest is among these and whom this database has not erased, locked, in the order of their ids."""
    wanted = digests - set(session.exec(select(Erasure.person_digest)).all())
    key = digester(session)
    found = []
    ids = session.exec(select(Participant.id).order_by(col(Participant.id)))
    for one in ids if wanted else ():
        digest = key.digest("erasure", str(one))
        if digest in wanted:
            found.append((session.get_one(Participant, one, with_for_update=True), digest))
    return found


def _key(digests: Digester) -> str:
    """Says which secret a ledger was made with, and nothing about the secret."""
    return digests.digest("erasure ledger", "key")[:16]


def _seal(session: Session, entries: list[dict[str, Any]]) -> str:
    text = json.dumps(entries, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return digester(session).digest("erasure ledger seal", text)
