"""How far has a program come towards the targets of its purpose?"""

from typing import Any

from sqlalchemy import text

from app.domain.glossary import TargetOutcome
from app.domain.lifecycles import MatchStatus
from app.domain.outcomes import rule_document
from app.domain.statistics import Cell, Count, tell
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports.queries.asking import FOREVER, asked_in
from app.features.reports.queries.counts import Asked
from app.features.reports.queries.stays import COUNTING, JUDGED_STAYS
from app.features.reports.schemas import BothLanguages, Standing, TargetResult, TargetResults
from app.kit.digests import noise_of

REACHED = {
    TargetOutcome.STARTED_WORK: "m.ended_on <= t.until and m.kolada = 'kolada.job_one_month'",
    TargetOutcome.STARTED_BUSINESS: "m.ended_on <= t.until and m.kolada = 'kolada.own_business'",
    TargetOutcome.STARTED_STUDIES: "m.ended_on <= t.until and m.kolada = 'kolada.studies_with_aid'",
    TargetOutcome.SELF_SUFFICIENT: f"m.ended_on <= t.until and m.kolada in {COUNTING}",
    TargetOutcome.PEOPLE_ENROLLED: "m.began_on <= t.until",
}

# Everything since the program began counts, until the target's day or today. The base is all who have begun by then; of
# matches, all that have ended.
RESULTS = text(f"""
{JUDGED_STAYS},
target as (
  select id, outcome, number, due_on, least(due_on, :last_on) as until from program_target where program_id = any (:programs)
),
person as (
  select t.id, m.person_id, bool_or(case t.outcome {
    " ".join(f"when '{outcome}' then {condition}" for outcome, condition in REACHED.items())
} else false end) as reached
    from target t join measured m on m.refused is null and m.began_on <= t.until
   where t.outcome <> '{TargetOutcome.COMPLETED_MATCHES}'
   group by 1, 2
),
member as (
  select id, uuid_hash_extended(person_id, :seed) as key, reached from person
  union all
  select t.id, uuid_hash_extended(m.id, :seed), not m.is_ended_early
    from target t join match m on m.program_id = any (:programs) and m.closed_on <= t.until
   where t.outcome = '{TargetOutcome.COMPLETED_MATCHES}' and m.started_on is not null
     and m.status <> '{MatchStatus.VOID}'
     and m.mentor_participant_id not in ({PROTECTED}) and m.mentee_participant_id not in ({PROTECTED})
)
select t.id, t.outcome, t.number, t.due_on, t.until, count(m.key) as base, coalesce(bit_xor(m.key), 0) as base_key,
       count(*) filter (where m.reached) as reached,
       coalesce(bit_xor(m.key) filter (where m.reached), 0) as reached_key
  from target t left join member m on m.id = t.id
 group by 1, 2, 3, 4, 5 order by t.due_on, t.id
""")  # noqa: S608  made of constants


def targets(scope: Scope[Program]) -> TargetResults:
    """Each target with its result until its day, or until today."""
    asked = asked_in(scope, FOREVER, scope.today)
    items = [_result(scope, asked, row) for row in _rows(scope, asked)]
    return TargetResults(program_id=scope.row.id, as_of=scope.now, items=items)


@looks_beyond_reach
def _rows(scope: Scope[Program], asked: Asked) -> list[Any]:
    wanted = RESULTS.compile().params
    given = {name: asked.parameters[name] for name in wanted}
    return list(scope.session.connection().execute(RESULTS, given).all())


def _result(scope: Scope[Program], asked: Asked, row: Any) -> TargetResult:
    outcome = TargetOutcome(row.outcome)
    of_matches = outcome is TargetOutcome.COMPLETED_MATCHES
    is_known = bool(asked.known_pairs if of_matches else asked.known)
    count, base = (Count(0, Cell(getattr(row, name), getattr(row, f"{name}_key"))) for name in ("reached", "base"))
    told = tell(count, base, noise_of(scope.session), is_known=is_known)
    rule = rule_document()["rules"][f"target.{outcome.value}"]
    return TargetResult(
        target_id=row.id,
        outcome=outcome,
        number=row.number,
        due_on=row.due_on,
        until=row.until,
        result=told.value,
        share=None if told.value is None else min(1.0, round(told.value / row.number, 3)),
        standing=_standing(told.value, row.number, is_due=row.due_on < scope.today),
        is_protected=told.value is None,
        is_rounded=told.value is not None and not told.is_exact,
        rule_id=f"target.{outcome.value}",
        rule_text=BothLanguages(sv=rule["sv"], en=rule["en"]),
        source=rule_document()["sources"][rule["source"]],
    )


def _standing(result: int | None, number: int, *, is_due: bool) -> Standing:
    if result is None:
        return Standing.UNTOLD
    if result >= number:
        return Standing.REACHED
    return Standing.MISSED if is_due else Standing.UNDER_WAY
