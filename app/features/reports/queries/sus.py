"""What does the follow-up of joint efforts (SUS) want to know of each enrolment in a period: in, out, before, after?"""

from sqlalchemy import RowMapping, text

from app.domain.errors import RuleViolation
from app.domain.glossary import Gender
from app.domain.outcomes import (
    EducationLevel,
    IncomeSource,
    Occasion,
    Occupation,
    OutcomeFact,
    end_kind,
    sus_increased,
    sus_public_support_ended,
)
from app.domain.reports import Tertial
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports.queries.asking import asked_by, period_of
from app.features.reports.queries.stays import JUDGED_STAYS, WITHDREW
from app.features.reports.schemas import SusExport, SusQuery, SusRow, SusSituation, TertialQuery

MOST_ROWS = 20_000
_SITUATION = ("on", "income", "occupation", "extent", "education")

# Each enrolment is a row of its own. Of whoever is anonymous, or has withdrawn the consent that the program rests on,
# there is a row with the gender and the year, and nothing else.
ROWS = text(f"""
{JUDGED_STAYS}
select m.id as enrolment_id, m.participant_id, a.gender,
       a.is_anonymous or (m.participant_id, m.program_id) in ({WITHDREW}) as is_anonymous,
       extract(year from a.born_on)::int as birth_year, m.began_on, m.ended_on, e.exit_reason,
       m.entry_on, m.entry_income, m.entry_occupation, m.entry_extent, n.education as entry_education,
       m.leaving_on, m.leaving_income, m.leaving_occupation, m.leaving_extent, x.education as leaving_education,
       count(*) over () as total
  from measured m
  join participant a on a.id = m.participant_id
  join enrolment e on e.id = m.id
  left join outcome n on n.enrolment_id = m.id and n.occasion = '{Occasion.ENTRY}'
  left join outcome x on x.enrolment_id = m.id and x.occasion = '{Occasion.EXIT}'
 where m.refused is null and m.began_on <= :last_on and coalesce(m.ended_on, 'infinity') >= :first_on
 order by m.began_on, m.id limit :limit offset :offset
""")  # noqa: S608  made of constants


def sus_page(scope: Scope[Program], query: SusQuery) -> tuple[list[SusRow], int]:
    """One page of the rows, and how many there are in all. Raises as `sus_export`."""
    return _rows(scope, query, query.limit, (query.page - 1) * query.limit)


def sus_export(scope: Scope[Program], query: TertialQuery) -> SusExport:
    """All rows of a tertial.

    Raises: `report.too_many_rows` for more than MOST_ROWS, `report.period_incomplete`, `report.period_not_begun`.
    """
    rows, total = _rows(scope, query, MOST_ROWS, 0)
    if total > MOST_ROWS:
        raise RuleViolation("report.too_many_rows", most=MOST_ROWS)
    return SusExport(period_id=str(period_of(query, scope.today)), rows=rows)


@looks_beyond_reach
def _rows(scope: Scope[Program], query: TertialQuery, limit: int, offset: int) -> tuple[list[SusRow], int]:
    tertial = period_of(query, scope.today)
    asked = asked_by(scope, tertial, frozenset({scope.row.id}))
    given = {**asked.parameters, "limit": limit, "offset": offset}
    wanted = ROWS.compile().params
    found = scope.session.connection().execute(ROWS, {name: given[name] for name in wanted}).mappings().all()
    return [_row(one, tertial) for one in found], found[0]["total"] if found else 0


def _row(row: RowMapping, tertial: Tertial) -> SusRow:
    if row["is_anonymous"]:
        return SusRow(is_anonymous=True, year=tertial.year, gender=Gender(row["gender"]))
    first_on, last_on = tertial.period()
    before, after = _fact(row, "entry", Occasion.ENTRY), _fact(row, "leaving", Occasion.EXIT)
    has_ended = row["ended_on"] is not None and row["ended_on"] <= last_on
    is_compared = has_ended and before is not None and after is not None
    return SusRow(
        is_anonymous=False,
        year=tertial.year,
        gender=Gender(row["gender"]),
        birth_year=row["birth_year"],
        enrolment_id=row["enrolment_id"],
        entered_on=row["began_on"],
        is_entry=first_on <= row["began_on"] <= last_on,
        exited_on=row["ended_on"] if has_ended else None,
        end=end_kind(row["exit_reason"]) if has_ended else None,
        before=_situation(before),
        after=_situation(after) if has_ended else None,
        has_increased=sus_increased(before, after).counts if is_compared and before and after else None,
        public_support_ended=sus_public_support_ended(before, after).counts
        if is_compared and before and after
        else None,
    )


def _fact(row: RowMapping, name: str, occasion: Occasion) -> OutcomeFact | None:
    on, income, occupation, extent, education = (row[f"{name}_{one}"] for one in _SITUATION)
    if on is None:
        return None
    level = None if education is None else EducationLevel(education)
    return OutcomeFact(occasion, on, IncomeSource(income), Occupation(occupation), extent, education=level)


def _situation(fact: OutcomeFact | None) -> SusSituation | None:
    if fact is None:
        return None
    return SusSituation(
        observed_on=fact.on,
        income_source=fact.income_source,
        occupation=fact.occupation,
        extent_percent=fact.extent_percent,
        education=fact.education,
    )
