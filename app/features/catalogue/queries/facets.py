"""How many programmes are there of each category, kind, language …, given what was searched for?"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlmodel import Session, col

from app.domain.catalogue import label
from app.features.catalogue.queries.searching import always, by_facet
from app.features.catalogue.schemas.entries import Facet, FacetName, FacetQuery, Facets, FacetValue
from app.features.programs.tables import Program
from app.features.readiness.schemas import Text

MOST_VALUES = 300
VALUES: Mapping[FacetName, Any] = {
    FacetName.CATEGORY: cast(col(Program.category), String),
    FacetName.KIND: cast(col(Program.kind), String),
    FacetName.LISTING: cast(col(Program.listing), String),
    FacetName.LANGUAGE: func.jsonb_array_elements_text(col(Program.languages)),
    FacetName.DISTRICT: func.jsonb_array_elements_text(col(Program.districts)),
    FacetName.MUNICIPALITY_CODE: col(Program.municipality_code),
    FacetName.FACTOR: func.jsonb_array_elements_text(
        func.jsonb_path_query_array(Program.shown_factors, cast("$[*].factor", JSONPATH))
    ),
}


def facets(session: Session, query: FacetQuery) -> Facets:
    """Every facet in one statement; each counts under all filters but its own."""
    counted: dict[FacetName, list[FacetValue]] = defaultdict(list)
    for name, value, count in session.execute(union_all(*(_counted(one, query) for one in FacetName))):
        said = label(name, value)
        counted[FacetName(name)].append(FacetValue(value=value, label=Text(**said) if said else None, count=count))
    return Facets(facets=[Facet(name=name, values=_ordered(counted[name])) for name in FacetName])


def _counted(facet: FacetName, query: FacetQuery) -> Select[Any]:
    others = [condition for name, condition in by_facet(query).items() if name is not facet]
    values = select(VALUES[facet].label("value")).where(*always(query), *others).subquery()
    counted = select(literal(facet.value), values.c.value, func.count().label("count"))
    return counted.where(values.c.value.is_not(None)).group_by(values.c.value)


def _ordered(values: list[FacetValue]) -> list[FacetValue]:
    return sorted(values, key=lambda one: (-one.count, one.value))[:MOST_VALUES]
