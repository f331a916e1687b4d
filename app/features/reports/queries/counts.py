"""How many stays, pairs, parents and people who wait are there, in total, by category and by program? Four statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import Session

from app.domain.figures import AnyMeasure, Measure, PairMeasure, ParentMeasure, WaitMeasure
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import ConsentPurpose
from app.domain.lifecycles import FollowUpStatus, MatchStatus
from app.domain.reports import FigureScope, ScopeKind
from app.domain.statistics import Cell, Count
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.reports.queries.stays import JUDGED_STAYS
from app.features.reports.queries.waiting import WAITING
from app.kit.columns import in_list

# The level of a row: GROUPING's bits of (category, program), and one of our own for each stay by itself.
LEVELS = {3: ScopeKind.TOTAL, 1: ScopeKind.CATEGORY, 2: ScopeKind.PROGRAM}
BY_STAY = 9

# A person's key is a hash of the id with the installation's own seed. First one row for each person in each scope, with
# what is true of any of their stays; then one for each combination of truths, which are few.
PEOPLE = text(f"""
{JUDGED_STAYS},
person as (
  select grouping(category) * 2 + grouping(program_id) as level, category, program_id, person_id,
         bit_or(truths) as truths, bit_or(case when is_known then truths else 0 end) as known
    from judged where truths <> 0
   group by grouping sets ((person_id), (category, person_id), (program_id, person_id))
)
select level, category, program_id, truths, known, null as refused, null as kolada,
       count(*) as number, bit_xor(uuid_hash_extended(person_id, :seed)) as key
  from person group by 1, 2, 3, 4, 5
union all
select {BY_STAY}, category, program_id, truths, case when is_known then truths else 0 end, refused, kolada,
       count(*), bit_xor(uuid_hash_extended(person_id, :seed))
  from judged group by 1, 2, 3, 4, 5, 6, 7
""")  # noqa: S608  made of constants

# Waiting is counted once for each enrolment, to its first match; a pair in which somebody is protected is in no figure.
PAIRS = text(f"""
with pair as (
  select m.id, m.program_id, p.category, m.program_id = any (:known_pairs) as is_known, m.started_on - e.applied_on as waited,
         m.closed_on - m.started_on as lasted,
         m.started_on between :first_on and :last_on as started,
         m.started_on between :first_on and :last_on
           and row_number() over (partition by m.mentee_enrolment_id order by m.started_on, m.id) = 1 as first_started,
         coalesce(m.closed_on between :first_on and :last_on, false) as closed,
         coalesce(m.closed_on between :first_on and :last_on and m.is_ended_early, false) as closed_early
    from match m
    join enrolment e on e.id = m.mentee_enrolment_id
    join program p on p.id = m.program_id
   where m.program_id = any (:programs) and m.started_on <= :last_on and m.status <> '{MatchStatus.VOID}'
     and m.mentor_participant_id not in ({PROTECTED}) and m.mentee_participant_id not in ({PROTECTED})
)
select grouping(category) * 2 + grouping(program_id) as level, category, program_id,
       {
    ", ".join(
        f"count(*) filter (where {one} and is_known) as {one}_known,"
        f" count(*) filter (where {one} and not is_known) as {one}_rest,"
        f" coalesce(bit_xor(uuid_hash_extended(id, :seed)) filter (where {one} and not is_known), 0) as {one}_key"
        for one in ("started", "first_started", "closed", "closed_early")
    )
},
       percentile_cont(0.5) within group (order by waited) filter (where first_started) as days,
       percentile_cont(0.5) within group (order by lasted) filter (where closed) / 7 as weeks
  from pair where started or closed
 group by grouping sets ((), (category), (program_id))
""")  # noqa: S608  made of constants

# A consent to the program that was given and withdrawn, and not given again, whatever the enrolment rests on.
SHARED = f"c.participant_id = e.participant_id and c.program_id = e.program_id and c.purpose = '{ConsentPurpose.SHARE_IN_PROGRAM}'"
TOOK_BACK = f"coalesce((select bool_and(c.withdrawn_at is not null) from consent c where {SHARED}), false)"  # noqa: S608

# Nobody but the person reads the household's number: to everybody these are sums over people they do not know. Whoever
# has withdrawn the consent that the program rests on is not among them; nothing is asked about a match made in error.
PARENTS = text(f"""
with asked as (
  select e.program_id, p.category, a.person_id, h.children_count,
         bool_or(coalesce((f.answers ->> 'newContacts')::int, 0) >= 1) as has_new
    from household_answer h
    join enrolment e on e.id = h.enrolment_id
    join program p on p.id = e.program_id
    join participant a on a.id = e.participant_id
    join follow_up f on f.enrolment_id = e.id
    join match m on m.id = f.match_id and m.status <> '{MatchStatus.VOID}'
   where h.program_id = any (:programs) and h.children_count >= 1 and f.done_on between :first_on and :last_on
     and f.status in {in_list([FollowUpStatus.DONE, FollowUpStatus.CORRECTED])}
     and f.kind in {
    in_list(
        [
            FollowUpKind.EXIT,
            FollowUpKind.AFTER_ONE_MONTH,
            FollowUpKind.AFTER_SIX_MONTHS,
            FollowUpKind.AFTER_TWELVE_MONTHS,
        ]
    )
}
     and e.participant_id not in ({PROTECTED}) and not {TOOK_BACK}
     and e.status <> 'registeredInError'
   group by 1, 2, 3, 4
),
parent as (
  select grouping(category) * 2 + grouping(program_id) as level, category, program_id, person_id,
         bool_or(has_new) as has_new, max(children_count) as children
    from asked group by grouping sets ((person_id), (category, person_id), (program_id, person_id))
)
select level, category, program_id, count(*) as asked_rest, 0 as asked_known,
       bit_xor(uuid_hash_extended(person_id, :seed)) as asked_key,
       count(*) filter (where has_new) as with_new_contacts_rest, 0 as with_new_contacts_known,
       coalesce(bit_xor(uuid_hash_extended(person_id, :seed)) filter (where has_new), 0) as with_new_contacts_key,
       coalesce(sum(children) filter (where has_new), 0) as children
  from parent group by 1, 2, 3
