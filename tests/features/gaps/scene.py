"""Which programmes and waiting people do the tests of the gap view look at? Written directly; all invented."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import Category, Gender, Side
from app.domain.lifecycles import CohortStatus
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.matching.proposal import UnmatchedKind
from app.domain.roles import Responsibility, Role
from app.features.access.tables import UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.matching.tables import MatchingPolicy, MatchRun, MatchRunCertificate, MatchRunUnmatched
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.clock import today
from tests.world import Client, World

D = Responsibility
RECORD_DUTIES = [D.SCREEN_MENTEES, D.FOLLOW_UP_MATCHES, D.PROPOSE_MATCHES]
"""Together they lead to who the mentees are, where they stand, and whom they meet."""


@dataclass
class Scene:
    """A municipality that runs programmes in which people wait."""

    world: World
    partner: UUID = field(init=False)
    cohorts: dict[UUID, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.partner = self.world.partner("Påhittade kommunen")

    @property
    def today(self) -> date:
        return today(self.world.clock())

    def program(self, category: Category = Category.YOUTH, places: int | None = None, **over: Any) -> UUID:
        program = self.world.program(self.partner, category=category, **over)
        self.world.agree(program, {self.partner: RECORD_DUTIES})
        window: dict[str, Any] = {
            f"{one}_intake_{end}": self.today for one in ("mentor", "mentee") for end in ("from", "until")
        }
        cohort: Cohort = self.world.add(
            Cohort(
                program_id=program,
                name="Omgång",
                status=CohortStatus.OPEN,
                mentee_places=places,
                starts_on=self.today,
                ends_on=self.today + timedelta(days=200),
                **window,
            )
        )
        self.cohorts[program] = cohort.id
        return program

    def person(self, *languages: str, **over: Any) -> Participant:
        named: dict[str, Any] = {"given_name": "Påhittad", "family_name": "Person", "born_on": date(1990, 1, 1)}
        spoken = [{"code": code, "level": "native"} for code in languages]
        added: Participant = self.world.add(
            Participant(gender=Gender.FEMALE, languages=spoken, **{"partner_id": self.partner, **named, **over})
        )
        return added

    def wait(self, program: UUID, person: Participant | None = None, days: int = 40, **over: Any) -> Enrolment:
        """Somebody who has been ready for so many days, unless `over` says otherwise."""
        of = person or self.person("sv")
        given = {
            "program_id": program,
            "cohort_id": self.cohorts[program],
            "participant_id": of.id,
            "partner_id": self.partner,
            "side": Side.MENTEE,
            "status": Status.READY,
            "applied_on": self.today - timedelta(days=days),
            "ready_at": datetime.fromisoformat("2026-02-01T08:00:00+01:00"),
            **over,
        }
        added: Enrolment = self.world.add(Enrolment(**given))
        return added

    def crowd(self, program: UUID, number: int, *languages: str, district: str | None = None, **over: Any) -> list[Any]:
        return [
            self.wait(program, self.person(*languages or ("sv",), district=district), **over) for _ in range(number)
        ]

    def run(self, program: UUID, left_over: list[tuple[Any, Any]], free_places: list[int], **over: Any) -> UUID:
        """A finished matching of the programme's cohort: who was left over with which change, and the mentors' places."""
        email = f"r{self.world.number()}@example.org"
        account: UserAccount = self.world.add(
            UserAccount(name="Påhittad", role=Role.COORDINATOR, partner_id=self.partner, email=email)
        )
        policy: MatchingPolicy = self.world.add(
            MatchingPolicy(program_id=program, number=self.world.number(), document={}, digest="0" * 64)
        )
        of: dict[str, Any] = {"program_id": program}
        run: MatchRun = self.world.add(
            MatchRun(
                **of,
                cohort_id=self.cohorts[program],
                policy_id=policy.id,
                policy_number=1,
                seed=1,
                requested_by_user_id=account.id,
                trace_id="t",
                **{"status": "completed", "finished_at": self.world.clock(), **over},
            )
        )
        mentors = [{"enrolment_id": str(run.id), "price": 0, "free_places": one} for one in free_places]
        self.world.add(MatchRunCertificate(**of, run_id=run.id, base=1, weight=0, bound=0, mentees=[], mentors=mentors))
        for enrolment, change in left_over:
            self.world.add(
                MatchRunUnmatched(
                    **of,
                    run_id=run.id,
                    mentee_enrolment_id=enrolment.id,
                    kind=UnmatchedKind.PLACES_RAN_OUT if change == "places" else UnmatchedKind.NO_FEASIBLE_MENTOR,
                    feasible_mentors=0,
                    smallest_change=None if change in {None, "places"} else {"constraints": [change], "opens": 1},
                )
            )
        return run.id

    def handler(self) -> Client:
        """Who may read every record of the programmes."""
        return self.world.client(Role.CASE_HANDLER, self.partner)

    def stranger(self, role: Role = Role.COORDINATOR) -> Client:
        """Somebody of another partner, who knows nobody."""
        return self.world.client(role, self.world.partner("Påhittade företaget"))


def asked(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/gaps{query}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def by(view: dict[str, Any], *names: str) -> dict[Any, dict[str, Any]]:
    """The cells by their values."""
    return {tuple(cell[name] for name in names): cell for cell in view["cells"]}


def told(cell: dict[str, Any]) -> tuple[Any, Any]:
    return cell["waiting"]["value"], cell["ready"]["value"]
