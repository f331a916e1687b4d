"""Who is to become invisible? A person with rows in every slice, and everybody who might come upon them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import Session

from app.domain.glossary import Gender, Side
from app.domain.grants import WORKERS
from app.domain.lifecycles import (
    ClearanceStatus,
    CohortStatus,
    EnrolmentStatus,
    RunStatus,
)
from app.domain.matching.policy import default_policy_document
from app.domain.roles import Permission, Responsibility, Role
from app.features.access.tables import UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.matching.tables import MatchRun
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.features.protection.tables import Clearance
from app.features.referrals.tables import Referral
from app.kit.clock import today
from tests.features.protection import rows
from tests.world import Client, World

EVERY_SCOPE = sorted(permission.value for permission in Permission)
STAFF = sorted(set(Role) - {Role.MENTOR, Role.MENTEE, Role.SYSTEM_ADMINISTRATOR})
NAMES = ("Kanariefagel", "Gulfjaderson", "kanarie@example.org", "+46709998877")


@dataclass
class Scene:
    """`holder` holds the person, `duties` answers for everything in the program, `other` holds the mentor."""

    world: World
    holder: UUID = field(init=False)
    duties: UUID = field(init=False)
    other: UUID = field(init=False)
    program: UUID = field(init=False)
    cohort: UUID = field(init=False)
    person: Participant = field(init=False)
    mentor: Participant = field(init=False)
    enrolment: Enrolment = field(init=False)
    mentors_enrolment: Enrolment = field(init=False)
    match: Match = field(init=False)
    run: MatchRun = field(init=False)
    referral: Referral = field(init=False)
    themself: Client = field(init=False)
    mentor_themself: Client = field(init=False)
    handler: Client = field(init=False)
    cleared_user: UserAccount = field(init=False)
    cleared: Client = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.holder, self.duties, self.other = (world.partner(name) for name in ("Hållarna", "Plikten", "Bolaget"))
        self.program = world.program(self.duties)
        self.policy_document = default_policy_document("sv-adult-labour")
        held: dict[UUID, list[Responsibility]] = {self.duties: list(Responsibility), self.holder: [], self.other: []}
        world.agree(self.program, held)
        self.cohort = self._cohort()
        self.handler = world.client(Role.CASE_HANDLER, self.holder)
        self.cleared_user = self._user(Role.CASE_HANDLER, self.holder)
        self.cleared = world.client_for(self.cleared_user)
        self.person, self.themself = self._person(self.holder, Side.MENTEE, *NAMES)
        self.mentor, self.mentor_themself = self._person(self.other, Side.MENTOR, "Påhittad", "Mentorsson", None, None)
        self.enrolment = self._enrol(self.person, Side.MENTEE)
        self.mentors_enrolment = self._enrol(self.mentor, Side.MENTOR)
        self.match = rows.pair(self)
        self.referral = rows.facts(self)
        rows.training(self)
        self.run = rows.add_run(self, RunStatus.COMPLETED)
        rows.changes(self)

    @property
    def today(self) -> date:
        return today(self.world.clock())

    @property
    def path(self) -> str:
        return f"/participants/{self.person.id}"

    def clear(self, until: int = 90) -> Clearance:
        """A clearance of the cleared handler, in force for so many days."""
        made: Clearance = self.world.add(
            Clearance(
                partner_id=self.holder,
                user_id=self.cleared_user.id,
                status=ClearanceStatus.APPROVED,
                valid_until=self.today + timedelta(days=until),
                proposed_by_user_id=self._user(Role.COORDINATOR, self.holder).id,
            )
        )
        return made

    def protect(self, client: Client | None = None, level: str = "protectedRegistration") -> httpx.Response:
        return (client or self.handler).put(f"{self.path}/protection", {"level": level}, headers={"If-Match": "*"})

    def lift(self, client: Client) -> httpx.Response:
        return client.call("DELETE", f"{self.path}/protection", headers={"If-Match": "*"})

    def uncleared(self) -> dict[str, Client]:
        """Everybody who might come upon the person, and is not cleared."""
        found = {"nobody": self.world.anonymous}
        partners = {"holder": self.holder, "duties": self.duties, "other": self.other}
        for name, partner in partners.items():
            for role in STAFF if name == "holder" else sorted(WORKERS):
                scopes = EVERY_SCOPE if role is Role.SERVICE else None
                found[f"{role} of {name}"] = self.world.client(role, partner, scopes)
        found["systemAdministrator"] = self.world.client(Role.SYSTEM_ADMINISTRATOR)
        found["another mentee"] = self._person(self.holder, Side.MENTEE, "Annan", "Adeptsson", None, None)[1]
        return found

    def _cohort(self) -> UUID:
        days: dict[str, Any] = {f"{side}_intake_{end}": self.today for side in Side for end in ("from", "until")}
        cohort: Cohort = self.world.add(
            Cohort(
                program_id=self.program,
                name=f"Omgång {self.world.number()}",
                starts_on=self.today,
                ends_on=self.today + timedelta(days=90),
                status=CohortStatus.OPEN,
                **days,
            )
        )
        return cohort.id

    def _user(self, role: Role, partner: UUID) -> UserAccount:
        email = f"u{self.world.number()}@example.org"
        added: UserAccount = self.world.add(
            UserAccount(name="Påhittad Personal", role=role, partner_id=partner, email=email)
        )
        return added

    def _person(
        self, partner: UUID, side: Side, given: str, family: str, email: str | None, phone: str | None
    ) -> tuple[Participant, Client]:
        account = self._user(Role(side.value), partner)
        row: Participant = self.world.add(
            Participant(
                partner_id=partner,
                user_id=account.id,
                given_name=given,
                family_name=family,
                email=email,
                phone=phone,
                born_on=date(1980, 1, 1),
                gender=Gender.UNDISCLOSED,
                municipality_code="0182",
                district="Påhittade berget",
            )
        )
        return row, self.world.client_for(account)

    def _enrol(self, person: Participant, side: Side) -> Enrolment:
        added: Enrolment = self.world.add(
            Enrolment(
                program_id=self.program,
                cohort_id=self.cohort,
                participant_id=person.id,
                partner_id=person.partner_id,
                side=side,
                applied_on=self.today,
                status=EnrolmentStatus.READY,
                ready_at=self.world.clock(),
            )
        )
        return added

    def stored(self, kind: type[Any], row_id: UUID) -> Any:
        """A row as it is in the database."""
        with Session(self.world.engine) as session:
            return session.get_one(kind, row_id)
