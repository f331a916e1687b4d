"""What does the gap view say to this caller: exact numbers of records they know, protected ones of the rest?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from app.domain.errors import RuleViolation
from app.domain.gaps import Dimension, GapKey, Part, Supply, supply_in, waited
from app.domain.glossary import Category, Listing, ProgramKind
from app.domain.missing import gap_texts
from app.domain.statistics import tell
from app.features.access.scope import Scope
from app.features.gaps.queries.asking import Asker, asker, stranger
from app.features.gaps.queries.waiting import NOBODY, Waiting, waiting_in
from app.features.gaps.schemas import (
    MOST_CELLS,
    GapCell,
    GapNumbers,
    GapPart,
    GapQuery,
    GapText,
    GapView,
    PeopleAmount,
    ProgramCounts,
)


def view(scope: Scope[None], query: GapQuery) -> GapView:
    """The parts that were asked for, and the total. Raises: `gap.too_many_cells`."""
    asking, key = asker(scope), query.key
    cells = list(_cells(scope.session, asking, query.by, key, scope.today)) if query.by else []
    if len(cells) > MOST_CELLS:
        raise RuleViolation("gap.too_many_cells", most=MOST_CELLS)
    return GapView(
        as_of=scope.now,
        asked=GapPart.model_validate(query.model_dump(exclude={"by"})),
        by=query.by,
        population=GapText(**gap_texts()["population"]),
        method=asking.method(key),
        total=_total(scope.session, asking, key, scope.today),
        cells=cells,
    )


def numbers(session: Session, key: GapKey, today: date) -> GapNumbers:
    """One part as somebody may have it who knows nothing: to be kept, and read by all who read what keeps it."""
    return _total(session, stranger(session), key, today)


def _total(session: Session, asking: Asker, key: GapKey, today: date) -> GapNumbers:
    supply = supply_in(asking.offers.values(), (), key).get((), Supply())
    found = waiting_in(session, asking, (), key).get((), NOBODY)
    return GapNumbers.model_validate(_told(asking, key, supply, found, today))


def _cells(session: Session, asking: Asker, by: Sequence[Dimension], key: GapKey, today: date) -> Iterator[GapCell]:
    """In the order of the parts. That a part exists because somebody lives there is told only when its people are."""
    supplies, found = supply_in(asking.offers.values(), by, key), waiting_in(session, asking, by, key)
    for part in sorted(supplies.keys() | found.keys(), key=_by_name):
        told = _told(asking, _narrowed(key, by, part), supplies.get(part, Supply()), found.get(part, NOBODY), today)
        if part in supplies or told["waiting"].value is not None:
            split = dict(zip((one.value for one in by), part, strict=True))
            whole = {"category": None, "kind": None, "language": None, "district": None}
            yield GapCell.model_validate({**told, **whole, **split})


def _by_name(part: Part) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in part]


def _narrowed(key: GapKey, by: Sequence[Dimension], part: Part) -> GapKey:
    """The key of one cell, as far as it decides which programmes' people can be in it."""
    values = dict(zip(by, part, strict=True))
    category, kind = values.get(Dimension.CATEGORY), values.get(Dimension.KIND)
    return replace(
        key,
        category=key.category if category is None else Category(category),
        kind=key.kind if kind is None else ProgramKind(kind),
    )


def _told(asking: Asker, key: GapKey, supply: Supply, found: Waiting, today: date) -> dict[str, Any]:
    is_known = asking.knows(key)
    waiting = tell(found.waiting, found.waiting, asking.noise, is_known=is_known)
    ready = tell(found.ready, found.waiting, asking.noise, is_known=is_known)
    oldest = waited(_days(found.since, today), _days(found.reached, today), is_known=is_known)
    return {
        "programs": ProgramCounts.model_validate({one.value: supply.programs[one] for one in Listing}),
        "places": supply.places,
        "programs_without_places": supply.without_places,
        "waiting": PeopleAmount.of(waiting),
        "ready": PeopleAmount.of(ready),
        "oldest_waiting_days": oldest.days,
        "oldest_waiting_months": oldest.months,
    }


def _days(since: date | None, today: date) -> int | None:
    return None if since is None else (today - since).days
