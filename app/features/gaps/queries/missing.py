"""What do the latest matchings say is missing? From their stored reasons only; nothing is computed anew."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.domain.gaps import GapKey, mentors_for
from app.domain.lifecycles import EnrolmentStatus, RunStatus
from app.domain.matching.proposal import UnmatchedKind
from app.domain.missing import LANGUAGES, Missing, MissingKind, gap_texts
from app.domain.statistics import Cell, Count, tell
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.gaps.queries.asking import UNDER_WAY, Asker, asker
from app.features.gaps.queries.waiting import UNMATCHED
from app.features.gaps.schemas import GapText, MissingQuery, MissingRead, MissingView, PeopleAmount
from app.kit.columns import in_list

SWEDISH = "sv"
FINISHED = in_list([RunStatus.COMPLETED, RunStatus.APPROVED])
LATEST = f"""
latest as (
  select distinct on (r.cohort_id) r.id, r.program_id
    from match_run r join cohort c on c.id = r.cohort_id
   where r.program_id = any (:programs) and r.status in {FINISHED} and c.status in {in_list(UNDER_WAY)}
   order by r.cohort_id, r.finished_at desc, r.id desc
)
"""  # noqa: S608  made of constants

# Whoever is still ready and without a match: a row for each line that the person stands in, and one for being left over.
LEFT_OVER = text(f"""
with {LATEST},
left_over as (
  select a.person_id, a.languages, l.program_id = any (:known) as is_known, u.smallest_change -> 'constraints' as wanted,
         case when u.kind = '{UnmatchedKind.PLACES_RAN_OUT}' then '{MissingKind.PLACES}'
              when coalesce(jsonb_array_length(u.smallest_change -> 'constraints'), 0) = 0 then '{MissingKind.ANOTHER_MENTOR}'
              when u.smallest_change -> 'constraints' ?| array[{", ".join(f"'{one}'" for one in sorted(LANGUAGES))}]
                then '{MissingKind.LANGUAGE}'
              else '{MissingKind.CONDITION}' end as cause
    from latest l
    join match_run_unmatched u on u.run_id = l.id
    join enrolment e on e.id = u.mentee_enrolment_id
    join participant a on a.id = e.participant_id
   where e.status = '{EnrolmentStatus.READY}' and e.participant_id not in ({PROTECTED}) and {UNMATCHED}
),
line as (
  select person_id, is_known, cause, spoken.one ->> 'code' as language, null::jsonb as conditions
    from left_over cross join lateral jsonb_array_elements(languages) spoken (one)
   where cause = '{MissingKind.LANGUAGE}' and spoken.one ->> 'code' <> '{SWEDISH}'
  union all
  select person_id, is_known, cause, null, case when cause = '{MissingKind.CONDITION}' then wanted end
    from left_over where cause <> '{MissingKind.LANGUAGE}'
  union all
  select person_id, is_known, null, null, null from left_over
),
person as (
  select cause, language, conditions, uuid_hash_extended(person_id, :seed) as key, bool_or(is_known) as is_known
    from line group by cause, language, conditions, person_id
)
select cause, language, conditions, count(*) filter (where is_known) as known, count(*) filter (where not is_known) as rest,
       coalesce(bit_xor(key) filter (where not is_known), 0) as key
  from person group by cause, language, conditions
""")  # noqa: S608  made of constants
PLACES = text(f"""
with {LATEST}
select coalesce(sum((mentor.one ->> 'free_places')::int), 0) as places, count(*) as mentors
  from latest l join match_run_certificate c on c.run_id = l.id
 cross join lateral jsonb_array_elements(c.mentors) mentor (one)
""")  # noqa: S608  made of constants


@dataclass(frozen=True)
class Reasons:
    """How many were left over, why, and how many free places so many mentors had."""

    unmatched: Count
    lines: dict[Missing, Count]
    free_places: int
    mentors: int


def missing(scope: Scope[None], query: MissingQuery) -> MissingView:
    """Each line by itself, the most people first; a line of too few, or of nobody, is not there."""
    asking, key = asker(scope), GapKey(query.category, query.kind)
    reasons, is_known = _reasons(scope, asking, asking.programs_in(key)), asking.knows(key)
    unmatched = tell(reasons.unmatched, reasons.unmatched, asking.noise, is_known=is_known)
    items = [_line(asking, reasons, one, is_known=is_known) for one in reasons.lines]
    return MissingView(
        as_of=scope.now,
        asked=query,
        rule=GapText(**gap_texts()["missing"]["rule"]),
        method=asking.method(key),
        unmatched=PeopleAmount.of(unmatched),
        items=sorted((one for one in items if one.people.value), key=_most_people),
    )


def _most_people(line: MissingRead) -> tuple[int, str]:
    return -(line.people.value or 0), line.text.sv


def _line(asking: Asker, reasons: Reasons, line: Missing, *, is_known: bool) -> MissingRead:
    told = tell(reasons.lines[line], reasons.unmatched, asking.noise, is_known=is_known)
    people = told.value or 0
    is_of_mentors = line.kind is not MissingKind.CONDITION
    mentors = mentors_for(people, reasons.free_places, reasons.mentors) if people and is_of_mentors else None
    return MissingRead(
        kind=line.kind,
        language=line.language,
        conditions=list(line.conditions),
        people=PeopleAmount.of(told),
        mentors=mentors,
        text=GapText(sv=line.said(people, mentors or 0, "sv"), en=line.said(people, mentors or 0, "en")),
    )


@looks_beyond_reach
def _reasons(scope: Scope[None], asking: Asker, programs: list[UUID]) -> Reasons:
    connection = scope.session.connection()
    asked = {"programs": programs, "known": sorted(asking.known), "seed": asking.seed}
    lines: dict[Missing, Count] = {}
    unmatched = Count()
    for row in connection.execute(LEFT_OVER, asked):
        found = Count(row.known, Cell(row.rest, row.key))
        if row.cause is None:
            unmatched = found
        else:
            lines[Missing(MissingKind(row.cause), row.language, tuple(row.conditions or ()))] = found
    found_places: Any = connection.execute(PLACES, {"programs": programs}).one()
    return Reasons(unmatched, lines, found_places.places, found_places.mentors)
