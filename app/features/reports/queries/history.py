"""How do the seven success factors of a program do over time, and who in the catalogue is a good example of each?"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from app.domain.readiness import ReadinessItem
from app.domain.reports import Tertial
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.readiness.queries import readiness
from app.features.reports.queries.asking import period_of, period_read
from app.features.reports.queries.scorecard import evidence_in
from app.features.reports.schemas import (
    BothLanguages,
    Evidence,
    FactorHistory,
    FactorPoint,
    GoodExample,
    HistoryQuery,
    ScorecardHistory,
)

MOST_EXAMPLES = 5


def scorecard_history(scope: Scope[Program], query: HistoryQuery) -> ScorecardHistory:
    """What the records of each tertial show, one statement for each; what is set up is known of today only.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    tertials = period_of(query, scope.today).before(query.tertials)
    shown = {tertial: evidence_in(scope, tertial) for tertial in tertials}
    examples = _examples(scope)
    return ScorecardHistory(
        program_id=scope.row.id,
        periods=[period_read(tertial, scope.today) for tertial in tertials],
        as_of=scope.now,
        factors=[_factor(item, shown, examples) for item in readiness(scope.session, scope.row, scope.today)],
    )


def _factor(
    item: ReadinessItem, shown: Mapping[Tertial, list[Evidence]], examples: Mapping[int, list[GoodExample]]
) -> FactorHistory:
    return FactorHistory(
        factor=item.factor,
        code=item.code,
        text=BothLanguages(sv=item.sv, en=item.en),
        is_set=item.is_met,
        points=[_point(tertial, [one for one in told if one.factor == item.factor]) for tertial, told in shown.items()],
        examples=examples.get(item.factor, []),
    )


def _point(tertial: Tertial, evidence: list[Evidence]) -> FactorPoint:
    judged = [one.is_met for one in evidence if one.is_met is not None]
    is_whole = bool(judged) and len(judged) == len(evidence)
    is_shown = all(judged) if is_whole or not all(judged) else None
    return FactorPoint(period_id=str(tertial), is_shown=is_shown, evidence=evidence)


def _examples(scope: Scope[Program]) -> Mapping[int, list[GoodExample]]:
    """The published programmes that show each factor: those of the same category first, then the freshest."""
    shows = col(Program.shown_factors) != []
    others = select(Program).where(col(Program.is_published), shows, col(Program.id) != scope.row.id)
    same: Any = col(Program.category) == scope.row.category
    ordered = others.order_by(
        same.desc(), col(Program.assured_on).desc().nulls_last(), col(Program.name), col(Program.id)
    )
    found: dict[int, list[GoodExample]] = defaultdict(list)
    for program in scope.session.exec(ordered):
        for one in program.shown_factors:
            if len(found[one["factor"]]) < MOST_EXAMPLES:
                found[one["factor"]].append(_example(program, one, scope.row))
    return found


def _example(program: Program, shown: Mapping[str, Any], beside: Program) -> GoodExample:
    return GoodExample(
        program_id=program.id,
        name=program.name,
        is_same_category=program.category == beside.category,
        evidence=shown["evidence"],
        url=shown.get("url"),
    )
