"""What are the figures, counted once more, slowly and record by record, with the domain's own rules?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.days import add_months
from app.domain.figures import Measure
from app.domain.outcomes import PUBLIC_SUPPORT, Occasion, OutcomeFact, verdicts
from app.domain.reports import FigureScope, ScopeKind, Tertial


@dataclass(frozen=True)
class Stay:
    """One enrolment as the report sees it; `began_on` is None for never, `ended_on` for not yet."""

    id: str
    person: str
    program: str
    category: str
    began_on: date | None
    ended_on: date | None = None
    is_registered_in_error: bool = False
    outcomes: tuple[OutcomeFact, ...] = ()

    def measures(self, tertial: Tertial) -> set[Measure]:
        """What is true of it in the period."""
        first_on, last_on = tertial.period()
        if self.is_registered_in_error or self.began_on is None:
            return set()
        found = set()
        if self.began_on <= last_on and (self.ended_on or date.max) >= first_on:
            found.add(Measure.IN_EFFORT)
        if self.ended_on and first_on <= self.ended_on <= last_on:
            found |= {Measure.ENDED, *self._results()}
        leaving = self._at(Occasion.EXIT)
        if self.ended_on and leaving and first_on <= add_months(leaving.on, 6) <= last_on:
            found.add(Measure.SIX_MONTHS_AFTER)
            if verdicts(self.outcomes)["esfLongTerm"].counts:
                found.add(Measure.AT_WORK_SIX_MONTHS_AFTER)
        return found

    def _results(self) -> Iterable[Measure]:
        told = verdicts(self.outcomes)
        entry, leaving = self._at(Occasion.ENTRY), self._at(Occasion.EXIT)
        if told["kolada"].counts:
            yield Measure.TO_SELF_SUFFICIENCY
        if told["esfImmediate"].counts:
            yield Measure.NEW_WITHIN_A_MONTH
        if entry is None or leaving is None:
            return
        yield Measure.BEFORE_AND_AFTER
        if told["susIncreased"].counts:
            yield Measure.INCREASED
        if entry.income_source in PUBLIC_SUPPORT:
            yield Measure.SUPPORTED_BEFORE
        if told["susPublicSupportEnded"].counts:
            yield Measure.SUPPORT_ENDED

    def _at(self, occasion: Occasion) -> OutcomeFact | None:
        return next((fact for fact in self.outcomes if fact.occasion is occasion), None)

    @property
    def scopes(self) -> tuple[FigureScope, ...]:
        return (
            FigureScope(ScopeKind.TOTAL),
            FigureScope(ScopeKind.CATEGORY, self.category),
            FigureScope(ScopeKind.PROGRAM, self.program),
        )


Numbers = dict[FigureScope, dict[Measure, tuple[int, int]]]


def count(stays: Iterable[Stay], tertial: Tertial) -> Numbers:
    """By scope and measure: how many persons, and how many stays."""
    people: dict[FigureScope, dict[Measure, set[str]]] = defaultdict(lambda: defaultdict(set))
    each: dict[FigureScope, dict[Measure, int]] = defaultdict(lambda: defaultdict(int))
    for stay in stays:
        for measure in stay.measures(tertial):
            for scope in stay.scopes:
                people[scope][measure].add(stay.person)
                each[scope][measure] += 1
    return {
        scope: {measure: (len(found), each[scope][measure]) for measure, found in by_measure.items()}
        for scope, by_measure in people.items()
    }