""")  # noqa: S608  made of constants


@dataclass(frozen=True)
class Asked:
    """Over which programs, in which period, and where the reader knows people's stays, and pairs, record by record."""

    programs: frozenset[UUID]
    known: frozenset[UUID]
    known_pairs: frozenset[UUID]
    first_on: date
    last_on: date
    today: date
    seed: int

    @property
    def waiting_on(self) -> date:
        """The day on which those who wait are counted: the last of the period, or today while it goes on."""
        return min(self.last_on, self.today)

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "programs": sorted(self.programs),
            "known": sorted(self.known),
            "known_pairs": sorted(self.known_pairs),
            "first_on": self.first_on,
            "last_on": self.last_on,
            "today": self.today,
            "waiting_on": self.waiting_on,
            "seed": self.seed,
        }


@dataclass
class Tally:
    """What was counted in one scope. `refusals` is by the measure that a stay does not have and the rule that says so.

    `amounts` are medians and sums by the id of their figure; `waits` is the longest wait of those whom the reader knows, and
    of the others the one that enough of them have reached.
    """

    people: dict[AnyMeasure, Count] = field(default_factory=lambda: defaultdict(Count))
    stays: dict[AnyMeasure, Count] = field(default_factory=lambda: defaultdict(Count))
    refusals: dict[Measure, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    amounts: dict[str, float] = field(default_factory=dict)
    waits: tuple[int | None, int | None] = (None, None)


Tallies = Mapping[FigureScope, Tally]


@looks_beyond_reach
def tallies(session: Session, asked: Asked) -> Tallies:
    """Everything that the report's figures are made of, by scope; the total is always there."""
    found: dict[FigureScope, Tally] = defaultdict(Tally)
    found[FigureScope(ScopeKind.TOTAL)] = Tally()
    for row in _rows(session, PEOPLE, asked):
        if row.level == BY_STAY:
            for scope in _scopes(row):
                _add_stay(found[scope], row)
        else:
            _add_people(found[_scope(row)].people, row)
    for row in _rows(session, PAIRS, asked):
        tally = found[_scope(row)]
        tally.people |= {one: _count(row, _name(one)) for one in PairMeasure}
        tally.amounts |= {"waitingDays": row.days or 0, "matchWeeks": row.weeks or 0}
    for row in _rows(session, PARENTS, asked):
        tally = found[_scope(row)]
        tally.people |= {one: _count(row, _name(one)) for one in ParentMeasure}
        tally.amounts["childrenReached"] = row.children
    for row in _rows(session, WAITING, asked):
        tally = found[_scope(row)]
        tally.people[WaitMeasure.WAITING] = _count(row, "waiting")
        tally.waits = (row.longest_known, row.reached_by_base)
    return found


def _rows(session: Session, statement: TextClause, asked: Asked) -> Any:
    wanted = statement.compile().params
    return session.connection().execute(statement, {name: asked.parameters[name] for name in wanted})


def _name(measure: PairMeasure | ParentMeasure) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in measure.value)


def _scope(row: Any) -> FigureScope:
    kind = LEVELS[row.level]
    key = {ScopeKind.TOTAL: None, ScopeKind.CATEGORY: row.category, ScopeKind.PROGRAM: row.program_id}[kind]
    return FigureScope(kind, None if key is None else str(key))


def _scopes(row: Any) -> tuple[FigureScope, ...]:
    return (
        FigureScope(ScopeKind.TOTAL),
        FigureScope(ScopeKind.CATEGORY, row.category),
        FigureScope(ScopeKind.PROGRAM, str(row.program_id)),
    )


def _count(row: Any, name: str) -> Count:
    known, rest, key = (getattr(row, f"{name}_{part}") for part in ("known", "rest", "key"))
    return Count(known, Cell(rest, key))


def _add_people(counts: dict[AnyMeasure, Count], row: Any) -> None:
    for measure in Measure:
        if row.known & measure.bit:
            counts[measure] = counts[measure].joined(Count(row.number))
        elif row.truths & measure.bit:
            counts[measure] = counts[measure].joined(Count(0, Cell(row.number, row.key)))


def _add_stay(tally: Tally, row: Any) -> None:
    _add_people(tally.stays, row)
    if row.refused is not None:
        for measure in (Measure.IN_EFFORT, Measure.ENDED, Measure.TO_SELF_SUFFICIENCY):
            tally.refusals[measure][row.refused] += row.number
    elif row.truths & Measure.ENDED.bit and not row.truths & Measure.TO_SELF_SUFFICIENCY.bit:
        tally.refusals[Measure.TO_SELF_SUFFICIENCY][row.kolada] += row.number
