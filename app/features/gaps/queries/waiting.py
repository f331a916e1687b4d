"""How many people wait in each part, how many of them are ready, and since when? One statement, whatever the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from app.domain.gaps import Dimension, GapKey, Part
from app.domain.lifecycles import OPEN_MATCHES
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.statistics import BASE, Cell, Count
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.gaps.queries.asking import Asker
from app.kit.columns import in_list

WAITING = in_list([Status.REFERRED, Status.APPLIED, Status.SCREENING, Status.READY, Status.WAITING])
UNMATCHED = f"""
not exists (select from match m where m.mentee_enrolment_id = e.id and m.status in {in_list(OPEN_MATCHES)})
     and not exists (select from placement l where l.enrolment_id = e.id and l.place is not null)"""  # noqa: S608
COLUMNS = {
    Dimension.CATEGORY: "p.category",
    Dimension.KIND: "p.kind",
    Dimension.LANGUAGE: "coalesce(cast(:language as text), spoken.one ->> 'code')",
    Dimension.DISTRICT: "a.district",
}
SPOKEN = """
    cross join lateral jsonb_array_elements(
      case when cast(:language as text) is null and jsonb_array_length(a.languages) > 0 then a.languages else '[{}]' end) spoken (one)"""


class Measure(StrEnum):
    """What is counted of those who wait."""

    WAITING = "waiting"
    READY = "ready"


@dataclass(frozen=True)
class Waiting:
    """Who waits in one part; `since` is the earliest application, `reached` the one of number BASE in order."""

    waiting: Count
    ready: Count
    since: date | None
    reached: date | None


NOBODY = Waiting(Count(), Count(), None, None)


# One row for each person in each part, then the parts. A person whom the reader knows through any programme is known.
def _statement(by: Sequence[Dimension]) -> str:
    split = "".join(f"{COLUMNS[one]} as {one.value}, " for one in by)
    names = "".join(f"{one.value}, " for one in by)
    parts = ", ".join(one.value for one in by) or "()"
    return f"""
with waiting as (
  select {split}a.person_id, e.status = '{Status.READY}' as is_ready, e.program_id = any (:known) as is_known, e.applied_on
    from enrolment e
    join program p on p.id = e.program_id
    join participant a on a.id = e.participant_id{SPOKEN if Dimension.LANGUAGE in by else ""}
   where e.program_id = any (:programs) and e.side = 'mentee' and e.status in {WAITING}
     and e.participant_id not in ({PROTECTED}) and {UNMATCHED}
     and (cast(:district as text) is null or a.district = :district)
     and (cast(:municipality_code as text) is null or a.municipality_code = :municipality_code)
     and (cast(:language as text) is null
          or a.languages @> jsonb_build_array(jsonb_build_object('code', cast(:language as text))))
),
person as (
  select {names}uuid_hash_extended(person_id, :seed) as key, bool_or(is_known) as waiting_known,
         bool_or(is_ready) as ready, bool_or(is_ready and is_known) as ready_known, min(applied_on) as since
    from waiting group by {names}person_id
)
select {names}count(*) filter (where waiting_known) as waiting_known,
       count(*) filter (where not waiting_known) as waiting_rest,
       coalesce(bit_xor(key) filter (where not waiting_known), 0) as waiting_key,
       count(*) filter (where ready_known) as ready_known,
       count(*) filter (where ready and not ready_known) as ready_rest,
       coalesce(bit_xor(key) filter (where ready and not ready_known), 0) as ready_key, min(since) as since,
       (array_agg(since order by since))[{BASE}] as reached
  from person group by {parts}
"""  # noqa: S608  made of constants


@looks_beyond_reach
def waiting_in(session: Session, asker: Asker, by: Sequence[Dimension], key: GapKey) -> dict[Part, Waiting]:
    """Who waits, by part; a part in which nobody waits is not there."""
    statement = text(_statement(by))
    given: dict[str, Any] = {
        "programs": asker.programs_in(key),
        "known": sorted(asker.known),
        "seed": asker.seed,
        "language": key.language,
        "district": key.district,
        "municipality_code": key.municipality_code,
    }
    rows = session.connection().execute(statement, given)
    return {tuple(getattr(row, one.value) for one in by): _waiting(row) for row in rows}


def _waiting(row: Any) -> Waiting:
    waiting, ready = (
        Count(getattr(row, f"{one}_known"), Cell(getattr(row, f"{one}_rest"), getattr(row, f"{one}_key")))
        for one in Measure
    )
    return Waiting(waiting, ready, row.since, row.reached)
