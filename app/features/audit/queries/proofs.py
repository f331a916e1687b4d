"""How is it shown that a line of the log is what was sealed?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text, tuple_
from sqlmodel import Session, col

from app.domain.seals import COLUMNS, FORMAT, TABLES, Log, entry_of, read_entries, row_text
from app.features.audit.queries.seals import checkpoint_of
from app.features.audit.schemas import ProofRead
from app.features.audit.tables import AuditSeal
from app.kit.merkle import path_of


def proof_of(session: Session, access_id: int, *, is_told: bool) -> ProofRead | None:
    """The proof for a line of the access log, with its text only when `is_told`; None while it is not sealed, or is not."""
    columns = ", ".join(COLUMNS[FORMAT][Log.ACCESS])
    wanted = text(f"select {columns} from {TABLES[Log.ACCESS]} where id = :id")  # noqa: S608  names of the code
    row: Any = session.execute(wanted, {"id": access_id}).mappings().first()
    if row is None:
        return None
    seal = _sealing(session, row)
    if seal is None:
        return None
    entries = [one.to_bytes() for one in read_entries(seal.leaves)]
    entry = entry_of(Log.ACCESS, row, seal.format)
    index = next(
        place for place, one in enumerate(read_entries(seal.leaves)) if (one.log, one.id) == (entry.log, entry.id)
    )
    return ProofRead(
        access_id=str(access_id),
        record=row_text(Log.ACCESS, row, seal.format) if is_told else None,
        record_digest=entry.digest.hex(),
        index=index,
        size=len(entries),
        path=[one.hex() for one in path_of(entries, index)],
        checkpoint=checkpoint_of(seal).text(),
        root=seal.root,
        kid=seal.kid,
        signature=seal.signature,
    )


def _sealing(session: Session, row: Mapping[str, Any]) -> AuditSeal | None:
    """The first checkpoint that has come as far as this line."""
    place = tuple_(col(AuditSeal.access_xact_id), col(AuditSeal.access_id))
    wanted = select(AuditSeal).where(place >= (row["xact_id"], row["id"])).order_by(col(AuditSeal.number)).limit(1)
    return session.scalars(wanted).first()
