"""Where do enrolments take place? A program with an open cohort, and partners that share its duties."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

import httpx
from sqlmodel import Session, select

from app.domain.glossary import Gender, Side
from app.domain.lifecycles import CohortStatus, EnrolmentStatus, MatchStatus
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from tests.world import Client, World

PERSON: dict[str, Any] = {
    "givenName": "Påhitt",
    "familyName": "Påhittsson",
    "bornOn": "1990-02-28",
    "gender": "undisclosed",
}


@dataclass
class Scene:
    """`recruiter` recruits both sides and holds the people; `screener` screens, trains and records outcomes."""

    world: World
    owner_id: UUID
    recruiter_id: UUID
    screener_id: UUID
    program_id: UUID
    cohort_id: UUID
    owner: Client
    recruiter: Client
    screener: Client

    def person(self, **over: Any) -> dict[str, Any]:
        """Somebody whom the recruiter holds."""
        return self.recruiter.made(f"/partners/{self.recruiter_id}/participants", {**PERSON, **over})

    def apply(self, side: str = "mentee", person: dict[str, Any] | None = None, **over: Any) -> httpx.Response:
        body = {"participantId": (person or self.person())["id"], "side": side, **over}
        return self.recruiter.post(f"/cohorts/{self.cohort_id}/enrolments", body)

    def applied(self, side: str = "mentee", person: dict[str, Any] | None = None, **over: Any) -> str:
        """The path of a new enrolment."""
        response = self.apply(side, person, **over)
        assert response.status_code == 201, response.text
        return f"/enrolments/{response.json()['id']}"

    def screened(self, side: str = "mentee", person: dict[str, Any] | None = None) -> str:
        """The path of an enrolment that was found ready (and waits, when there is no place)."""
        path = self.applied(side, person)
        self.screener.made(f"{path}/screening", {"decision": "ready"}, 200)
        return path

    def status(self, path: str) -> str:
        return cast("str", self.recruiter.get(path).json()["status"])

    def move(self, path: str, to: str) -> httpx.Response:
        return self.screener.post(f"{path}/transitions", {"to": to})

    def referred(self, side: Side = Side.MENTEE, person: dict[str, Any] | None = None, **over: Any) -> str:
        """The path of an enrolment as an accepted referral leaves it, ten days ago."""
        enrolment: Enrolment = self.world.add(
            Enrolment(
                program_id=self.program_id,
                cohort_id=self.cohort_id,
                participant_id=UUID((person or self.person())["id"]),
                partner_id=self.recruiter_id,
                side=side,
                status=EnrolmentStatus.REFERRED,
                applied_on=date(2026, 2, 20),
                **over,
            )
        )
        return f"/enrolments/{enrolment.id}"

    def themself(self, role: Role = Role.MENTEE) -> tuple[Client, dict[str, Any]]:
        """A person with a login of their own, held by the recruiter."""
        email = f"p{self.world.number()}@example.org"
        user: UserAccount = self.world.add(UserAccount(name="Påhittad Person", role=role, email=email))
        person: Participant = self.world.add(
            Participant(
                partner_id=self.recruiter_id,
                user_id=user.id,
                given_name="Påhitt",
                family_name="Påhittsson",
                born_on=date(1990, 2, 28),
                gender=Gender.UNDISCLOSED,
            )
        )
        return self.world.client_for(user), {"id": str(person.id)}

    def match(self, mentor_path: str, mentee_path: str, place: int | None = None) -> None:
        """An active match of two enrolments, as a later slice would store it."""
        mentor, mentee = (self.recruiter.get(path).json() for path in (mentor_path, mentee_path))
        self.world.add(
            Match(
                program_id=self.program_id,
                cohort_id=self.cohort_id,
                mentor_enrolment_id=UUID(mentor["id"]),
                mentee_enrolment_id=UUID(mentee["id"]),
                mentor_participant_id=UUID(mentor["participantId"]),
                mentee_participant_id=UUID(mentee["participantId"]),
                mentor_partner_id=self.recruiter_id,
                mentee_partner_id=self.recruiter_id,
                status=MatchStatus.ACTIVE,
                mentor_place=place,
                answer_by=date(2026, 3, 9),
            )
        )

    def kinds(self, path: str) -> list[str]:
        """What the change log says of the row at this path, oldest first."""
        with Session(self.world.engine) as session:
            found = select(Change).where(Change.subject_id == UUID(path.rsplit("/", 1)[1])).order_by(Change.id)  # type: ignore[arg-type]  # a column at run time
            return [change.kind.value for change in session.exec(found)]


def set_scene(world: World, program: dict[str, Any] | None = None, **cohort: Any) -> Scene:
    """A published program under agreement, and a cohort of it that takes applications today (2 March 2026)."""
    owner_id, recruiter_id, screener_id = world.partner(), world.partner("Värvarna"), world.partner("Prövarna")
    program_id = world.program(owner_id, **(program or {}))
    world.agree(
        program_id,
        {
            owner_id: [Duty.DEFINE_PURPOSE, Duty.INFORM],
            recruiter_id: [Duty.RECRUIT_MENTEES, Duty.RECRUIT_MENTORS],
            screener_id: [
                Duty.SCREEN_MENTEES,
                Duty.SCREEN_MENTORS,
                Duty.TRAIN_MENTEES,
                Duty.TRAIN_MENTORS,
                Duty.RECORD_OUTCOMES,
            ],
        },
    )
    return Scene(
        world,
        owner_id,
        recruiter_id,
        screener_id,
        program_id,
        add_cohort(world, program_id, **cohort),
        world.client(Role.COORDINATOR, owner_id),
        world.client(Role.CASE_HANDLER, recruiter_id),
        world.client(Role.CASE_HANDLER, screener_id),
    )


def add_cohort(world: World, program_id: UUID, **over: Any) -> UUID:
    given = {
        "name": f"Påhittad omgång {world.number()}",
        "starts_on": date(2026, 4, 1),
        "ends_on": date(2026, 12, 31),
        "mentor_intake_from": date(2026, 2, 1),
        "mentor_intake_until": date(2026, 3, 31),
        "mentee_intake_from": date(2026, 3, 2),
        "mentee_intake_until": date(2026, 3, 2),
        "status": CohortStatus.OPEN,
        **over,
    }
    cohort: Cohort = world.add(Cohort(program_id=program_id, **given))
    return cohort.id
