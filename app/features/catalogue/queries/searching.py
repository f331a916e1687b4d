"""Which published programmes are meant? Words by PostgreSQL's full text search in Swedish, and the filters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col

from app.features.catalogue.schemas.entries import FacetName, FacetQuery
from app.features.programs.tables import Program

SEARCH = Program.__table__.c.search  # type: ignore[attr-defined]  # the database's own column, see the table
CLOSING_QUOTE = r"'(?=[ )]|$)"


def words(q: str) -> ColumnElement[Any]:
    """What was typed as a text query: stems of Swedish words or the words as written, each also as a beginning.

    `websearch_to_tsquery` takes anything that people type. A search for stop words alone («och») finds names with them.
    A subquery: it is worked out once and not for each row.
    """
    stems, written = (func.websearch_to_tsquery(one, q) for one in ("swedish", "simple"))
    return select(_beginnings(stems).op("||")(_beginnings(written))).scalar_subquery()


def _beginnings(query: ColumnElement[Any]) -> ColumnElement[Any]:
    """Every word of a text query as a prefix: «mentor» is to find «mentorskapsprogram»."""
    return cast(func.regexp_replace(cast(query, Text), CLOSING_QUOTE, "':*", "g"), TSQUERY)


def always(query: FacetQuery) -> list[ColumnElement[bool]]:
    """The conditions that no facet sets aside: published, the words, who is let in."""
    wanted: list[ColumnElement[bool]] = [col(Program.is_published).is_(True)]
    if query.q and query.q.strip():
        wanted.append(SEARCH.op("@@")(words(query.q)))
    if query.is_example is not None:
        wanted.append(col(Program.is_example) == query.is_example)
    if query.age is not None:
        rules: Any = Program.eligibility
        wanted += [
            func.coalesce(rules["minAge"].as_integer(), 0) <= query.age,
            func.coalesce(rules["maxAge"].as_integer(), query.age) >= query.age,
        ]
    return wanted


def by_facet(query: FacetQuery) -> Mapping[FacetName, ColumnElement[bool]]:
    """The condition of each facet that the query narrows."""
    languages, districts, factors = (col(getattr(Program, one)) for one in ("languages", "districts", "shown_factors"))
    every = {
        FacetName.CATEGORY: (query.category, col(Program.category) == query.category),
        FacetName.KIND: (query.kind, col(Program.kind) == query.kind),
        FacetName.LISTING: (query.listing, col(Program.listing) == query.listing),
        FacetName.LANGUAGE: (query.language, languages.contains([query.language])),
        FacetName.DISTRICT: (query.district, districts.contains([query.district])),
        FacetName.MUNICIPALITY_CODE: (
            query.municipality_code,
            col(Program.municipality_code) == query.municipality_code,
        ),
        FacetName.FACTOR: (query.factor, factors.contains([{"factor": query.factor}])),
    }
    return {name: condition for name, (value, condition) in every.items() if value is not None}


def order(query: FacetQuery) -> list[Any]:
    """The best first where words are searched for, otherwise by name; always the same for the same rows."""
    by_name = [col(Program.name), col(Program.id)]
    if not query.q or not query.q.strip():
        return by_name
    return [func.ts_rank(SEARCH, words(query.q)).desc(), *by_name]
