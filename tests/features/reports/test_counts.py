"""Does the database count as the domain's rules do, record by record, over records of every kind?"""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.figures import Measure
from app.domain.glossary import Category, ExitReason, Gender, Side
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.outcomes import IncomeSource, Occasion, Occupation, OutcomeFact
from app.domain.reports import Tertial
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.tables import Outcome
from app.features.participants.tables import Participant
from app.features.reports.queries.counts import Asked, tallies
from app.kit.clock import STOCKHOLM
from app.kit.ids import new_id
from tests.features.reports.oracle import Numbers, Stay, count
from tests.features.reports.test_router import Committee
from tests.world import World

TERTIAL = Tertial(2025, 3)
OFFSETS = {Occasion.ENTRY: None, Occasion.EXIT: 0, Occasion.AFTER_ONE_MONTH: 30, Occasion.AFTER_SIX_MONTHS: 182}


class Randomly:
    """Stays of every kind, written down twice: as rows, and as the oracle sees them."""

    def __init__(self, committee: Committee, seed: int) -> None:
        self.committee, self.chance = committee, random.Random(seed)  # noqa: S311  a test repeats itself
        self.categories = (Category.YOUTH, Category.YOUTH, Category.OTHER)
        self.programs = [committee.program(category=one) for one in self.categories]
        self.people: list[Participant] = []
        self.rows: list[Any] = []
        self.stays: list[Stay] = []
        self.open: set[tuple[int, UUID]] = set()

    def fill(self, number: int) -> None:
        nobody: dict[str, Any] = {"given_name": "Påhittad", "family_name": "Person", "born_on": date(1990, 1, 1)}
        for _ in range(number):
            if not self.people or self.chance.random() < 0.8:
                given: dict[str, Any] = {"partner_id": self.committee.partner, "gender": Gender.OTHER, **nobody}
                self.people.append(Participant(id=new_id(), **given))
                self.rows.append(self.people[-1])
            self.enrol(self.chance.choice(self.people))
        self.committee.world.add(*self.rows)

    def day(self, around: date, days: int) -> date:
        return around + timedelta(days=self.chance.randint(-days, days))

    def enrol(self, person: Participant) -> None:
        place = self.chance.randrange(len(self.programs))
        status = self.chance.choice([Status.READY, Status.PAUSED, Status.REGISTERED_IN_ERROR, *[Status.EXITED] * 6])
        if (place, person.id) in self.open:  # nobody takes part twice at once in one cohort
            status = Status.EXITED
        elif status in {Status.READY, Status.PAUSED}:
            self.open.add((place, person.id))
        began_on = self.day(date(2025, 8, 1), 120)
        has_ended = status is Status.EXITED
        ended_on = self.day(date(2025, 10, 15), 150) if has_ended else None
        if ended_on is not None:
            began_on = min(began_on, ended_on)
        row = Enrolment(
            id=new_id(),
            program_id=self.programs[place],
            cohort_id=self.committee.cohorts[self.programs[place]],
            participant_id=person.id,
            partner_id=self.committee.partner,
            side=Side.MENTEE,
            status=status,
            applied_on=began_on,
            ready_at=datetime.combine(began_on, time(0, 30), STOCKHOLM),
            exited_on=ended_on,
            exit_reason=ExitReason.PLANNED_END if has_ended else None,
        )
        self.rows.append(row)
        facts = list(self.outcomes(row)) if ended_on else []
        self.stays.append(
            Stay(
                id=str(row.id),
                person=str(person.person_id),
                program=str(row.program_id),
                category=self.categories[place].value,
                began_on=began_on,
                ended_on=ended_on,
                is_registered_in_error=status is Status.REGISTERED_IN_ERROR,
                outcomes=tuple(facts),
            )
        )

    def outcomes(self, row: Enrolment) -> Any:
        assert row.exited_on is not None
        job_began_on = self.chance.choice([None, self.day(row.exited_on, 45)])
        for occasion, after in OFFSETS.items():
            if self.chance.random() < 0.25:
                continue
            on = row.applied_on if after is None else row.exited_on + timedelta(days=after + self.chance.randint(0, 9))
            began_on = job_began_on if occasion is not Occasion.ENTRY else None
            ended_on = began_on + timedelta(days=self.chance.randint(0, 90)) if began_on and after == 0 else None
            fact = OutcomeFact(
                occasion=occasion,
                on=on,
                income_source=self.chance.choice(list(IncomeSource)),
                occupation=self.chance.choice([Occupation.WORK, Occupation.WORK, *Occupation]),
                extent_percent=self.chance.choice([0, 25, 50, 100]),
                began_on=began_on,
                ended_on=self.chance.choice([None, ended_on]),
                has_study_aid=self.chance.random() < 0.5,
            )
            self.rows.append(self.row_of(row, fact))
            yield fact

    def row_of(self, row: Enrolment, fact: OutcomeFact) -> Outcome:
        same = {name: getattr(fact, name) for name in Outcome.model_fields if hasattr(fact, name)}
        return Outcome(
            **same,
            observed_on=fact.on,
            program_id=row.program_id,
            enrolment_id=row.id,
            participant_id=row.participant_id,
            partner_id=row.partner_id,
            recorded_by_user_id=self.committee.user.id,
        )

    def counted(self, known: frozenset[UUID]) -> tuple[Numbers, Any]:
        programs = frozenset(self.programs)
        first_on, last_on = TERTIAL.period()
        with self.committee.world.runtime.database.transaction() as session:
            found = tallies(session, Asked(programs, known, known, first_on, last_on, last_on, 7))
        return {
            scope: {one: (tally.people[one].exact, tally.stays[one].exact) for one in Measure if tally.stays[one].exact}
            for scope, tally in found.items()
        }, found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_counts_as_the_rules_do(world: World, seed: int) -> None:
    written = Randomly(Committee(world), seed)
    written.fill(250)
    expected = count(written.stays, TERTIAL)
    assert len(expected) == 6
    assert {measure for by_measure in expected.values() for measure in by_measure} == set(Measure)
    counted, _ = written.counted(frozenset())
    assert counted == expected


def test_what_is_known_is_told_apart_and_persons_are_counted_once(world: World) -> None:
    written = Randomly(Committee(world), 3)
    written.fill(120)
    expected = count(written.stays, TERTIAL)
    known = frozenset(written.programs[:1])
    counted, found = written.counted(known)
    assert counted == expected
    for scope, tally in found.items():
        if scope.key == str(written.programs[0]):
            assert all(tally.people[one].rest.count == 0 for one in Measure)
        elif scope.key is not None and scope.key != Category.YOUTH.value:
            assert all(tally.people[one].known == 0 for one in Measure)
