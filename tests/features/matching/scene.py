"""Which partners, cohort and people do tests of matching need? Written directly, all invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from app.domain.changes import ChangeKind
from app.domain.glossary import Gender, Goal, Side
from app.domain.lifecycles import CohortStatus, EnrolmentStatus, MatchStatus
from app.domain.matching.policy import default_policy_document
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import ResponsibilityAssignment, UserAccount
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.matching.jobs import run_matching
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.clock import today
from tests.world import Client, World

EVENINGS = [17, 18, 19, 20, 41, 42, 43, 44]


@dataclass
class Scene:
    """A municipality proposes matches, an association approves them and a business supports it in that."""

    world: World
    municipality: UUID = field(init=False)
    association: UUID = field(init=False)
    business: UUID = field(init=False)
    program: UUID = field(init=False)
    agreement: UUID = field(init=False)
    cohort: UUID = field(init=False)
    starter: UserAccount = field(init=False)
    proposer: Client = field(init=False)
    approver: Client = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.municipality = world.partner("Påhittade kommunen")
        self.association = world.partner("Påhittade föreningen")
        self.business = world.partner("Påhittade bolaget")
        self.program = world.program(self.municipality, is_published=False)
        self.agreement = world.agree(
            self.program,
            {
                self.municipality: [Responsibility.PROPOSE_MATCHES],
                self.association: [Responsibility.APPROVE_MATCHES],
                self.business: [],
            },
        )
        self.support(self.business, Responsibility.APPROVE_MATCHES)
        self.cohort = self.new_cohort()
        self.starter = world.add(
            UserAccount(
                name="Påhittad Samordnare",
                role=Role.COORDINATOR,
                partner_id=self.municipality,
                email=f"s{world.number()}@example.org",
            )
        )
        self.proposer = world.client_for(self.starter)
        self.approver = world.client(Role.COORDINATOR, self.association)

    @property
    def today(self) -> date:
        return today(self.world.clock())

    @property
    def policies(self) -> str:
        return f"/programs/{self.program}/matching-policies"

    @property
    def runs(self) -> str:
        return f"/programs/{self.program}/match-runs"

    def support(self, partner: UUID, duty: Responsibility) -> None:
        """Let a partner support a duty, without being accountable for it."""
        self.world.add(
            ResponsibilityAssignment(
                program_id=self.program,
                partner_id=partner,
                duty=duty,
                level=Level.SUPPORTING,
                agreement_id=self.agreement,
                valid_from=self.today - timedelta(days=30),
            )
        )

    def new_cohort(self, status: CohortStatus = CohortStatus.OPEN) -> UUID:
        day = self.today
        cohort: Cohort = self.world.add(
            Cohort(
                program_id=self.program,
                name=f"Omgång {self.world.number()}",
                starts_on=day,
                ends_on=day + timedelta(days=90),
                mentor_intake_from=day,
                mentor_intake_until=day,
                mentee_intake_from=day,
                mentee_intake_until=day,
                status=status,
            )
        )
        return cohort.id

    def publish_policy(self, **constraints: Any) -> dict[str, Any]:
        document = default_policy_document("sv-adult-labour")
        document["constraints"].update(constraints)
        return self.proposer.made(self.policies, {"document": document})

    def enrol(self, side: Side, person: dict[str, Any] | None = None, **over: Any) -> Enrolment:
        """Somebody ready, who fits everybody unless `person` says otherwise; `over` changes the enrolment."""
        given = {
            "municipality_code": "0182",
            "languages": [{"code": "sv", "level": "B2"}],
            "occupation_code": "2512",
            "availability": EVENINGS,
            "goals": [Goal.FIND_WORK],
            **(person or {}),
        }
        number = self.world.number()
        known = {"given_name": f"Påhittad{number}", "family_name": "Personsson", "born_on": date(1980, 1, 1)}
        held = {"partner_id": over.get("partner_id", self.association), "gender": Gender.UNDISCLOSED}
        participant = Participant(**{**known, **held, **given})
        self.world.add(participant)
        enrolment: Enrolment = self.world.add(
            Enrolment(
                **{
                    "program_id": self.program,
                    "cohort_id": self.cohort,
                    "participant_id": participant.id,
                    "partner_id": self.association,
                    "side": side,
                    "applied_on": self.today - timedelta(days=number % 50),
                    "status": EnrolmentStatus.READY,
                    **over,
                }
            )
        )
        return enrolment

    def mentor(self, person: dict[str, Any] | None = None, **over: Any) -> Enrolment:
        return self.enrol(Side.MENTOR, person, **over)

    def mentee(self, person: dict[str, Any] | None = None, **over: Any) -> Enrolment:
        return self.enrol(Side.MENTEE, person, **over)

    def match(self, mentor: Enrolment, mentee: Enrolment, status: MatchStatus, **over: Any) -> Match:
        """A match that stands in some state, whatever led to it."""
        made: Match = self.world.add(
            Match(
                **{
                    "program_id": mentor.program_id,
                    "cohort_id": mentor.cohort_id,
                    "mentor_enrolment_id": mentor.id,
                    "mentee_enrolment_id": mentee.id,
                    "mentor_participant_id": mentor.participant_id,
                    "mentee_participant_id": mentee.participant_id,
                    "mentor_partner_id": mentor.partner_id,
                    "mentee_partner_id": mentee.partner_id,
                    "status": status,
                    "answer_by": self.today,
                    **over,
                }
            )
        )
        return made

    def request(self, **over: Any) -> str:
        """The path of a run that has been asked for."""
        made = self.proposer.made(self.runs, {"cohortId": str(self.cohort), **over}, status=202)
        return f"/match-runs/{made['id']}"

    def run(self, **over: Any) -> str:
        """The path of a run that the job has carried out."""
        path = self.request(**over)
        self.carry_out(path)
        return path

    def carry_out(self, path: str) -> None:
        run_matching(self.world.runtime, path.rpartition("/")[2])

    def read(self, path: str) -> dict[str, Any]:
        found = self.proposer.get(path)
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body

    def items(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read(f"{path}?limit=200")["items"]
        return found

    def pairs(self, path: str) -> set[tuple[str, str]]:
        """(mentor, mentee) of every suggested pair, as ids of enrolments."""
        return {(one["mentorEnrolmentId"], one["menteeEnrolmentId"]) for one in self.items(f"{path}/pairs")}

    def count(self, table: Any, *conditions: Any) -> int:
        with Session(self.world.engine) as session:
            return session.exec(select(func.count()).select_from(table).where(*conditions)).one()

    def changes(self, path: str, kind: ChangeKind) -> int:
        """How often this happened to a run."""
        run_id = UUID(path.rpartition("/")[2])
        return self.count(Change, col(Change.subject_id) == run_id, col(Change.kind) == kind)


def nowhere() -> str:
    return str(uuid4())


def small(scene: Scene) -> None:
    """Two mentors, three mentees, all alike but for how long they have waited."""
    for _ in range(2):
        scene.mentor()
    for _ in range(3):
        scene.mentee()
