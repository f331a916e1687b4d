"""Which records did not count in a tertial, and by which rule? For those who may read the records, page by page."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.domain.figures import Measure
from app.domain.grants import GRANTS
from app.domain.outcomes import rule_document
from app.domain.roles import Permission
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope, refusal
from app.features.programs.tables import Program
from app.features.reports.queries.asking import STAYS, asked_by, known_by, period_of
from app.features.reports.queries.counts import Asked
from app.features.reports.queries.stays import JUDGED_STAYS
from app.features.reports.schemas import BothLanguages, ExcludedRecord, ExclusionQuery

E, S = Measure.ENDED.bit, Measure.TO_SELF_SUFFICIENCY.bit
COUNTED_ONCE = {
    "inEffort": Measure.IN_EFFORT.bit,
    "ended": E,
    "endedToSelfSufficiency": S,
}

# That a record belongs to another period is no reason to name it: nearly every record does.
EXCLUSIONS = text(f"""
{JUDGED_STAYS},
named as (
  select 'inEffort' as figure, id, program_id, refused as rule from judged where refused is not null
  union all
  select 'endedToSelfSufficiency', id, program_id, kolada from judged where truths & {E} <> 0 and truths & {S} = 0
  union all
  select figure, id, program_id, 'tertial.person_counted_once' from (
    {
    " union all ".join(
        f"select '{figure}' as figure, id, program_id, row_number() over (partition by person_id order by id) as place"
        f" from judged where truths & {bit} <> 0"
        for figure, bit in COUNTED_ONCE.items()
    )
}
  ) as again where place > 1
)
select figure, id, program_id, rule, count(*) over () as total
  from named order by figure, rule, id limit :limit offset :offset
""")  # noqa: S608  made of constants


def exclusions(scope: Scope[Program], query: ExclusionQuery) -> tuple[list[ExcludedRecord], int]:
    """One page of the records of a program that did not count, and how many there are in all.

    `inEffort` names those that count nowhere, `endedToSelfSufficiency` the ended ones without a result. Raises: 403
    naming the duties that let somebody read the records, `report.period_incomplete`, `report.period_not_begun`.
    """
    program_id = scope.row.id
    if program_id not in known_by(scope, STAYS):
        raise refusal(scope.session, program_id, set(GRANTS[Permission.OUTCOME_READ].duties), scope.today)
    asked = asked_by(scope, period_of(query, scope.today), frozenset({program_id}))
    found = _page(scope, asked, query)
    rules = rule_document()["rules"]
    items = [
        ExcludedRecord(
            figure_id=row.figure,
            enrolment_id=row.id,
            program_id=row.program_id,
            rule_id=row.rule,
            rule_text=BothLanguages(sv=rules[row.rule]["sv"], en=rules[row.rule]["en"]),
        )
        for row in found
    ]
    return items, found[0].total if found else 0


@looks_beyond_reach
def _page(scope: Scope[Program], asked: Asked, query: ExclusionQuery) -> list[Any]:
    window = {"limit": query.limit, "offset": (query.page - 1) * query.limit}
    given: dict[str, UUID | Any] = {**asked.parameters, **window}
    wanted = EXCLUSIONS.compile().params
    return list(scope.session.connection().execute(EXCLUSIONS, {name: given[name] for name in wanted}).all())
