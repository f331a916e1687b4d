"""Which people, enrolments and matches do tests of pairs need? Written directly, all invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import Gender, Side
from app.domain.lifecycles import CohortStatus, EnrolmentStatus, MatchStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import ResponsibilityAssignment, UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer, InformationPack
from app.features.programs.tables import Cohort
from app.features.training.tables import TrainingRecord
from app.kit.clock import today
from tests.world import Client, World

D = Responsibility
DUTIES = [D.PROPOSE_MATCHES, D.APPROVE_MATCHES, D.SIGN_MATCH_AGREEMENTS, D.FOLLOW_UP_MATCHES]

EXPECTED: dict[str, Any] = {
    "goal": "findWork",
    "mainHelp": "contacts",
    "meetingsPerMonth": 2,
    "meetingMinutes": 60,
    "meetingMode": "inPerson",
    "betweenMeetings": "messages",
    "replyDays": 3,
    "firstContact": "mentor",
    "confidentiality": True,
    "noJobPromised": True,
}
"""An answer to each of the expectation questions."""


@dataclass
class Person:
    """A participant with a login."""

    row: Participant
    client: Client

    @property
    def id(self) -> UUID:
        return self.row.id


@dataclass
class Place:
    """A program run by a municipality that answers for its matches; an association holds the mentors."""

    world: World
    overrides: dict[str, Any] = field(default_factory=dict)
    """What the program sets otherwise than its benchmark profile."""
    municipality: UUID = field(init=False)
    association: UUID = field(init=False)
    program: UUID = field(init=False)
    agreement: UUID = field(init=False)
    cohort: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.municipality = self.world.partner("Påhittade kommunen")
        self.association = self.world.partner("Påhittade föreningen")
        self.program = self.world.program(self.municipality, profile_overrides=self.overrides)
        self.agreement = self.world.agree(
            self.program, {self.municipality: [*DUTIES, D.RECORD_OUTCOMES], self.association: [D.RECRUIT_MENTORS]}
        )
        self.cohort = self.new_cohort()

    @property
    def today(self) -> date:
        return today(self.world.clock())

    def staff(self, role: Role = Role.CASE_HANDLER, partner: UUID | None = None) -> Client:
        return self.world.client(role, partner or self.municipality)

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

    def new_cohort(self, days: int = 60) -> UUID:
        start = self.today
        cohort: Cohort = self.world.add(
            Cohort(
                program_id=self.program,
                name=f"Omgång {self.world.number()}",
                starts_on=start,
                ends_on=start + timedelta(days=days),
                mentor_intake_from=start,
                mentor_intake_until=start,
                mentee_intake_from=start,
                mentee_intake_until=start,
                status=CohortStatus.IN_PROGRESS,
            )
        )
        return cohort.id

    def person(self, side: Side, partner: UUID | None = None, **over: Any) -> Person:
        """A person held by the association (mentors) or the municipality (mentees)."""
        held_by = partner or (self.association if side is Side.MENTOR else self.municipality)
        number = self.world.number()
        account: UserAccount = self.world.add(
            UserAccount(
                name="Påhittad Person", role=Role(side.value), partner_id=held_by, email=f"p{number}@example.org"
            )
        )
        given = {
            "given_name": f"Påhittad{number}",
            "family_name": "Personsson",
            "email": f"p{number}@example.org",
            "phone": "+46700000000",
            "born_on": date(1980, 1, 1),
            "gender": Gender.UNDISCLOSED,
            **over,
        }
        row: Participant = self.world.add(Participant(partner_id=held_by, user_id=account.id, **given))
        return Person(row, self.world.client_for(account))

    def enrol(self, person: Person, side: Side, cohort: UUID | None = None, **over: Any) -> Enrolment:
        enrolment: Enrolment = self.world.add(
            Enrolment(
                program_id=self.program,
                cohort_id=cohort or self.cohort,
                participant_id=person.id,
                partner_id=person.row.partner_id,
                side=side,
                **{"status": EnrolmentStatus.READY, "applied_on": self.today, **over},
            )
        )
        return enrolment

    def pair(
        self, mentor: Person | None = None, cohort: UUID | None = None, mentee: Person | None = None, **over: Any
    ) -> "Pair":
        """A match of two enrolled people; proposed, unless `over` says otherwise."""
        mentor = mentor or self.person(Side.MENTOR)
        mentee = mentee or self.person(Side.MENTEE)
        enrolments = {
            Side.MENTOR: self.enrol(mentor, Side.MENTOR, cohort),
            Side.MENTEE: self.enrol(mentee, Side.MENTEE, cohort),
        }
        match: Match = self.world.add(
            Match(
                program_id=self.program,
                cohort_id=cohort or self.cohort,
                mentor_enrolment_id=enrolments[Side.MENTOR].id,
                mentee_enrolment_id=enrolments[Side.MENTEE].id,
                mentor_participant_id=mentor.id,
                mentee_participant_id=mentee.id,
                mentor_partner_id=mentor.row.partner_id,
                mentee_partner_id=mentee.row.partner_id,
                **{"answer_by": self.today + timedelta(days=14), **over},
            )
        )
        return Pair(self, match, mentor, mentee, enrolments)

    def prepared(self, **over: Any) -> "Pair":
        """A prepared match of two people who have done everything that is asked of them."""
        pair = self.pair(**{"status": MatchStatus.PREPARED, "mentor_place": 1, **self.reviewed, **over})
        for side in Side:
            pair.prepare(side)
        return pair

    @property
    def reviewed(self) -> dict[str, Any]:
        """That both have seen how their expectations differ."""
        return {"mentor_reviewed_at": self.world.clock(), "mentee_reviewed_at": self.world.clock()}

    def active(self, **over: Any) -> "Pair":
        """A match that started 30 days ago."""
        started = self.today - timedelta(days=30)
        given = {"started_on": started, "ends_on": started + timedelta(days=120), "mentor_place": 1, **over}
        return self.pair(**{"status": MatchStatus.ACTIVE, **given})


@dataclass
class Pair:
    place: Place
    match: Match
    mentor: Person
    mentee: Person
    enrolments: dict[Side, Enrolment]

    @property
    def path(self) -> str:
        return f"/matches/{self.match.id}"

    def prepare(self, side: Side) -> None:
        """Write what the side must know and have done before the start."""
        enrolment = self.enrolments[side]
        held: dict[str, Any] = {
            "program_id": enrolment.program_id,
            "enrolment_id": enrolment.id,
            "participant_id": enrolment.participant_id,
            "partner_id": enrolment.partner_id,
            "side": side,
            "recorded_by_user_id": self.mentor.row.user_id,
        }
        world, today_ = self.place.world, self.place.today
        pack: InformationPack = world.add(
            InformationPack(
                program_id=enrolment.program_id,
                side=side,
                language="sv",
                number=world.number(),
                title="Att veta",
                body="Ärligt om nytta och gränser.",
            )
        )
        expected: dict[str, Any] = {"questionnaire_version": 1, "answers": EXPECTED, "answered_at": world.clock()}
        world.add(
            Acknowledgement(**held, pack_id=pack.id, acknowledged_at=world.clock()),
            TrainingRecord(**held, title="Grundkurs", minutes=180, completed_on=today_),
            ExpectationAnswer(**held, **expected),
        )
